package tidemark.upkeep.health;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.look.DatabaseStatus;
import tidemark.look.Status;
import tidemark.replica.Replica;
import tidemark.replica.SyncLog;
import tidemark.run.LocalDamage;
import tidemark.run.Plan;

/** What is examined on this machine's own disk; none of it waits for a share. */
final class LocalChecks {

  private static final int FEW_ROWS = 10_000;

  private final Subject subject;
  private final Path file;

  LocalChecks(Subject subject) {
    this.subject = subject;
    this.file = subject.plan().local();
  }

  List<Check> all(Sizes sizes) {
    return List.of(
        new Check("local file", Check.DAILY, this::whole),
        Check.daily("local journal", () -> List.of(journal())),
        Check.daily("local size", () -> List.of(size(sizes))),
        Check.hourly("local disk", () -> List.of(disk())),
        Check.hourly("rows", () -> List.of(rows())),
        Check.hourly("shape", () -> List.of(shape())),
        Check.hourly("last sync", () -> List.of(lastSync())),
        Check.daily("indexes", () -> List.of(indexes())),
        Check.daily("search indexes", this::searchIndexes),
        Check.daily("triggers", () -> List.of(triggers())));
  }

  private List<Finding> searchIndexes() {
    return isMissing()
        ? List.of(Finding.well("search indexes", "there are none"))
        : new SearchIndexes(file, subject.plan().scratch()).examine(Subject.BUSY);
  }

  /** Those of the application's of which nobody has decided whether they run. */
  private Finding triggers() {
    List<String> remarks = looking(Replica::triggerRemarks).orElse(List.of());
    return remarks.isEmpty()
        ? Finding.well("triggers", "none that somebody has to decide about")
        : Finding.note(
            "triggers",
            String.join("; ", remarks),
            "Name each in the config, under its table's runTriggers or sleepTriggers.");
  }

  private List<Finding> whole(boolean deep) {
    return isMissing()
        ? List.of(
            Finding.warning(
                "local file", file + " is not there, or empty", "The next sync makes it."))
        : new Wholeness("local file", LocalDamage.MENDING).of(file, file, deep);
  }

  private boolean isMissing() {
    try {
      return Files.size(file) == 0;
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE, file + " cannot be read: " + e, "Check the rights on its folder.", e);
    }
  }

  /** On a local disk the application may choose either. */
  private Finding journal() {
    if (isMissing()) {
      return Finding.well("local journal", "there is no file yet");
    }
    try (Sql sql = Sql.open(file, OpenMode.READ, Subject.BUSY)) {
      return Finding.well(
          "local journal",
          "journal mode " + sql.first("PRAGMA journal_mode", c -> c.string(1)).orElse("unknown"));
    }
  }

  private Finding size(Sizes sizes) {
    try {
      long size = isMissing() ? 0 : Files.size(file);
      LocalDate today = LocalDate.ofInstant(subject.now(), subject.clock().getZone());
      Finding finding = sizes.judge("local size", today, size, subject.limits());
      sizes.note(today, size);
      return finding;
    } catch (IOException e) {
      return Finding.bad("local size", file + " cannot be read: " + e, "Check the rights.");
    }
  }

  private Finding disk() {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new Failure(
            Failure.USAGE,
            "the folder of " + file + " is not there",
            "Correct databases." + subject.plan().name() + ".local in the config.");
      }
      return Space.judge("local disk", folder, subject.limits().freeSpace());
    } catch (IOException e) {
      return Finding.bad("local disk", "its free space cannot be told: " + e, "Check the disk.");
    }
  }

  private Finding rows() {
    DatabaseStatus status = new Status(subject.plan(), subject.ledger()).local();
    Set<String> refused = new TreeSet<>();
    status
        .tables()
        .forEach(
            (name, table) -> {
              if (table.refused() != null) {
                refused.add(name + " (" + table.refused() + ")");
              }
            });
    if (!refused.isEmpty()) {
      return Finding.bad(
          "rows", "not synced: " + String.join(", ", refused), "Do what stands in brackets.");
    }
    String waiting =
        status.pendingChanges()
            + " pending, "
            + status.held()
            + " held, "
            + status.openConflicts()
            + " in open conflicts";
    return status.held() + status.openConflicts() == 0
        ? Finding.well("rows", waiting)
        : Finding.warning("rows", waiting, "`tidemark status --pending` names them.");
  }

  /** Columns that are declared otherwise here than by who told the ledger of them. */
  private Finding shape() {
    List<String> differences = looking(LocalChecks::differences).orElse(List.of());
    return differences.isEmpty()
        ? Finding.well("shape", "columns are declared as at the others")
        : Finding.warning(
            "shape",
            String.join("; ", differences),
            "Have the same version of the application everywhere; values that would be changed are held.");
  }

  private static List<String> differences(Replica replica) {
    return replica.tables().values().stream()
        .flatMap(table -> replica.declared().differences(table.shape()).stream())
        .toList();
  }

  /** Empty where nothing was synced yet. */
  private <T> Optional<T> looking(Function<Replica, T> look) {
    Plan plan = subject.plan();
    Optional<Replica> opened =
        isMissing()
            ? Optional.empty()
            : Replica.look(file, Subject.BUSY, plan.rules(), plan.selection());
    try (Replica replica = opened.orElse(null)) {
      return replica == null ? Optional.empty() : Optional.of(look.apply(replica));
    }
  }

  private Finding lastSync() {
    Long last = isMissing() ? null : lastGoodRun();
    if (last == null) {
      return Finding.well("last sync", "never synced yet");
    }
    ZonedDateTime now = subject.now().atZone(subject.clock().getZone());
    ZonedDateTime then = Instant.ofEpochMilli(last).atZone(now.getZone());
    Duration worked = subject.limits().workingHours().between(then, now);
    String what = "last synced " + ChangeTime.spaced(last).substring(0, 16) + " UTC";
    Duration limit = subject.limits().syncAge();
    boolean often = subject.every().map(every -> every.compareTo(limit) < 0).orElse(false);
    return !often || worked.compareTo(limit) < 0
        ? Finding.well("last sync", what)
        : Finding.warning(
                "last sync",
                what + ", " + worked.toHours() + " working hours ago",
                "`tidemark sync` tells why; `tidemark status`, whether the daemon runs.")
            .passing();
  }

  private @Nullable Long lastGoodRun() {
    return Stream.of("success", "partial")
        .flatMap(status -> SyncLog.read(file, Subject.BUSY, 1, null, status).stream())
        .map(row -> ChangeTime.read(row.run().timestamp()))
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  private Finding indexes() {
    if (isMissing()) {
      return Finding.well("indexes", "there are no tables yet");
    }
    List<String> lacking = new ArrayList<>();
    try (Sql sql = Sql.open(file, OpenMode.READ, Subject.BUSY)) {
      for (String table : sql.query(WITHOUT_INDEX, c -> c.string(1))) {
        if (sql.number(
                "SELECT count(*) FROM (SELECT 1 FROM " + Sql.name(table) + " LIMIT ?)", FEW_ROWS)
            == FEW_ROWS) {
          lacking.add(table);
        }
      }
    }
    return lacking.isEmpty()
        ? Finding.well("indexes", "no large table lacks an index on updated_at")
        : Finding.note(
            "indexes",
            "no index on updated_at: " + String.join(", ", lacking),
            "Tidemark needs none; where the application sorts by it, one helps: see `maintenance.indexes` in the config.");
  }

  private static final String WITHOUT_INDEX =
      """
      SELECT m.name FROM sqlite_master m
      WHERE m.type = 'table' AND m.name NOT LIKE 'sync\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = 'updated_at' COLLATE NOCASE)
        AND NOT EXISTS (
          SELECT 1 FROM pragma_index_list(m.name) i, pragma_index_info(i.name) c
          WHERE c.seqno = 0 AND c.name = 'updated_at' COLLATE NOCASE)
      ORDER BY m.name
      """;
}
