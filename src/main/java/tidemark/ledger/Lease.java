package tidemark.ledger;

import java.time.Duration;
import java.util.Optional;

/**
 * The right to be the only one who does something at the place where all meet.
 *
 * <p>Guarantee: nobody takes it from an owner whose beat goes on; an owner who hung and was taken
 * for dead learns of it from {@link Held#stillMine}, which has to be asked before each commit.
 * Threading: may be shared.
 */
public interface Lease {
  /** So long a piece of work waits for somebody else's, before it says that it is busy. */
  Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * Who has a lease.
   *
   * @param since for how long, by two machines' clocks; zero where that cannot be read
   */
  record Owner(String who, Duration since) {}

  /** Takes the lease if it is free or its owner is dead. */
  Optional<Held> tryAcquire();

  /**
   * The same; but where earlier looks saw the beat stand still for half of the timeout, it is
   * watched for the other half: who lives shows it by then.
   */
  Optional<Held> takeOver();

  /**
   * Tries again until the lease was had or this time is over, and as {@link #takeOver} then. Who
   * waits longer looks more often, and who had it just now lets others look first.
   */
  Optional<Held> acquire(Duration wait);

  /** Whether anybody has it, dead or alive. */
  boolean isTaken();

  /**
   * Takes the lease away from whoever has it, dead or alive: one that lives notices before its next
   * commit, and stops.
   *
   * @return who had it; empty if nobody did
   */
  Optional<Owner> breakIt();

  /** Who has it, since when and where, for messages. */
  Optional<Owner> owner();

  /** When its owner last showed that he lives, on the share's clock; empty: nobody has it. */
  Optional<Long> lastSign();

  /**
   * The lease as its owner has it. Threading: may be shared, so that a thread can beat; none waits
   * for another, which may hang with the share.
   */
  interface Held extends AutoCloseable {
    /** To be asked right before each commit; beats by itself when it is time. */
    boolean stillMine();

    /**
     * Beats by itself from now on, for work that may be long in a single step. Each beat that
     * reached the share is a sign of life of that work. Asked again, it beats for what is done
     * then.
     */
    Held beating();

    /** Shows that the owner lives; false if the lease is somebody else's by now. */
    boolean beat();

    /** Gives the lease back; where the share is gone it is left to time out. */
    @Override
    void close();
  }
}
