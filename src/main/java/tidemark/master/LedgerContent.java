package tidemark.master;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.catchup.Align;
import tidemark.catchup.SyncRun;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Author;
import tidemark.ledger.Ledger;
import tidemark.replica.DatabaseFile;
import tidemark.replica.Replica;
import tidemark.run.Copies;
import tidemark.run.LedgerCopy;
import tidemark.run.Plan;
import tidemark.run.Scratch;
import tidemark.settle.Terms;

/**
 * What the ledger says a database holds, now or at an earlier entry, made as a database in the
 * scratch folder: from a snapshot, else another copy, else from the first entry on, by the code
 * that serves the master.
 *
 * <p>Guarantee: writes nothing else; content that cannot be made whole is not made. Threading: one
 * thread.
 */
public final class LedgerContent {
  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;
  private final Copies copies;

  public LedgerContent(Plan plan, Ledger ledger, Clock clock, Copies copies) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
    this.copies = copies;
  }

  /**
   * A database in the scratch folder; whoever closes it deletes it.
   *
   * @param position of the last entry in it
   */
  public record Made(Path file, Replica replica, Position position) implements AutoCloseable {
    @Override
    public void close() {
      replica.close();
      Scratch.delete(file);
    }
  }

  /** As it is after the last entry. */
  public Made now() {
    return make(ledger, ledger, Long.MAX_VALUE);
  }

  /** As it was after this entry. */
  public Made at(long entry) {
    LedgerUpTo upTo = new LedgerUpTo(ledger, entry);
    return make(upTo, upTo.withoutSnapshots(), entry);
  }

  /** The same once more. */
  public Made copyOf(Made made) {
    return of(
        into -> {
          made.replica().copyTo(into);
          return Optional.of(made.position());
        });
  }

  /** As this copy of it has it, whatever the ledger says. */
  public Made of(Base copy) {
    return open(copy, null).orElseThrow(LedgerContent::copyIsGone);
  }

  /** As this copy and the ledger's entries after it make it. */
  public Made from(Base copy) {
    return open(copy, ledger).orElseThrow(LedgerContent::copyIsGone);
  }

  private static Failure copyIsGone() {
    return new Failure(Failure.REFUSED, "the copy is not there any more", "Take another.");
  }

  /** Brings a copy to this file, which is not there yet; empty where there is none. */
  @FunctionalInterface
  public interface Base {
    Optional<Position> bring(Path into);
  }

  /** A way to make it. */
  private record Way(Base base, Ledger onward) {}

  /** What is damaged, or of another history, is passed by while there is another way. */
  private Made make(Ledger from, Ledger entriesAlone, long last) {
    List<Way> ways =
        List.of(
            new Way(
                file -> LedgerCopy.bring(from, file, last).map(copy -> copy.snapshot().position()),
                from),
            new Way(file -> copies.newest(last, file).filter(from::holds), from),
            new Way(LedgerContent::nothing, entriesAlone));
    @Nullable Failure damaged = null;
    for (Way way : ways) {
      try {
        Optional<Made> made = open(way.base(), way.onward());
        if (made.isPresent() && (from == ledger || made.get().position().number() == last)) {
          return made.get();
        }
        made.ifPresent(Made::close);
      } catch (Failure e) {
        if (e.exitCode() != Failure.REFUSED) {
          throw e;
        }
        damaged = damaged == null ? e : damaged;
      }
    }
    throw damaged != null ? damaged : notKept(last);
  }

  private static Optional<Position> nothing(Path into) {
    DatabaseFile.create(into);
    return Optional.of(Position.START);
  }

  private static Failure notKept(long entry) {
    return new Failure(
        Failure.USAGE,
        "how the database was at entry " + entry + " is not kept any more",
        "`tidemark restore --list` tells how far back one can go");
  }

  private Optional<Made> open(Base base, @Nullable Ledger onward) {
    Path file = Scratch.file(plan.scratch(), "ledger");
    @Nullable Replica replica = null;
    boolean done = false;
    try {
      Position position = base.bring(file).orElse(null);
      if (position == null) {
        return Optional.empty();
      }
      replica = Replica.openUnpublished(file, plan.rules(), plan.selection());
      Position reached = onward == null ? position : catchUp(replica, onward);
      done = true;
      return Optional.of(new Made(file, replica, reached));
    } finally {
      if (!done) {
        if (replica != null) {
          replica.close();
        }
        Scratch.delete(file);
      }
    }
  }

  private Position catchUp(Replica replica, Ledger from) {
    Ledger.Info info = from.info().orElseThrow(() -> Align.ledgerIsGone(plan.place()));
    Author author = new Author(plan.author().user(), "verify", "verify");
    Terms terms = Terms.ofMaster(author, Direction.PULL, 0);
    SyncRun run = new SyncRun(replica, from, terms, clock, plan.scratch(), settled -> {});
    run.run(info);
    return run.head();
  }
}
