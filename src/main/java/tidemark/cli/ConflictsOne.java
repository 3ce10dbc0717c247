package tidemark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tidemark.change.Conflict.Version;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.past.Resolution.Side;
import tidemark.say.ConflictJson;

/** The commands about one conflict. */
abstract class ConflictsOne extends ConflictsCommand {
  @Parameters(paramLabel = "ID", description = "The conflict, or how its id begins.")
  private String id = "";

  ConflictsOne(Start start) {
    super(start);
  }

  abstract String perform(FoundConflict found);

  @Override
  final int run() {
    FoundConflict found = find(id);
    String done = perform(found);
    if (json()) {
      out().println(ConflictJson.of(found.again().named()).text());
    } else if (done.isEmpty()) {
      new ConflictText(out(), start.clock()).show(found);
    } else {
      out().println(found.database().name() + ": " + done + " The next sync carries it to all.");
    }
    return 0;
  }

  private static Row row(String file) {
    try {
      return Json.row(Files.readString(Path.of(file)));
    } catch (IOException | InvalidPathException e) {
      throw new Failure(
          Failure.USAGE,
          "The file " + file + " cannot be read",
          "Name a file that holds the row as a JSON object, as `conflicts show --json` prints it.",
          e);
    } catch (Failure e) {
      throw new Failure(
          Failure.USAGE,
          "The file " + file + " holds no row: " + e.whatFailed(),
          "It takes one JSON object of columns and values.",
          e);
    }
  }

  private static String named(FoundConflict found) {
    var conflict = found.kept().conflict();
    return conflict.table() + " " + conflict.rowKey();
  }

  /** `conflicts show ID`. */
  @Command(name = "show", description = "Shows both versions, column by column.")
  static final class Show extends ConflictsOne {
    Show(Start start) {
      super(start);
    }

    @Override
    String perform(FoundConflict found) {
      return "";
    }
  }

  /** `conflicts resolve ID`. */
  @Command(name = "resolve", description = "Chooses where two versions wait.")
  static final class Resolve extends ConflictsOne {
    @Option(
        names = "--keep",
        required = true,
        paramLabel = "local|remote|FILE",
        description = "The version that shall stand, or a file with a row as JSON.")
    private String keep = "";

    Resolve(Start start) {
      super(start);
    }

    @Override
    String perform(FoundConflict found) {
      for (Side side : Side.values()) {
        if (side.word().equalsIgnoreCase(keep)) {
          found.database().conflicts().resolve(found.id(), side);
          return named(found) + ": the " + side.word() + " version stands.";
        }
      }
      found.database().conflicts().resolve(found.id(), row(keep), List.of());
      return named(found) + ": the version of " + keep + " stands.";
    }
  }

  /** `conflicts restore ID`. */
  @Command(name = "restore", description = "Brings the loser back, as a new edit.")
  static final class Restore extends ConflictsOne {
    @Option(
        names = "--keep",
        paramLabel = "FILE",
        description = "Values that are to replace some of the loser's, as JSON.")
    private @Nullable String keep;

    @Option(
        names = "--which",
        paramLabel = "local|remote|given",
        description =
            "Which version comes back, where a row of one's own was given or the one that won is not there; else it is the loser.")
    private @Nullable Version which;

    Restore(Start start) {
      super(start);
    }

    @Override
    String perform(FoundConflict found) {
      found.database().conflicts().restore(found.id(), which, keep == null ? null : row(keep));
      return named(found)
          + (which == null
              ? ": the version that had lost is back."
              : ": the " + which.word() + " version is back.");
    }
  }
}
