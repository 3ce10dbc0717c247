package tidemark.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tidemark.app.Database;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.change.JsonObject;
import tidemark.change.Place;
import tidemark.config.Following;
import tidemark.sync.Migration;

/** `migrate`: a ledger goes to another place. */
@Command(
    name = "migrate",
    description = {
      "Carries a database's ledger to another, empty place, while people work.",
      "Workstations at the old one are told where it went. What was cut off goes on when it is",
      "run again."
    })
final class MigrateCommand extends SettingsCommand {
  @Option(
      names = "--db",
      paramLabel = "NAME",
      description = "The database; needed where the config has several.")
  private String name = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "PLACE",
      description = "The path of the new master, or https://HOST/NAME, what a server lends.")
  private String to = "";

  @Option(
      names = "--key-file",
      paramLabel = "F",
      description = "A file with the key that opens the server; else the config's.")
  private @Nullable Path keyFile;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description = "The server's certificate, or who signed it; else the config's.")
  private @Nullable Path trust;

  @Option(names = "--json", description = "Tells it as JSON.")
  private boolean json;

  MigrateCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    Workstation workstation = workstation();
    Database database = theOne(workstation, name);
    Place place = place(workstation.settings().database(database.name()).following());
    Migration.Moved moved;
    try (Progress progress = new Progress(" entries")) {
      moved = workstation.migrate(database, place, progress.of(database.name()));
    }
    if (json) {
      out().println(json(database, place, moved));
    } else {
      print(database, place, moved);
    }
    return moved.masterTrouble() == null ? 0 : Failure.INCOMPLETE;
  }

  private Place place(Following said) {
    Following with =
        new Following(
            said.when(),
            keyFile == null ? said.key() : Following.key(keyFile),
            Optional.ofNullable(trust).or(said::trust));
    Place place = with.place(to.strip());
    if (place instanceof Place.Server server && server.key().isEmpty()) {
      throw new Failure(
          Failure.USAGE,
          server + " opens to nobody without a key",
          "Say which with --key-file; `tidemark key create --user NAME --may write` at the server makes one.");
    }
    return place instanceof Place.Folder folder
        ? new Place.Folder(folder.master().toAbsolutePath().normalize())
        : place;
  }

  private void print(Database database, Place place, Migration.Moved moved) {
    out()
        .println(
            database.name()
                + ": the ledger "
                + (moved.again() ? "had been moved to " : "is now at ")
                + place
                + "; "
                + moved.entries()
                + (moved.entries() == 1 ? " entry was" : " entries were")
                + " carried.");
    out().println("  In the config of each workstation, under databases:, set");
    out().println("    master: " + place);
    if (place instanceof Place.Server) {
      out().println("    key: a key for its user, which `tidemark key create` makes at the server");
    }
    out()
        .println(
            "  Those that say `follow: auto` go on there by themselves; the others wait, and say so.");
    out().println("  " + database.place() + " stays as it is, as a sign for those who come late.");
    if (moved.masterTrouble() != null) {
      out().println("  The master there is not made yet: " + moved.masterTrouble());
    }
  }

  private static String json(Database database, Place place, Migration.Moved moved) {
    return new JsonObject()
        .put("success", moved.masterTrouble() == null)
        .put("database", database.name())
        .put("from", database.place().toString())
        .put("to", place.toString())
        .put("entries", moved.entries())
        .put("again", moved.again())
        .put("masterTrouble", moved.masterTrouble())
        .text();
  }
}
