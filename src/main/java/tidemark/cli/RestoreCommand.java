package tidemark.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import tidemark.app.Database;
import tidemark.app.NamedTables;
import tidemark.app.Workstation;
import tidemark.change.Failure;
import tidemark.master.Fold;
import tidemark.past.Point;
import tidemark.past.RestoreReport;
import tidemark.past.RestoreWish;
import tidemark.run.Request;
import tidemark.say.RestoreJson;
import tidemark.say.RunResult;
import tidemark.sync.DatabaseSync.Outcome;

/** `restore`: what was comes back. */
@Command(
    name = "restore",
    description = {
      "Brings back what was. Without --to: makes a damaged or missing master whole again.",
      "With --to: tells what was then and what going back would change; with --rollback does it,",
      "as new changes that everybody receives."
    })
final class RestoreCommand extends DataCommand {
  @Option(names = "--list", description = "What one can go back to, and what was done when.")
  private boolean list;

  @Option(
      names = "--to",
      paramLabel = "TIME|ENTRY|BACKUP",
      description =
          "The moment to go back to: after this entry, at this time, or as in this backup.")
  private @Nullable String to;

  @Option(
      names = "--until",
      paramLabel = "TIME|ENTRY",
      description = "Takes back only what was changed up to there; what was done later stays.")
  private @Nullable String until;

  @Option(
      names = "--by",
      paramLabel = "USER",
      description = "Takes back only what this person changed.")
  private @Nullable String by;

  @Option(
      names = "--workstation",
      paramLabel = "W",
      description = "Takes back only what was changed at this workstation.")
  private @Nullable String workstation;

  @Option(names = "--table", paramLabel = "T", description = "Only this table.")
  private @Nullable String table;

  @Option(
      names = "--key",
      paramLabel = "K",
      description = "Only the row of this key: Q1, or '[\"Q1\",3]' where it has several columns.")
  private @Nullable String key;

  @Option(
      names = "--with-children",
      description = "Rows that refer to one that goes, go along; else that one stays.")
  private boolean withChildren;

  @Option(names = "--dry-run", description = "Only tells what would change.")
  private boolean dryRun;

  @Option(names = "--rollback", description = "Does it.")
  private boolean rollback;

  @Option(names = "--yes", description = "Does not ask, even where work of several people goes.")
  private boolean yes;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "With --list: what was done since then; the last week if nothing is said.")
  private @Nullable Instant since;

  RestoreCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    if (list) {
      return list();
    }
    if (to == null) {
      requireNoneOf("--to", rollback || dryRun || table != null || key != null || until != null);
      return masters();
    }
    if (key != null && table == null) {
      throw new ParameterException(spec().commandLine(), "--key needs --table");
    }
    if (rollback && dryRun) {
      throw new ParameterException(spec().commandLine(), "either --dry-run or --rollback");
    }
    return rows(point(to), until == null ? null : point(until));
  }

  private void requireNoneOf(String missing, boolean given) {
    if (given) {
      throw new ParameterException(spec().commandLine(), missing + " says which moment is meant");
    }
  }

  private Point point(String text) {
    if (text.matches("\\d{1,18}")) {
      return Point.entry(Long.parseLong(text));
    }
    try {
      return Point.time(text, new Moments(start.clock()).convert(text).toEpochMilli());
    } catch (TypeConversionException e) {
      return Point.backup(text);
    }
  }

  // ---- rows

  private int rows(Point moment, @Nullable Point end) {
    Workstation here = workstation();
    Map<Database, Set<String>> meant =
        new NamedTables(table == null ? Set.of() : Set.of(table)).in(databases(here));
    boolean numbered =
        moment.kind() != Point.Kind.TIME || (end != null && end.kind() != Point.Kind.TIME);
    if (meant.size() > 1 && numbered) {
      throw new ParameterException(
          spec().commandLine(),
          "entries and backups are those of one database; say which with --db: "
              + String.join(", ", meant.keySet().stream().map(Database::name).toList()));
    }
    Map<String, RestoreReport> reports = new LinkedHashMap<>();
    for (Map.Entry<Database, Set<String>> one : meant.entrySet()) {
      @Nullable String spelt = one.getValue().stream().findFirst().orElse(null);
      Database database = one.getKey();
      if (moment.kind() == Point.Kind.BACKUP && database.restore().everythingIsLost()) {
        return beginAnew(here, database, moment.text());
      }
      RestoreWish wish = new RestoreWish(moment, end, spelt, key, by, workstation, withChildren);
      if (!rollback || !confirmed(database, wish)) {
        reports.put(database.name(), database.restore().look(wish));
      } else {
        reports.put(
            database.name(),
            database.restore().rollBack(wish, Request.byHand(here.settings().sync().conflicts())));
      }
    }
    return tell(reports);
  }

  /** A person is asked where this takes back what several people did. */
  private boolean confirmed(Database database, RestoreWish wish) {
    Person person = yes || json() ? null : start.person().get().orElse(null);
    if (person == null) {
      return true;
    }
    RestoreReport report = database.restore().look(wish);
    if (report.result().people().size() < 2) {
      return true;
    }
    new RestoreText(out(), start.clock().getZone()).print(database.name(), report, true);
    String answer = person.ask("This takes back what several people did. Go on? [y/N] ");
    if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
      throw new Failure(
          Failure.USAGE,
          "nothing was changed",
          "--until, --by or --workstation take back only a part; --yes does not ask");
    }
    return true;
  }

  private int tell(Map<String, RestoreReport> reports) {
    if (json()) {
      out().println(RestoreJson.text(reports, !rollback));
    } else {
      RestoreText text = new RestoreText(out(), start.clock().getZone());
      reports.forEach((name, report) -> text.print(name, report, !rollback));
    }
    int worst = 0;
    for (RestoreReport report : reports.values()) {
      Outcome run = report.run();
      if (run != null && run.failure() != null) {
        Failure failure = withContact(run.failure());
        ErrorLines.tell(err(), failure.whatFailed(), failure.hint());
      }
      worst = Math.max(worst, RestoreJson.exitCode(report, !rollback));
    }
    return worst;
  }

  // ---- the master, and everything

  private int masters() {
    List<String> lines = new ArrayList<>();
    for (Database database : databases(workstation())) {
      Fold.Made done = database.restore().master();
      String name = database.name() + ": ";
      if (done.wasWhole()) {
        lines.add(name + "the master is whole; nothing was done");
      } else {
        lines.add(name + "the master was made anew from the ledger: " + database.place());
        done.aside().ifPresent(aside -> lines.add("  the damaged one is now " + aside));
      }
    }
    lines.forEach(out()::println);
    return 0;
  }

  private int beginAnew(Workstation here, Database database, String backup) {
    if (!rollback) {
      out().println(database.name() + ": neither the master nor its ledger is on the share.");
      out()
          .println(
              "  --rollback puts the backup in the master's place and begins a new ledger with it;");
      out()
          .println(
              "  what workstations have and the backup has not, they bring with their next sync.");
      out().println("  First make sure that the share is mounted: " + database.place());
      return 0;
    }
    Outcome run =
        database.restore().beginWith(backup, Request.byHand(here.settings().sync().conflicts()));
    out().println(database.name() + ": the share begins anew with the backup " + backup);
    new SyncText(out(), "  ").print(database.name(), RunResult.of(run));
    if (run.failure() != null) {
      throw run.failure();
    }
    out().println("  The other workstations go over to it by themselves.");
    return run.exitCode();
  }

  // ---- the list

  private int list() {
    long from =
        (since == null ? start.clock().instant().minus(java.time.Duration.ofDays(7)) : since)
            .toEpochMilli();
    RestoreList text = new RestoreList(out(), start.clock().getZone());
    List<Database> databases = databases(workstation());
    if (json()) {
      out().println(text.json(databases, from));
    } else {
      databases.forEach(database -> text.print(database, from));
    }
    return 0;
  }
}
