package tidemark.upkeep.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.ConflictRule;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.jdbc.Sql;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;
import tidemark.replica.HandEdit;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;
import tidemark.sync.DatabaseSync;
import tidemark.sync.Plan;
import tidemark.sync.Request;
import tidemark.upkeep.archive.Relatives.Family;

/**
 * Moves old rows, and all that hangs on them, out of a table into an archive.
 *
 * <p>Guarantee: a row is deleted only once it stands in the archive, flushed and read back, and
 * only if it still is what stands there; cut off at any moment, rows are in both at worst, and the
 * next time finishes it. The deletes are ordinary edits, which the sync at the end carries. Commit
 * points: the archive's own, then one short local transaction for some rows at a time. Threading:
 * one thread, which has the workstation's lock; the fold lease keeps others from the archive.
 */
public final class Archiving {
  private static final Duration LOCAL_BUSY = Duration.ofSeconds(10);
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final int AT_ONCE = 100;
  private static final List<String> DATES = List.of("created_at", "updated_at");

  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;

  public Archiving(Plan plan, Ledger ledger, Clock clock) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * What is to be moved where.
   *
   * @param before older rows go, in milliseconds
   * @param dateColumn null: created_at, or else updated_at
   * @param conflicts the rule of the runs before and after
   */
  public record Order(
      String table, long before, Path to, @Nullable String dateColumn, ConflictRule conflicts) {}

  /**
   * What was moved, or would be.
   *
   * @param rows how many of each table
   * @param undated rows of the table whose date means nothing
   * @param sync the run that carried the deletes; null where there were none
   */
  public record Result(
      Map<String, Integer> rows,
      List<Left> left,
      int undated,
      DatabaseSync.@Nullable Outcome sync) {}

  /** What would be moved as things stand here, without touching anything. */
  public Result wouldMove(Order order) {
    try (Replica replica =
        Replica.look(plan.local(), LOCAL_BUSY, plan.rules(), plan.selection())
            .orElseThrow(() -> unknown(order.table()))) {
      return replica
          .sql()
          .inReadTransaction(
              () -> {
                Old old = old(replica, order);
                Tally tally = new Tally();
                Relatives relatives = new Relatives(replica);
                Set<RowId> counted = new HashSet<>();
                for (List<RowKey> some : parts(old.keys)) {
                  for (Family family : relatives.of(old.table, some)) {
                    if (tally.isFree(family)) {
                      family.rows().keySet().stream().filter(counted::add).forEach(tally::count);
                    }
                  }
                }
                return new Result(tally.rows, tally.left, old.undated, null);
              });
    }
  }

  /** Syncs, moves, and syncs. */
  public Result move(Order order) {
    sync(order);
    Tally tally = new Tally();
    int undated;
    try (Replica replica = Replica.open(plan.local(), LOCAL_BUSY, plan.rules(), plan.selection())) {
      Old old = old(replica, order);
      undated = old.undated;
      if (!old.keys.isEmpty()) {
        move(replica, old, order, tally);
      }
    }
    boolean moved = !tally.rows.isEmpty();
    return new Result(tally.rows, tally.left, undated, moved ? run(order) : null);
  }

  private DatabaseSync.Outcome run(Order order) {
    return new DatabaseSync(plan, ledger, clock, settled -> {})
        .run(Request.byHand(order.conflicts()));
  }

  /** What others did to the rows is to be known first. */
  private void sync(Order order) {
    Failure failure = run(order).failure();
    if (failure != null) {
      throw failure;
    }
  }

  // ---- what is old

  private record Old(SyncedTable table, String dateColumn, List<RowKey> keys, int undated) {}

  private Old old(Replica replica, Order order) {
    SyncedTable table =
        replica.tables().values().stream()
            .filter(t -> t.name().equalsIgnoreCase(order.table()))
            .findFirst()
            .orElseThrow(() -> unknown(order.table()));
    String column = dateColumn(table, order);
    List<String> key = table.shape().key();
    String keys = key.stream().map(Sql::name).collect(Collectors.joining(","));
    String whole =
        key.stream().map(k -> Sql.name(k) + " IS NOT NULL").collect(Collectors.joining(" AND "));
    List<RowKey> found = new ArrayList<>();
    int[] undated = {0};
    replica
        .sql()
        .each(
            "SELECT "
                + keys
                + ","
                + Sql.name(column)
                + " FROM "
                + Sql.name(table.name())
                + " WHERE "
                + whole,
            c -> {
              Long at = ChangeTime.read(c.value(key.size() + 1));
              if (at == null) {
                undated[0]++;
              } else if (at < order.before()) {
                found.add(RowKey.of(c.values(1, key.size())));
              }
            });
    return new Old(table, column, found, undated[0]);
  }

  private Failure unknown(String table) {
    return new Failure(
        Failure.USAGE,
        "there is no table " + table + " that is synced in " + plan.local(),
        "see `tidemark status` for the tables that are");
  }

  private static String dateColumn(SyncedTable table, Order order) {
    List<String> accepted = order.dateColumn() == null ? DATES : List.of(order.dateColumn());
    for (String wanted : accepted) {
      for (String column : table.columns().names()) {
        if (column.equalsIgnoreCase(wanted)) {
          return column;
        }
      }
    }
    throw new Failure(
        Failure.USAGE,
        table.name() + " has no column " + String.join(" or ", accepted) + " to tell what is old",
        "name one with --date-column: " + String.join(", ", table.columns().names()));
  }

  // ---- moving

  private static final class Tally {
    private final Map<String, Integer> rows = new TreeMap<>();
    private final List<Left> left = new ArrayList<>();
    private final Set<RowId> gone = new HashSet<>();

    boolean isFree(Family family) {
      Left obstacle = family.obstacle();
      if (obstacle != null && !left.contains(obstacle)) {
        left.add(obstacle);
      }
      return obstacle == null;
    }

    void count(RowId row) {
      rows.merge(row.table(), 1, Integer::sum);
    }
  }

  private void move(Replica replica, Old old, Order order, Tally tally) {
    List<Path> temporary = new ArrayList<>();
    try (Lease.Held lease = ledger.foldLease().acquire(WAIT).orElseThrow(this::busy)) {
      lease.beating();
      Path readBack = order.to();
      List<RowKey> copied;
      if (ArchiveDump.isOne(order.to())) {
        Path work = temporary(temporary);
        readBack = temporary(temporary);
        ArchiveDump dump = new ArchiveDump(order.to());
        if (dump.exists()) {
          dump.load(work);
        }
        copied = copy(replica, old, order, work, tally);
        try (ArchiveFile archive = ArchiveFile.read(work)) {
          dump.write(archive);
        }
        dump.load(readBack);
      } else {
        copied = copy(replica, old, order, order.to(), tally);
      }
      if (!lease.stillMine()) {
        throw busy();
      }
      delete(replica, old, copied, readBack, tally);
    } finally {
      temporary.forEach(Archiving::discard);
    }
  }

  private Failure busy() {
    return new Failure(
        Failure.BUSY,
        "another workstation is at work on the master or an archive",
        "try again in a minute");
  }

  private Path temporary(List<Path> all) {
    try {
      Files.createDirectories(plan.scratch());
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          plan.scratch() + " cannot be made: " + e,
          "check the rights there",
          e);
    }
    Path file = plan.scratch().resolve("archive-" + UUID.randomUUID() + ".db");
    all.add(file);
    return file;
  }

  static void discard(Path file) {
    for (String part : List.of("", "-journal")) {
      try {
        Files.deleteIfExists(Path.of(file + part));
      } catch (IOException e) {
        file.toFile().deleteOnExit();
      }
    }
  }

  /** Into the archive, with all that hangs on them; says which. */
  private List<RowKey> copy(Replica replica, Old old, Order order, Path file, Tally tally) {
    List<RowKey> copied = new ArrayList<>();
    Relatives relatives = new Relatives(replica);
    Map<String, List<String>> definitions = new HashMap<>();
    try (ArchiveFile archive = ArchiveFile.append(file, plan.name())) {
      long run =
          archive.run(
              ChangeTime.spaced(clock.millis()),
              plan.author().user(),
              plan.author().workstation(),
              old.table.name(),
              old.dateColumn,
              ChangeTime.spaced(order.before()));
      for (List<RowKey> some : parts(old.keys)) {
        Map<RowId, Row> rows = new LinkedHashMap<>();
        for (Family family : relatives.of(old.table, some)) {
          if (tally.isFree(family)) {
            copied.add(family.rows().keySet().iterator().next().key());
            rows.putAll(family.rows());
          }
        }
        archive.keep(
            () ->
                rows.forEach(
                    (id, row) -> {
                      SyncedTable table = replica.table(id.table());
                      List<String> definition =
                          definitions.computeIfAbsent(
                              id.table(), name -> replica.definition(table).ddl());
                      archive.add(run, table, definition, id.key(), row);
                    }));
      }
    }
    return copied;
  }

  private static List<List<RowKey>> parts(List<RowKey> all) {
    List<List<RowKey>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      parts.add(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
    }
    return parts;
  }

  /** The archive is read before the transaction: it may lie on the share. */
  private static void delete(
      Replica replica, Old old, List<RowKey> copied, Path file, Tally tally) {
    try (ArchiveFile archive = ArchiveFile.read(file)) {
      for (List<RowKey> some : parts(copied)) {
        Relatives relatives = new Relatives(replica);
        Map<RowId, List<Row>> kept = new HashMap<>();
        for (Family family : relatives.of(old.table, some)) {
          for (RowId id : family.rows().keySet()) {
            kept.put(id, archive.rows(id.table(), id.key()));
          }
        }
        replica
            .sql()
            .inTransaction(
                () -> {
                  Relatives now = new Relatives(replica);
                  for (Family family : now.of(old.table, some)) {
                    delete(replica, family, kept, tally);
                  }
                });
      }
    }
  }

  private static void delete(
      Replica replica, Family family, Map<RowId, List<Row>> kept, Tally tally) {
    if (!tally.isFree(family)) {
      return;
    }
    family.rows().keySet().removeAll(tally.gone); // with another one before it
    for (Map.Entry<RowId, Row> row : family.rows().entrySet()) {
      boolean held =
          kept.getOrDefault(row.getKey(), List.of()).stream()
              .anyMatch(copy -> ArchiveFile.same(copy, row.getValue()));
      if (!held) {
        tally.left.add(new Left(row.getKey(), "changed while it was archived"));
        return;
      }
    }
    String refusal = deleteAll(replica, new ArrayList<>(family.rows().keySet()));
    if (refusal == null) {
      family.rows().keySet().forEach(tally::count);
      tally.gone.addAll(family.rows().keySet());
    } else {
      tally.left.add(
          new Left(
              family.rows().keySet().iterator().next(), "the database refuses it: " + refusal));
    }
  }

  /** All of them, children first, or none. */
  private static @Nullable String deleteAll(Replica replica, List<RowId> parentsFirst) {
    HandEdit edit = new HandEdit(replica);
    replica.sql().execute("SAVEPOINT family");
    for (int i = parentsFirst.size() - 1; i >= 0; i--) {
      RowId id = parentsFirst.get(i);
      String refusal = edit.delete(replica.table(id.table()), id.key());
      if (refusal != null) {
        replica.sql().execute("ROLLBACK TO family");
        replica.sql().execute("RELEASE family");
        return refusal;
      }
    }
    replica.sql().execute("RELEASE family");
    return null;
  }
}
