package tidemark.ledger.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.ledger.Author;
import tidemark.ledger.Lease;
import tidemark.ledger.folder.LeaseFolder.Look;
import tidemark.share.Patience;
import tidemark.share.ShareFiles;

/**
 * A lease as a folder `lease` on the share that one at a time can have.
 *
 * <p>A lease is dead only when this workstation saw the same beat for the whole timeout ({@link
 * Silence}). Commit point: the rename of a folder that holds the owner's nonce to `lease`.
 */
public final class FolderLease implements Lease {
  private static final Logger LOG = LoggerFactory.getLogger(FolderLease.class);
  private static final long LONGEST_PAUSE = 500;
  private static final long SHORTEST_PAUSE = 60;

  private final ShareFiles files;
  private final Path folder;
  private final LeaseFolder place;
  private final Author me;
  private final Duration timeout;

  private final Silence silence;

  private volatile @Nullable Long gaveBackAt;

  public FolderLease(ShareFiles files, Path folder, Author me, Duration timeout, Clock clock) {
    this(files, folder, me, timeout, clock, null);
  }

  /**
   * @param memory a file of this workstation's, for what one process sees of a beat and the next
   *     has to know; null where none lives as short as that
   */
  public FolderLease(
      ShareFiles files,
      Path folder,
      Author me,
      Duration timeout,
      Clock clock,
      @Nullable Path memory) {
    this.files = files;
    this.folder = folder;
    this.place = new LeaseFolder(files, folder, clock);
    this.me = me;
    this.timeout = timeout;
    this.silence = new Silence(memory, me.replica(), files.pace(), clock, timeout);
  }

  @Override
  public Optional<Held> tryAcquire() {
    return files.reach("take the lease", folder, this::attempt);
  }

  @Override
  public Optional<Held> takeOver() {
    Optional<Held> held = tryAcquire();
    while (held.isEmpty() && isSuspect()) {
      files.pace().pause(Math.min(LONGEST_PAUSE, Math.max(1, timeout.toMillis() / 8)));
      held = tryAcquire();
    }
    return held;
  }

  private synchronized boolean isSuspect() {
    return silence.nanos() >= timeout.toNanos() / 2;
  }

  @Override
  public Optional<Held> acquire(Duration wait) {
    long start = files.pace().nanos();
    if (hadItJustNow(start)) {
      files.pace().pause(LONGEST_PAUSE);
    }
    while (true) {
      Optional<Held> held = tryAcquire();
      long waited = (files.pace().nanos() - start) / 1_000_000;
      long left = wait.toMillis() - waited;
      if (held.isPresent()) {
        return held;
      }
      if (left <= 0) {
        return takeOver();
      }
      long pause = Math.max(SHORTEST_PAUSE, LONGEST_PAUSE - waited / 10);
      files.pace().pause(Math.min(left, ThreadLocalRandom.current().nextLong(pause / 2, pause)));
    }
  }

  private boolean hadItJustNow(long now) {
    Long at = gaveBackAt;
    return at != null && now - at < LONGEST_PAUSE * 1_000_000;
  }

  @Override
  public boolean isTaken() {
    return files.reach("look at the lease", folder, place::isTaken);
  }

  @Override
  public Optional<Owner> breakIt() {
    return files.reach(
        "break the lease",
        folder,
        () -> {
          Optional<Look> look = place.look();
          return look.isPresent() && place.takeAway(look.get().nonce())
              ? look.map(Look::owner)
              : Optional.empty();
        });
  }

  @Override
  public Optional<Owner> owner() {
    return files.reach("read the lease", folder, place::look).map(Look::owner);
  }

  @Override
  public Optional<Long> lastSign() {
    return Optional.ofNullable(files.seek("look at the lease", folder, place::lastSign));
  }

  private synchronized Optional<Held> attempt() throws IOException {
    Optional<Look> look = place.look();
    if (look.isPresent()) {
      silence.saw(look.get());
      if (silence.nanos() < timeout.toNanos()) {
        return Optional.empty();
      }
      LOG.warn(
          "the lease in {} was left by {}; it is taken over", folder, look.get().owner().who());
      if (!place.takeAway(look.get().nonce())) {
        silence.ended();
        return Optional.empty();
      }
    }
    silence.ended();
    String nonce = ShareFiles.random();
    return place.take(me, nonce) ? Optional.of(new Mine(nonce)) : Optional.empty();
  }

  /** Deletes what is left of former owners, once it is too old to be anybody's. */
  void sweep(long writtenBefore) throws IOException {
    place.sweep(writtenBefore);
  }

  /**
   * The lease as its owner has it. Threading: may be shared, so that a thread can beat; none waits
   * for another, which may hang with the share.
   */
  private final class Mine implements Held {
    private final String nonce;
    private final AtomicLong beats = new AtomicLong();
    private volatile long lastBeat = files.pace().nanos();
    private volatile @Nullable Timer heart;

    private Mine(String nonce) {
      this.nonce = nonce;
    }

    @Override
    public boolean stillMine() {
      boolean due = files.pace().nanos() - lastBeat > timeout.toNanos() / 4;
      return due ? beat() : files.reach("read the lease", folder, () -> place.isStill(nonce));
    }

    @Override
    public Held beating() {
      Patience.LifeSigns work = files.lifeSigns();
      Timer timer = new Timer("lease", true);
      long pause = timeout.toMillis() / 4;
      timer.schedule(
          new TimerTask() {
            @Override
            public void run() {
              if (!beatFor(work)) {
                cancel();
              }
            }
          },
          pause,
          pause);
      stopBeating();
      heart = timer;
      return this;
    }

    private void stopBeating() {
      Timer beating = heart;
      if (beating != null) {
        beating.cancel();
      }
    }

    /** Whether to go on beating. */
    private boolean beatFor(Patience.LifeSigns work) {
      try {
        if (beat()) {
          work.show();
          return true;
        }
      } catch (Failure e) {
        LOG.debug("a beat of the lease failed, the next may get through: {}", e.getMessage());
        return true;
      } catch (IOException e) {
        LOG.debug("the lease beats no longer: {}", e.getMessage());
      }
      return false;
    }

    @Override
    public boolean beat() {
      return files.reach(
          "renew the lease",
          folder,
          () -> {
            if (!place.isStill(nonce)) {
              return false;
            }
            place.beat(nonce, beats.incrementAndGet());
            lastBeat = files.pace().nanos();
            return true;
          });
    }

    /** Gives the lease back; where the share is gone it is left to time out. */
    @Override
    public void close() {
      stopBeating();
      try {
        files.reach(
            "give the lease back", folder, () -> place.isStill(nonce) && place.takeAway(nonce));
        gaveBackAt = files.pace().nanos();
      } catch (Failure e) {
        LOG.warn("{}; it is free again in {}", e.whatFailed(), timeout);
      }
    }
  }
}
