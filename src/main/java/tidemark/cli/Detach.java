package tidemark.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.daemon.Database;

/** `detach`: a database leaves, and keeps its data. */
@Command(
    name = "detach",
    description = {
      "Removes Tidemark's triggers and tables from a local database.",
      "The application's data stays. Edits not synced yet stay too, but nobody gets them."
    })
final class Detach extends SettingsCommand {
  @Option(
      names = "--db",
      paramLabel = "NAME",
      required = true,
      description = "The database; there is no default.")
  private String name = "";

  Detach(Start start) {
    super(start);
  }

  @Override
  int run() {
    Database database = daemon().databases(List.of(name)).get(0);
    long unsent = database.unsent();
    database.detach();
    out().println(name + ": Tidemark is out of " + database.local() + "; the data is untouched.");
    if (unsent > 0) {
      out()
          .println(
              "  "
                  + unsent
                  + (unsent == 1 ? " row was" : " rows were")
                  + " edited and not sent: nobody else gets that.");
    }
    out().println("  Its columns updated_at, updated_by and synced_at stay.");
    out().println("  Take it out of the config too, or the next sync joins it again.");
    return 0;
  }
}
