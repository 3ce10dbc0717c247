package tidemark.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tidemark.app.Database;
import tidemark.change.Failure;
import tidemark.look.Fleet;
import tidemark.say.FleetMember;
import tidemark.say.InDatabase;

/** `forget`: a workstation that is gone is no longer of the fleet. */
@Command(
    name = "forget",
    description = {
      "Takes a workstation that is gone out of the fleet.",
      "Nothing that it synced is touched; should it sync again, it is back."
    })
final class ForgetCommand extends DataCommand {
  @Parameters(
      paramLabel = "WORKSTATION",
      description = "Its name, or its id where several have that name.")
  private String name = "";

  ForgetCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    List<InDatabase<FleetMember>> gone = new ArrayList<>();
    List<Database> databases = databases(workstation());
    for (Database database : databases) {
      List<FleetMember> meant =
          database.fleet().stream().filter(member -> isMeant(member.told())).toList();
      requireOne(database, meant);
      meant.forEach(member -> gone.add(new InDatabase<>(database.name(), member)));
    }
    if (gone.isEmpty()) {
      throw new Failure(
          Failure.USAGE, "There is no workstation " + name, "`tidemark fleet` lists them all.");
    }
    for (Database database : databases) {
      gone.stream()
          .filter(member -> member.database().equals(database.name()))
          .forEach(member -> database.forget(member.what().told()));
    }
    if (json()) {
      out().println(FleetMember.text(gone));
    } else {
      for (InDatabase<FleetMember> member : gone) {
        Fleet.Member told = member.what().told();
        out()
            .println(
                member.database()
                    + ": "
                    + told.workstation()
                    + " of "
                    + told.user()
                    + " is forgotten.");
      }
    }
    return 0;
  }

  private boolean isMeant(Fleet.Member one) {
    return one.workstation().equalsIgnoreCase(name) || one.id().equals(name);
  }

  private void requireOne(Database database, List<FleetMember> meant) {
    if (meant.size() > 1) {
      List<String> which =
          meant.stream().map(m -> m.told().id() + " of " + m.told().user()).toList();
      throw new Failure(
          Failure.USAGE,
          database.name() + ": " + meant.size() + " workstations are called " + name,
          "Name one by its id: " + String.join(", ", which) + ".");
    }
    if (meant.stream().anyMatch(member -> member.told().self())) {
      throw new Failure(
          Failure.USAGE,
          name + " is this workstation",
          "Forget it from another one; to end here, stop the daemon and `tidemark detach`.");
    }
  }
}
