package tidemark.look;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import tidemark.catchup.Align;
import tidemark.catchup.EntryRepair;
import tidemark.change.Change;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.master.LedgerContent;
import tidemark.master.MasterFile;
import tidemark.past.Differences;
import tidemark.replica.Comparison;
import tidemark.replica.Comparison.Kind;
import tidemark.replica.Held;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;
import tidemark.run.Copies;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;

/**
 * Compares every row of the local database and of the master with what the ledger says they should
 * be. Pending and held rows, and rows that entries not applied yet change, are counted apart.
 *
 * <p>Guarantee: reads only; the ledger's content is made in the scratch folder, from snapshot and
 * entries, by the code that serves the master. Threading: one thread.
 */
public final class Verify {
  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;

  public Verify(Plan plan, Ledger ledger, Clock clock) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
  }

  /** The local database first, then the master. */
  public List<Differences> run() {
    return withLedgerContent(
        content ->
            plan.hasMaster()
                ? List.of(local(content, row -> {}), master(content, row -> {}))
                : List.of(local(content, row -> {})));
  }

  /** A row that is not as the ledger has it. */
  record Mismatch(RowId row, Kind kind) {}

  <T> T withLedgerContent(Function<LedgerContent.Made, T> work) {
    mend(ledger.info().orElseThrow(() -> Align.ledgerIsGone(plan.place())));
    try (LedgerContent.Made content = new LedgerContent(plan, ledger, clock, Copies.NONE).now()) {
      return work.apply(content);
    }
  }

  /**
   * What came of a trial restore.
   *
   * @param entry the last one that was applied
   */
  public record Trial(Differences findings, long entry) {}

  /** Makes a database from a copy and the entries after it, and compares that with the ledger. */
  public Trial restored(String name, LedgerContent.Base copy) {
    LedgerContent contents = new LedgerContent(plan, ledger, clock, Copies.NONE);
    try (LedgerContent.Made restored = contents.from(copy);
        LedgerContent.Made content = contents.now()) {
      return new Trial(
          compare(name, restored.file(), LocalDatabase.BUSY, content, row -> {}),
          restored.position().number());
    }
  }

  private void mend(Ledger.Info info) {
    Optional<Replica> opened = new LocalDatabase(plan).look();
    if (opened.isPresent()) {
      try (Replica replica = opened.get()) {
        new EntryRepair(replica, ledger).all(info);
      }
    }
  }

  Differences local(LedgerContent.Made content, Consumer<Mismatch> all) {
    if (new LocalDatabase(plan).isMissing()) {
      return new Differences(
          plan.name(), List.of(), plan.local() + " is not there; the next sync makes it");
    }
    return compare(plan.name(), plan.local(), LocalDatabase.BUSY, content, all);
  }

  Differences master(LedgerContent.Made content, Consumer<Mismatch> all) {
    String name = plan.master().toString();
    if (!new MasterFile(plan).exists()) {
      return new Differences(
          name, List.of(), "the master is not there; the next sync makes it anew");
    }
    try {
      return plan.share()
          .reach(
              "compare the master",
              plan.master(),
              () -> compare(name, plan.master(), MasterFile.BUSY, content, all));
    } catch (Failure e) {
      return new Differences(name, List.of(), e.whatFailed());
    }
  }

  private Differences compare(
      String name, Path file, Duration busy, LedgerContent.Made content, Consumer<Mismatch> all) {
    Optional<Replica> opened =
        file.equals(plan.local())
            ? Replica.look(file, busy, plan.rules(), plan.selection())
            : Replica.lookAtMaster(file, busy, plan.rules(), plan.selection());
    if (opened.isEmpty()) {
      return new Differences(name, List.of(), file + " was never synced");
    }
    opened.get().sql().attendedBy(plan.share()::isWaitedFor);
    try (Replica replica = opened.get();
        Comparison comparison = new Comparison(replica, content.file())) {
      return replica
          .sql()
          .inReadTransaction(
              () -> {
                Set<RowId> unread = unread(replica);
                Set<RowId> held = held(replica, content);
                List<Differences.Table> tables = new ArrayList<>();
                for (SyncedTable table : replica.everyTable().values()) {
                  if (replica.selects(table.name())) {
                    tables.add(
                        hasLedgersKey(table, content)
                            ? compare(comparison, table, unread, held, all)
                            : unread(comparison, table.name()));
                  }
                }
                notHere(replica, content).forEach(table -> tables.add(unread(comparison, table)));
                return new Differences(name, tables, null);
              });
    }
  }

  private static boolean hasLedgersKey(SyncedTable table, LedgerContent.Made content) {
    SyncedTable there = content.replica().everyTable().get(table.name());
    return there == null || SqlName.same(there.shape().key(), table.shape().key());
  }

  /** Under another key no row can be compared: what the ledger has is still to be read here. */
  private static Differences.Table unread(Comparison comparison, String table) {
    long there = comparison.countThere(table);
    return new Differences.Table(
        table, 0, 0, 0, 0, new Differences.LeftOut(there, 0, 0), List.of());
  }

  /** Tables of the ledger's that are still to be made here, or cannot be synced as they are. */
  private static List<String> notHere(Replica replica, LedgerContent.Made content) {
    Set<String> here = replica.everyTable().keySet();
    return content.replica().tables().keySet().stream()
        .filter(replica::selects)
        .filter(name -> here.stream().noneMatch(known -> SqlName.same(known, name)))
        .toList();
  }

  private static Set<RowId> held(Replica replica, LedgerContent.Made content) {
    Set<RowId> held = new HashSet<>();
    for (Replica one : List.of(replica, content.replica())) {
      for (Held.Waiting waiting : one.held().all()) {
        held.add(new RowId(waiting.table(), waiting.key()));
      }
    }
    return held;
  }

  /** What entries would change here that were not applied yet. */
  private Set<RowId> unread(Replica replica) {
    var positions = replica.states().positions();
    long from = positions.values().stream().mapToLong(Position::number).min().orElse(0);
    Set<RowId> unread = new HashSet<>();
    Entry entry = ledger.read(from + 1);
    while (entry != null) {
      for (Change change : entry.changes()) {
        Position position = positions.get(change.table());
        if (position == null || position.number() < entry.number()) {
          unread.add(new RowId(change.table(), change.key()));
        }
      }
      entry = ledger.read(entry.number() + 1);
    }
    return unread;
  }

  private static Differences.Table compare(
      Comparison comparison,
      SyncedTable table,
      Set<RowId> unread,
      Set<RowId> held,
      Consumer<Mismatch> all) {
    Counts counts = new Counts();
    Set<RowKey> evicted = table.shadow().exists() ? Set.copyOf(table.edits().evicted()) : Set.of();
    comparison.each(
        table,
        (key, kind, edited) -> {
          RowId id = new RowId(table.name(), key);
          if (edited || evicted.contains(key)) { // the latter is still to be noticed
            counts.pending += counts.leaveOut(kind);
          } else if (unread.contains(id)) {
            counts.unread += counts.leaveOut(kind);
          } else if (held.contains(id)) {
            counts.held += counts.leaveOut(kind);
          } else {
            counts.count(key, kind);
            all.accept(new Mismatch(id, kind));
          }
        });
    return new Differences.Table(
        table.name(),
        comparison.countThere(table.name()) - counts.leftOutThere,
        counts.differing,
        counts.missing,
        counts.extra,
        new Differences.LeftOut(counts.unread, counts.pending, counts.held),
        List.copyOf(counts.examples));
  }

  private static final class Counts {
    private final List<Differences.Example> examples = new ArrayList<>();
    private long differing;
    private long missing;
    private long extra;
    private long unread;
    private long pending;
    private long held;
    private long leftOutThere;

    /** One more that was not compared. */
    int leaveOut(Kind kind) {
      leftOutThere += kind == Kind.EXTRA ? 0 : 1;
      return 1;
    }

    void count(RowKey key, Kind kind) {
      switch (kind) {
        case DIFFERS -> differing++;
        case MISSING -> missing++;
        case EXTRA -> extra++;
      }
      if (examples.size() < Differences.EXAMPLES) {
        examples.add(new Differences.Example(key, kind));
      }
    }
  }
}
