package tidemark.sync;

import java.nio.channels.Channels;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.catchup.Turn;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Arrival;
import tidemark.ledger.DamagedEntryException;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;
import tidemark.ledger.Ledger;
import tidemark.ledger.LentLedger;
import tidemark.ledger.SnapshotFile;
import tidemark.ledger.SnapshotFile.UnusableException;
import tidemark.master.Fold;
import tidemark.master.FoldResult;
import tidemark.master.MasterWork;
import tidemark.run.Plan;

/**
 * Carries a ledger to another, empty place while people work.
 *
 * <p>Guarantee: at every moment exactly one of the two places is the one where people meet; every
 * entry that was ever written at the former one stands at the new one before anybody can meet
 * there. Broken off at any point, running it again goes on. Commit point: the end that takes the
 * number after the last entry at the former place ({@link LentLedger#close}); before it that place
 * is whole and in force, after it the new one is whole, and what is left is to open it. Threading:
 * one thread; others may append all the while.
 */
public final class Migration {
  private static final Logger LOG = LoggerFactory.getLogger(Migration.class);

  private final Plan plan;
  private final LentLedger from;
  private final Plan there;
  private final Ledger to;
  private final Clock clock;
  private final LongConsumer progress;
  private long carried;

  /**
   * @param there the same database, as it will be
   * @param progress is told how many entries were carried so far
   */
  public Migration(
      Plan plan, Ledger from, Plan there, Ledger to, Clock clock, LongConsumer progress) {
    plan.master(); // what a server lends is moved where that has it
    if (!(from instanceof LentLedger folder)) {
      throw new IllegalArgumentException("only a folder can be carried elsewhere: " + from);
    }
    this.plan = plan;
    this.from = folder;
    this.there = there;
    this.to = to;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * What was done.
   *
   * @param entries that were carried by this run
   * @param again it had been closed for the new place before
   * @param masterTrouble why there is no master at the new place yet; null: there is, or that is
   *     its server's affair
   */
  public record Moved(long entries, boolean again, @Nullable String masterTrouble) {}

  public Moved run() {
    Ledger.Info info = from.info().orElseThrow(this::nothingToMove);
    Optional<String> closed = from.closedFor();
    Arrival arrival = to.arrival();
    Position last;
    if (closed.isPresent()) {
      requireSamePlace(closed.get());
      last = last(info);
      from.close(last, there.place().toString()); // the sign may not be up yet
    } else {
      last = carry(info, arrival);
    }
    arrival.open(last);
    return new Moved(carried, closed.isPresent(), master(info, last));
  }

  private Failure nothingToMove() {
    return new Failure(
        Failure.USAGE,
        "there is no ledger at " + plan.place() + " that could be moved",
        "where nothing was synced yet, name the new place under `master:` in the config, and sync");
  }

  private void requireSamePlace(String closed) {
    if (!closed.equals(there.place().toString())) {
      throw Failure.ofMove("ledger of " + plan.place(), closed);
    }
  }

  private Position last(Ledger.Info info) {
    long number = from.last(info.floor());
    Entry entry = number == info.floor() ? null : from.read(number);
    return entry == null ? from.floor() : entry.position();
  }

  // ---- until it is closed

  private Position carry(Ledger.Info info, Arrival arrival) {
    Arrival.State state = arrival.begin(info.id(), from.floor());
    if (state.open()) {
      throw new Failure(
          Failure.USAGE,
          there.place() + " is the place where this ledger is already",
          "Name another, empty place.");
    }
    requireOurs(state.head());
    snapshots(arrival);
    Position head = entries(state.head(), arrival);
    from.published(Long.MIN_VALUE).forEach(to::publish);
    try (Turn turn = new Turn(from.appendLease())) {
      while (true) {
        turn.await();
        head = entries(head, arrival);
        requireAll(head);
        if (from.close(head, there.place().toString())) {
          return head;
        }
        LOG.debug("somebody wrote entry {} meanwhile", head.number() + 1);
        turn.beaten();
      }
    }
  }

  /** What an earlier try brought is a part of this ledger. */
  private void requireOurs(Position arrived) {
    if (!from.holds(arrived)) {
      throw new Failure(
          Failure.USAGE,
          there.place()
              + " is not empty: what is there, up to entry "
              + arrived.number()
              + ", is no part of the ledger of "
              + plan.place(),
          "Name another place, or move away what is there.");
    }
  }

  private void requireAll(Position arrived) {
    if (arrived.number() < from.floor().number()) {
      throw new Failure(
          Failure.USAGE,
          "an earlier try left entries up to "
              + arrived.number()
              + " at "
              + there.place()
              + ", and those after it are no longer in the ledger or its archive",
          "Move away what is there, and run this again.");
    }
  }

  private Position entries(Position arrived, Arrival arrival) {
    Position head = arrived;
    for (byte[] packed = from.packed(head.number() + 1);
        packed != null;
        packed = from.packed(head.number() + 1)) {
      Entry entry = decoded(packed, head.number() + 1);
      if (!head.hash().isEmpty() && !entry.previous().equals(head.hash())) {
        throw new Failure(
            Failure.REFUSED,
            "entry " + entry.number() + " of the ledger does not follow the entry before it",
            "Run `tidemark verify` at all workstations: one that kept the right entry puts it back.");
      }
      arrival.put(new EntryFile.Packed(entry, packed));
      head = entry.position();
      progress.accept(++carried);
    }
    return head;
  }

  private static Entry decoded(byte[] packed, long number) {
    try {
      return EntryFile.decode(packed);
    } catch (DamagedEntryException e) {
      throw new Failure(
          Failure.REFUSED,
          "entry " + number + " of the ledger is damaged: " + e.getMessage(),
          "Run `tidemark verify` at all workstations: one that kept it puts it right.",
          e);
    }
  }

  /** All that are whole; without any, nobody could begin where entries were retired. */
  private void snapshots(Arrival arrival) {
    bestOfMaster();
    List<Long> numbers = from.snapshots().stream().sorted(Collections.reverseOrder()).toList();
    boolean any = false;
    Failure damaged = null;
    for (long number : numbers) {
      try {
        Optional<SnapshotFile> description = from.snapshotFile(number);
        description.ifPresent(
            one -> arrival.put(one, () -> Channels.newInputStream(from.openSnapshot(number))));
        any |= description.isPresent();
      } catch (Failure e) {
        if (!isDamage(e)) {
          throw e;
        }
        LOG.warn("snapshot {} stays behind: {}", number, e.whatFailed());
        damaged = e;
      }
    }
    if (!any && damaged != null) {
      throw damaged;
    }
  }

  /** Of the one snapshot, not of the way to it. */
  private static boolean isDamage(Failure e) {
    return e.exitCode() == Failure.REFUSED || e.getCause() instanceof UnusableException;
  }

  /** What only the master has, such as the application's views, comes along where it can be had. */
  private void bestOfMaster() {
    try {
      Ledger.Info info = from.info().orElseThrow(this::nothingToMove);
      new Fold(plan, from, clock).run(info, last(info), List::of);
      new MasterWork(plan, from, clock)
          .run(
              "copy the master",
              opened -> {
                opened.snapshot();
                return true;
              });
    } catch (Failure e) {
      LOG.warn("the master as it is now is not carried along: {}", e.whatFailed());
    }
  }

  // ---- after it

  /** Any run of anybody at the new place would make it, too. */
  private @Nullable String master(Ledger.Info info, Position last) {
    if (!there.hasMaster()) {
      return null;
    }
    FoldResult made = new Fold(there, to, clock).run(info, last, List::of);
    return made.trouble();
  }
}
