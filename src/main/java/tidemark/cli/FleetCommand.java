package tidemark.cli;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import tidemark.app.Database;
import tidemark.look.Fleet;
import tidemark.say.FleetMember;
import tidemark.say.InDatabase;
import tidemark.say.Moment;
import tidemark.say.TextTable;

/** `fleet`: everybody who syncs. */
@Command(name = "fleet", description = "Tells of every workstation what it last told of itself.")
final class FleetCommand extends DataCommand {
  FleetCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    List<InDatabase<FleetMember>> all = new ArrayList<>();
    for (Database database : databases(workstation())) {
      database.fleet().forEach(one -> all.add(new InDatabase<>(database.name(), one)));
    }
    if (json()) {
      out().println(FleetMember.text(all));
    } else if (all.isEmpty()) {
      out().println("Nobody has synced yet.");
    } else {
      print(all);
    }
    return 0;
  }

  private void print(List<InDatabase<FleetMember>> all) {
    ZoneId zone = start.clock().getZone();
    TextTable table =
        new TextTable(
            "workstation", "user", "database", "version", "last sync", "entry", "behind", "clock");
    for (InDatabase<FleetMember> member : all) {
      Fleet.Member told = member.what().told();
      table.row(
          told.workstation() + (told.self() ? " (this one)" : ""),
          told.user(),
          member.database(),
          told.version() == null ? "?" : told.version(),
          Moment.shown(told.lastSync(), zone),
          told.position(),
          told.behind(),
          told.skewMs() + " ms");
      if (!member.what().problems().isEmpty()) {
        table.note(String.join("; ", member.what().problems()));
      }
    }
    table.print(out(), "");
  }
}
