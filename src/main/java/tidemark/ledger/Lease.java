package tidemark.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;

/**
 * The right to be the only one who does something on the share, as a folder `lease` that one at a
 * time can have.
 *
 * <p>Guarantee: nobody takes it from an owner whose beat goes on; an owner who hung and was taken
 * for dead learns of it from {@link Held#stillMine}, which has to be asked before each commit. A
 * lease is dead only when this very process saw the same beat for the whole timeout; time between
 * two looks counts for half the timeout at most, as either machine may have been asleep. Commit
 * point: the rename of a folder that holds the owner's nonce to `lease`. Threading: may be shared.
 */
public final class Lease {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
  private static final long LIMIT = 64 << 10;

  /** Somebody may have had it and given it back between a try and the look at who was first. */
  private static final int TRIES = 3;

  private static final long LONGEST_PAUSE = 500;
  private static final long SHORTEST_PAUSE = 60;

  private final ShareFiles files;
  private final Path folder;
  private final Path lease;
  private final Author me;
  private final Duration timeout;
  private final Clock clock;

  private volatile @Nullable Long gaveBackAt;
  private @Nullable Look seen;
  private long seenAt;
  private long silent;

  public Lease(ShareFiles files, Path folder, Author me, Duration timeout, Clock clock) {
    this.files = files;
    this.folder = folder;
    this.lease = folder.resolve("lease");
    this.me = me;
    this.timeout = timeout;
    this.clock = clock;
  }

  /**
   * Who has a lease.
   *
   * @param since for how long, by two machines' clocks; zero where that cannot be read
   */
  public record Owner(String who, Duration since) {}

  /** What an observer sees of a lease; both empty where its owner's file cannot be read. */
  private record Look(String nonce, String beat, Owner owner) {}

  /** Takes the lease if it is free or its owner is dead. */
  public Optional<Held> tryAcquire() {
    return files.reach("take the lease", folder, this::attempt);
  }

  /**
   * Tries again until the lease was had or this time is over. Who waits longer looks more often,
   * and who had it just now lets others look first.
   */
  public Optional<Held> acquire(Duration wait) {
    long start = files.pace().nanos();
    if (hadItJustNow(start)) {
      files.pace().pause(LONGEST_PAUSE);
    }
    while (true) {
      Optional<Held> held = tryAcquire();
      long waited = (files.pace().nanos() - start) / 1_000_000;
      long left = wait.toMillis() - waited;
      if (held.isPresent() || left <= 0) {
        return held;
      }
      long pause = Math.max(SHORTEST_PAUSE, LONGEST_PAUSE - waited / 10);
      files.pace().pause(Math.min(left, ThreadLocalRandom.current().nextLong(pause / 2, pause)));
    }
  }

  private boolean hadItJustNow(long now) {
    Long at = gaveBackAt;
    return at != null && now - at < LONGEST_PAUSE * 1_000_000;
  }

  /** Whether anybody has it, dead or alive. */
  public boolean isTaken() {
    return files.reach("look at the lease", folder, () -> !files.absent(lease));
  }

  /**
   * Takes the lease away from whoever has it, dead or alive: one that lives notices before its next
   * commit, and stops.
   *
   * @return who had it; empty if nobody did
   */
  public Optional<Owner> breakIt() {
    return files.reach(
        "break the lease",
        folder,
        () -> {
          Optional<Look> look = look();
          return look.isPresent() && takeAway(look.get().nonce())
              ? look.map(Look::owner)
              : Optional.empty();
        });
  }

  /** Who has it, since when and where, for messages. */
  public Optional<Owner> owner() {
    return files.reach("read the lease", folder, this::look).map(Look::owner);
  }

  private synchronized Optional<Held> attempt() throws IOException {
    Optional<Look> look = look();
    if (look.isPresent()) {
      if (!dead(look.get())) {
        return Optional.empty();
      }
      LOG.warn(
          "the lease in {} was left by {}; it is taken over", folder, look.get().owner().who());
      if (!takeAway(look.get().nonce())) {
        return Optional.empty();
      }
    }
    seen = null;
    return take();
  }

  private boolean dead(Look look) {
    long now = files.pace().nanos();
    Look former = seen;
    if (former == null
        || !former.nonce().equals(look.nonce())
        || !former.beat().equals(look.beat())) {
      silent = 0;
    } else {
      silent += Math.min(now - seenAt, timeout.toNanos() / 2);
    }
    seen = look;
    seenAt = now;
    return silent >= timeout.toNanos();
  }

  private Optional<Look> look() throws IOException {
    String owner;
    try {
      owner = text(lease.resolve("owner.json"));
    } catch (NoSuchFileException e) {
      return files.absent(lease)
          ? Optional.empty()
          : Optional.of(new Look("", "", new Owner("somebody who left no name", Duration.ZERO)));
    }
    String nonce = nonce(owner);
    String beat;
    try {
      beat = text(lease.resolve("beat-" + nonce));
    } catch (NoSuchFileException e) {
      beat = ""; // none yet
    }
    return Optional.of(new Look(nonce, beat, describe(owner)));
  }

  private String text(Path file) throws IOException {
    return new String(files.read(file, LIMIT), StandardCharsets.UTF_8);
  }

  private static Map<String, @Nullable Object> fields(String owner) {
    try {
      return Json.object(owner);
    } catch (Failure e) {
      return Map.of(); // an owner without a name, whose beat stands still
    }
  }

  private static String nonce(String owner) {
    Object nonce = fields(owner).get("nonce");
    return nonce instanceof String text && text.matches("[0-9a-f]{1,64}") ? text : "";
  }

  private Owner describe(String owner) {
    Map<String, @Nullable Object> fields = fields(owner);
    Long since = fields.get("since") instanceof Long at ? at : null;
    String who =
        fields.get("user")
            + " at "
            + fields.get("workstation")
            + " (process "
            + fields.get("pid")
            + ", since "
            + (since == null ? "?" : ChangeTime.iso(since))
            + ")";
    long held = since == null ? 0 : Math.max(0, clock.millis() - since);
    return new Owner(who, Duration.ofMillis(held));
  }

  private Optional<Held> take() throws IOException {
    String nonce = ShareFiles.random();
    Path mine = folder.resolve("taking-" + nonce);
    files.createDirectoryBelow(folder, mine);
    files.write(mine.resolve("owner.json"), ownerFile(nonce));
    return put(mine, nonce) ? Optional.of(new Held(nonce)) : Optional.empty();
  }

  private boolean put(Path mine, String nonce) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        files.rename(mine, lease);
        return true;
      } catch (IOException e) {
        Optional<Look> there = look();
        if (there.isPresent()) {
          boolean done = there.get().nonce().equals(nonce);
          if (!done) {
            files.deleteTree(mine);
          }
          return done;
        }
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private byte[] ownerFile(String nonce) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("nonce", nonce);
    fields.put("user", me.user());
    fields.put("workstation", me.workstation());
    fields.put("pid", ProcessHandle.current().pid());
    fields.put("since", clock.millis());
    return Json.objectText(fields).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Removes the lease with this nonce. Renames it away first: somebody else may do the same and
   * have taken a new lease already, which then goes back.
   */
  private boolean takeAway(String nonce) throws IOException {
    Path away = folder.resolve("gone-" + ShareFiles.random());
    try {
      files.rename(lease, away);
    } catch (NoSuchFileException e) {
      return true;
    }
    String moved;
    try {
      moved = nonce(text(away.resolve("owner.json")));
    } catch (NoSuchFileException e) {
      moved = "";
    }
    if (moved.equals(nonce)) {
      deleteIfPossible(away);
      return true;
    }
    try {
      files.rename(away, lease);
    } catch (NoSuchFileException e) {
      return false; // over SMB two may rename one folder, one after the other: the other has it
    } catch (IOException e) {
      if (look().isEmpty()) {
        throw e;
      }
      deleteIfPossible(away); // a third one has it: its former owner will see that
    }
    return false;
  }

  /** Somebody may be reading it just now. */
  private void deleteIfPossible(Path left) {
    try {
      files.deleteTree(left);
    } catch (IOException e) {
      LOG.debug("{} is left to be swept away", left, e);
    }
  }

  /** Deletes what is left of former owners, once it is too old to be anybody's. */
  void sweep(long writtenBefore) throws IOException {
    for (Path path : files.list(folder)) {
      String name = path.getFileName().toString();
      if ((name.startsWith("gone-") || name.startsWith("taking-"))
          && files.stat(path).lastModifiedTime().toMillis() < writtenBefore) {
        files.deleteTree(path);
      }
    }
  }

  /**
   * The lease as its owner has it. Threading: may be shared, so that a thread can beat; none waits
   * for another, which may hang with the share.
   */
  public final class Held implements AutoCloseable {
    private final String nonce;
    private final AtomicLong beats = new AtomicLong();
    private volatile long lastBeat = files.pace().nanos();
    private volatile @Nullable Timer heart;

    private Held(String nonce) {
      this.nonce = nonce;
    }

    /** To be asked right before each commit; beats by itself when it is time. */
    public boolean stillMine() {
      boolean due = files.pace().nanos() - lastBeat > timeout.toNanos() / 4;
      return due ? beat() : files.reach("read the lease", folder, this::mine);
    }

    /**
     * Beats by itself from now on, for work that may be long in a single step. Each beat that
     * reached the share is a sign of life of that work.
     */
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
      heart = timer;
      return this;
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

    /** Shows that the owner lives; false if the lease is somebody else's by now. */
    public boolean beat() {
      return files.reach(
          "renew the lease",
          folder,
          () -> {
            if (!mine()) {
              return false;
            }
            String next = Long.toString(beats.incrementAndGet());
            byte[] count = next.getBytes(StandardCharsets.US_ASCII);
            files.overwrite(lease.resolve("beat-" + nonce), count);
            lastBeat = files.pace().nanos();
            return true;
          });
    }

    private boolean mine() throws IOException {
      try {
        return nonce(text(lease.resolve("owner.json"))).equals(nonce);
      } catch (NoSuchFileException e) {
        return false;
      }
    }

    /** Gives the lease back; where the share is gone it is left to time out. */
    @Override
    public void close() {
      Timer beating = heart;
      if (beating != null) {
        beating.cancel();
      }
      try {
        files.reach("give the lease back", folder, () -> mine() && takeAway(nonce));
        gaveBackAt = files.pace().nanos();
      } catch (Failure e) {
        LOG.warn("{}; it is free again in {}", e.whatFailed(), timeout);
      }
    }
  }
}
