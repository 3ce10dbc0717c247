package tidemark.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tidemark.app.Database;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.change.JsonObject;
import tidemark.say.Words;
import tidemark.sync.DatabaseSync.Outcome;
import tidemark.upkeep.archive.ArchiveOrder;
import tidemark.upkeep.archive.ArchiveReturn;
import tidemark.upkeep.archive.Archiving;
import tidemark.upkeep.archive.NotArchived;

/** `archive`: old rows move out, and back. */
@Command(
    name = "archive",
    description = {
      "Moves old rows, and the rows that hang on them, out of a table into an archive: a SQLite",
      "database, or SQL where the file ends with .sql. --restore brings them back."
    })
final class ArchiveCommand extends DataCommand {
  private static final int NAMED = 20;

  @Option(names = "--table", paramLabel = "T", description = "The table.")
  private @Nullable String table;

  @Option(
      names = "--older-than",
      paramLabel = "TIME",
      description = "Rows older than this go: 2y, or 2023-01-01.")
  private @Nullable Instant olderThan;

  @Option(names = "--to", paramLabel = "FILE", description = "The archive; rows are added to it.")
  private @Nullable Path to;

  @Option(
      names = "--date-column",
      paramLabel = "C",
      description = "Where a row's age stands; default: created_at, or else updated_at.")
  private @Nullable String dateColumn;

  @Option(names = "--dry-run", description = "Only says what would go.")
  private boolean dryRun;

  @Option(
      names = "--restore",
      paramLabel = "FILE",
      description = "Brings back what is in this archive, or only --table and --key.")
  private @Nullable Path from;

  @Option(
      names = "--key",
      paramLabel = "K",
      description = "Only the row of this key: Q1, or '[\"Q1\",3]' where it has several columns.")
  private @Nullable String key;

  ArchiveCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    Path archive = from;
    return archive == null ? moveOut() : moveBack(archive);
  }

  private int moveOut() {
    String name = table;
    Instant before = olderThan;
    Path file = to;
    if (name == null || before == null || (file == null && !dryRun)) {
      throw new ParameterException(
          spec().commandLine(), "say --table T --older-than 2y --to FILE, or --restore FILE");
    }
    Workstation workstation = workstation();
    Database database = having(workstation, name);
    ArchiveOrder order =
        new ArchiveOrder(
            name,
            before.toEpochMilli(),
            file == null ? Path.of("") : file.toAbsolutePath(),
            dateColumn,
            workstation.settings().sync().conflicts());
    Archiving.Result result =
        dryRun ? database.archives().wouldMove(order) : database.archives().move(order);
    return tell(
        database,
        (dryRun ? "would go: " : "archived to " + file + ": ") + counted(result.rows()),
        result.rows(),
        result.left(),
        result.undated(),
        result.sync());
  }

  private int moveBack(Path archive) {
    Workstation workstation = workstation();
    List<Database> all = databases(workstation);
    String name = all.get(0).archives().databaseOf(archive.toAbsolutePath());
    Database database =
        all.stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new Failure(
                        Failure.USAGE,
                        archive + " holds rows of the database " + name,
                        "the config, or --db, has no database of that name"));
    ArchiveReturn.Result result =
        database
            .archives()
            .bringBack(
                new ArchiveReturn.Order(
                    archive.toAbsolutePath(),
                    table,
                    key,
                    workstation.settings().sync().conflicts()));
    String there =
        result.there() == 0 ? "" : "; there already: " + Words.count(result.there(), "row");
    return tell(
        database,
        "brought back from " + archive + ": " + counted(result.rows()) + there,
        result.rows(),
        result.left(),
        0,
        result.sync());
  }

  /** The one that has this table, if nobody said which. */
  private Database having(Workstation workstation, String name) {
    List<Database> having =
        databases(workstation).stream()
            .filter(one -> one.tables().stream().anyMatch(name::equalsIgnoreCase))
            .toList();
    if (having.size() > 1) {
      throw new ParameterException(
          spec().commandLine(),
          "several databases have such a table; say which with --db: "
              + having.stream().map(Database::name).collect(Collectors.joining(", ")));
    }
    if (having.isEmpty()) {
      throw new Failure(
          Failure.USAGE,
          "there is no table " + name + " that is synced here",
          "accepted: "
              + databases(workstation).stream()
                  .flatMap(one -> one.tables().stream())
                  .distinct()
                  .collect(Collectors.joining(", ")));
    }
    return having.get(0);
  }

  private static String counted(Map<String, Integer> rows) {
    return rows.isEmpty() ? "nothing" : Words.perTable(rows);
  }

  private int tell(
      Database database,
      String what,
      Map<String, Integer> rows,
      List<NotArchived> left,
      int undated,
      @Nullable Outcome sync) {
    Failure failed = sync == null ? null : sync.failure();
    int exit = failed != null ? failed.exitCode() : left.isEmpty() ? 0 : Failure.INCOMPLETE;
    if (json()) {
      out().println(json(database, rows, left, undated, exit));
    } else {
      out().println(database.name() + ": " + what);
      left.stream()
          .limit(NAMED)
          .forEach(one -> out().println("  left: " + one.row() + ", " + one.why()));
      if (left.size() > NAMED) {
        out()
            .println(
                "  left: "
                    + Words.count(left.size() - NAMED, "row")
                    + " more; --json names them all");
      }
      if (undated > 0) {
        out().println("  " + Words.count(undated, "row") + " without a date that can be read");
      }
    }
    if (failed != null) {
      Failure told = withContact(failed);
      ErrorLines.tell(
          err(), "the rows are moved here, and not synced yet: " + told.whatFailed(), told.hint());
    }
    return exit;
  }

  private static String json(
      Database database, Map<String, Integer> rows, List<NotArchived> left, int undated, int exit) {
    return new JsonObject()
        .put("success", exit == 0)
        .put("database", database.name())
        .put("rows", rows)
        .put("undated", undated)
        .put("left", left.stream().map(ArchiveCommand::json).toList())
        .text();
  }

  private static JsonObject json(NotArchived left) {
    return new JsonObject()
        .put("table", left.row().table())
        .put("key", left.row().key())
        .put("why", left.why());
  }
}
