package tidemark.upkeep.health;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.run.Scratch;

/**
 * Whether the ledger is whole, and who else writes the master.
 *
 * <p>Changes nothing, except that reading a damaged entry mends it from kept bytes.
 */
final class LedgerChecks {
  private static final Duration WEEK = Duration.ofDays(7);
  private static final int MANY = 5;

  private final Ledger ledger;
  private final Path scratch;

  LedgerChecks(Subject subject) {
    this.ledger = subject.ledger();
    this.scratch = subject.plan().scratch();
  }

  List<Check> all() {
    return List.of(Check.daily("ledger", this::walk));
  }

  /** What somebody who joins would read: the newest snapshot and all entries after it. */
  private List<Finding> walk() {
    String movedTo = ledger.info().map(Ledger.Info::movedTo).orElse(null);
    if (movedTo != null) {
      Failure moved = Failure.ofMove(ledger.toString(), movedTo);
      return List.of(Finding.bad("ledger", moved.whatFailed(), moved.hint()));
    }
    Position position = beginning();
    List<Long> editsOfMaster = new ArrayList<>();
    long from = position.number();
    for (Entry next = ledger.read(from + 1); next != null; next = ledger.read(next.number() + 1)) {
      if (position.number() > 0 && !next.previous().equals(position.hash())) {
        return List.of(
            Finding.bad(
                "ledger",
                "entry " + next.number() + " does not follow the entry before it",
                "Let all workstations sync: whoever kept the entry that is missing puts it back. Else: `tidemark ledger rebuild`."));
      }
      position = next.position();
      if (next.author().isMaster()) {
        editsOfMaster.add(next.at());
      }
    }
    ledger.requireEnd(position.number());
    return List.of(whole(from, position.number() - from), otherPrograms(editsOfMaster));
  }

  private static Finding whole(long from, long entries) {
    return Finding.well(
        "ledger",
        (from == 0 ? "" : "snapshot " + from + " and ")
            + entries
            + (entries == 1 ? " entry" : " entries")
            + (from == 0
                ? ", whole and in unbroken order"
                : " after it, whole and in unbroken order"));
  }

  private Position beginning() {
    long floor = ledger.info().map(Ledger.Info::floor).orElse(0L);
    Path file = Scratch.file(scratch, "doctor");
    try {
      Optional<Ledger.Snapshot> snapshot = ledger.snapshot(file);
      if (snapshot.isEmpty() && floor > 0) {
        throw new Failure(
            Failure.REFUSED,
            "there is no snapshot, and the entries up to " + floor + " are in the archive",
            "The next run that brings the master up to date makes one.");
      }
      return snapshot.map(Ledger.Snapshot::position).orElse(Position.START);
    } finally {
      Scratch.delete(file);
    }
  }

  /** A person edits the master now and then; who does so all the time is a program. */
  private static Finding otherPrograms(List<Long> editsOfMaster) {
    long last = editsOfMaster.stream().mapToLong(Long::longValue).max().orElse(0);
    long count = editsOfMaster.stream().filter(at -> at > last - WEEK.toMillis()).count();
    String edits = "the master was edited past Tidemark in " + count;
    return count < MANY
        ? Finding.well(
            "other programs",
            count == 0
                ? "nobody edited the master past Tidemark lately"
                : edits + (count == 1 ? " entry" : " entries") + " of a week")
        : Finding.warning(
            "other programs",
            edits + " entries of a week, last at " + ChangeTime.iso(last),
            "A second program seems to sync the same files, such as the application's former sync: switch it off, or what it overwrites before Tidemark sees it is lost.");
  }
}
