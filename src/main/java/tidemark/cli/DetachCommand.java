package tidemark.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.app.Database;
import tidemark.change.Failure;
import tidemark.say.Words;

/** `detach`: a database leaves, and keeps its data. */
@Command(
    name = "detach",
    description = {
      "Removes Tidemark's triggers and tables from a local database.",
      "The application's data stays. Edits not synced yet stay too, but nobody gets them."
    })
final class DetachCommand extends SettingsCommand {
  private static final int NAMED = 5;

  @Option(
      names = "--db",
      paramLabel = "NAME",
      required = true,
      description = "The database; there is no default.")
  private String name = "";

  @Option(
      names = "--columns",
      description =
          "Takes away the columns updated_at, updated_by and synced_at, too, where Tidemark added them.")
  private boolean columns;

  @Option(names = "--yes", description = "Does not ask.")
  private boolean yes;

  DetachCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    Database database = workstation().databases(List.of(name)).get(0);
    Person person = yes ? null : start.person().get().orElse(null);
    long unsent = database.unsent();
    if (unsent > 0) {
      out()
          .println(
              Words.count(unsent, "row")
                  + (unsent == 1 ? " was" : " were")
                  + " edited and not sent: nobody else gets that. `tidemark sync` sends it.");
      if (person != null && !isYes(person.ask("Leave all the same? [y/N] "))) {
        throw new Failure(Failure.USAGE, "nothing was changed", "`tidemark sync` comes first.");
      }
    }
    Map<String, List<String>> added = database.addedColumns();
    boolean with =
        columns
            || (person != null
                && !added.isEmpty()
                && isYes(
                    person.ask("Take away what Tidemark added, too: " + told(added) + "? [y/N] ")));
    List<String> left = database.detach(with);
    out().println(name + ": Tidemark is out of " + database.local() + "; the data is untouched.");
    if (with) {
      tell(added, left);
    } else {
      out().println("  The columns updated_at, updated_by and synced_at stay.");
    }
    out().println("  Take it out of the config too, or the next sync joins it again.");
    return left.isEmpty() ? 0 : Failure.INCOMPLETE;
  }

  private void tell(Map<String, List<String>> added, List<String> left) {
    if (added.isEmpty()) {
      out().println("  Of no column it is known that Tidemark added it: all stay.");
    } else if (left.isEmpty()) {
      out().println("  What Tidemark had added is gone: " + told(added) + ".");
    } else {
      out()
          .println(
              "  Of what Tidemark had added, "
                  + told(added)
                  + ", these stay, as something of the application's needs them:");
      left.forEach(why -> out().println("    " + why));
    }
  }

  /** The columns of most tables are the same. */
  private static String told(Map<String, List<String>> added) {
    int count = added.values().stream().mapToInt(List::size).sum();
    return Words.count(count, "column")
        + " of "
        + (added.size() > NAMED
            ? Words.count(added.size(), "table")
            : String.join(", ", added.keySet()));
  }

  private static boolean isYes(@Nullable String answer) {
    return answer != null && answer.strip().equalsIgnoreCase("y");
  }
}
