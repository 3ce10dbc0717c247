package tidemark.serve;

import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;
import tidemark.ledger.Ledger;
import tidemark.ledger.LentLedger;

/**
 * One place of the config's, lent to others: its ledger, and how far that is known to reach.
 *
 * <p>Guarantee: what {@link #head} says was there when it was asked, whoever wrote it. Threading:
 * any; entries are appended one after the other.
 */
final class LentPlace implements Waiting.Reach {
  private static final Logger LOG = LoggerFactory.getLogger(LentPlace.class);
  private static final long SKEW_HOLDS = 600_000;

  private final String name;
  private final LentLedger ledger;
  private final Clock clock;
  private Position head = Position.START;
  private long skew;
  private @Nullable Long skewAt;
  private boolean moved;

  LentPlace(String name, LentLedger ledger, Clock clock) {
    this.name = name;
    this.ledger = ledger;
    this.clock = clock;
  }

  String name() {
    return name;
  }

  LentLedger ledger() {
    return ledger;
  }

  /** For the log. */
  @Override
  public String toString() {
    return name;
  }

  /** What the ledger says of itself; 404 where there is none yet. */
  Ledger.Info info() {
    return ledger.info().orElseThrow(() -> RefusedException.notThere("there is no ledger yet"));
  }

  /** The last entry, those included that others wrote past this server. */
  synchronized Position head() {
    Ledger.Info info = info();
    moved = info.movedTo() != null;
    long floor = info.floor();
    long last = ledger.last(Math.max(head.number(), floor));
    if (last != head.number() || last <= floor) {
      Entry entry = last == 0 ? null : ledger.read(last);
      head = entry == null ? new Position(last, "") : entry.position();
    }
    return head;
  }

  /** The last entry's number; past all numbers where there is news of another kind. */
  @Override
  public synchronized long number() {
    long last = head().number();
    return moved ? Long.MAX_VALUE : last;
  }

  synchronized boolean append(EntryFile.Packed packed) {
    boolean first = ledger.append(packed);
    if (first) {
      head = packed.entry().position();
    }
    return first;
  }

  synchronized void forgetHead() {
    head = Position.START;
  }

  /** The clock that everything at this place goes by. */
  synchronized long now() {
    long here = clock.millis();
    Long measured = skewAt;
    if (measured == null || Math.abs(here - measured) > SKEW_HOLDS) {
      skewAt = here;
      try {
        skew = ledger.clockSkew();
      } catch (Failure e) {
        LOG.debug("the clock at {} cannot be read, this machine's stands for it", name, e);
      }
    }
    return clock.millis() + skew;
  }
}
