package tidemark.ledger.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.ledger.Author;
import tidemark.ledger.Lease;
import tidemark.share.Removal;
import tidemark.share.ShareFiles;

/**
 * A lease as it lies on the share: the folder `lease` with its owner's name and beat, and what is
 * on the way there or away from there beside it.
 *
 * <p>Commit points: the renames of a whole folder to `lease`, and from it. Threading: no state.
 */
final class LeaseFolder {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseFolder.class);
  private static final String LEFT = "(gone|taking)-[0-9a-f]{1,64}";
  private static final long LIMIT = 64 << 10;

  /** Somebody may have had it and given it back between a try and the look at who was first. */
  private static final int TRIES = 3;

  private final ShareFiles files;
  private final Removal removal;
  private final Path folder;
  private final Path lease;
  private final Clock clock;

  LeaseFolder(ShareFiles files, Path folder, Clock clock) {
    this.files = files;
    this.removal = new Removal(files, "owner\\.json|beat-[0-9a-f]{0,64}");
    this.folder = folder;
    this.lease = folder.resolve("lease");
    this.clock = clock;
  }

  /** What an observer sees of a lease; both empty where its owner's file cannot be read. */
  record Look(String nonce, String beat, Lease.Owner owner) {}

  boolean isTaken() throws IOException {
    return !files.absent(lease);
  }

  Optional<Look> look() throws IOException {
    String owner;
    try {
      owner = text(lease.resolve("owner.json"));
    } catch (NoSuchFileException e) {
      return files.absent(lease)
          ? Optional.empty()
          : Optional.of(
              new Look("", "", new Lease.Owner("somebody who left no name", Duration.ZERO)));
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

  /** When the owner wrote the last of its files; null where nobody has the lease. */
  @Nullable Long lastSign() throws IOException {
    Optional<Look> look = look();
    if (look.isEmpty()) {
      return null;
    }
    for (Path file : List.of(lease.resolve("beat-" + look.get().nonce()), lease)) {
      try {
        return files.stat(file).lastModifiedTime().toMillis();
      } catch (NoSuchFileException e) {
        LOG.debug("{} is not there yet, or no more", file);
      }
    }
    return null;
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

  private Lease.Owner describe(String owner) {
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
    return new Lease.Owner(who, Duration.ofMillis(held));
  }

  /** Makes the lease this owner's; false if somebody else was first. */
  boolean take(Author me, String nonce) throws IOException {
    Path mine = folder.resolve("taking-" + nonce);
    files.createDirectoryBelow(folder, mine);
    files.write(mine.resolve("owner.json"), ownerFile(me, nonce));
    return put(mine, nonce);
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
            removal.remove(mine);
          }
          return done;
        }
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private byte[] ownerFile(Author me, String nonce) {
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
  boolean takeAway(String nonce) throws IOException {
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
      removal.remove(left);
    } catch (IOException e) {
      LOG.debug("{} is left to be swept away", left, e);
    }
  }

  /** Deletes what is left of former owners, once it is too old to be anybody's. */
  void sweep(long writtenBefore) throws IOException {
    removal.sweep(folder, name -> name.matches(LEFT), writtenBefore);
  }

  boolean isStill(String nonce) throws IOException {
    try {
      return nonce(text(lease.resolve("owner.json"))).equals(nonce);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  void beat(String nonce, long count) throws IOException {
    byte[] text = Long.toString(count).getBytes(StandardCharsets.US_ASCII);
    files.overwrite(lease.resolve("beat-" + nonce), text);
  }
}
