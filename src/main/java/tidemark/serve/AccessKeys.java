package tidemark.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.serve.AccessKey.Right;
import tidemark.serve.KeysFile.Stamp;

/**
 * Who may come in: the keys, of which the file holds no secret, only what proves it.
 *
 * <p>Guarantee: what anybody changes in the file holds here less than a second later, without a
 * thread that looks for it. A file that is away, cannot be read or is damaged opens nothing; that
 * is said in the log, once. Wrong answers are all alike and take the same work, whatever is wrong.
 * Commit point: see {@link KeysFile}. Threading: any.
 */
public final class AccessKeys {
  private static final Logger LOG = LoggerFactory.getLogger(AccessKeys.class);

  private static final long LOOK_EVERY_MILLIS = 300;
  private static final long NEVER = -1;

  /** What is compared where there is no such key; no secret is known for it. */
  private static final String NOBODYS = "0".repeat(64);

  private final KeysFile file;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  private volatile Map<String, AccessKey> inForce = Map.of();
  private volatile long lookedAt = NEVER;

  /** What {@link #inForce} was read from; null: that could not be read. */
  private @Nullable Stamp seen;

  private String told = "";

  public AccessKeys(Path file, Clock clock) {
    this.file = new KeysFile(file);
    this.clock = clock;
  }

  /**
   * A key that was just made.
   *
   * @param text what its user is to be given; nobody can ever read it again
   */
  public record Created(AccessKey key, String text) {
    /** As it may stand in a log. */
    @Override
    public String toString() {
      return key.toString();
    }
  }

  /**
   * Makes one more; those that the user has stay, so that they can be exchanged without a gap.
   *
   * @param databases empty: all
   * @param tables empty: all
   * @param lasts null: until it is revoked
   */
  public Created create(
      String user, Right may, Set<String> databases, Set<String> tables, @Nullable Duration lasts) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Instant expires = lasts == null ? null : now.plus(lasts);
    KeyText text;
    AccessKey key;
    do {
      text = KeyText.fresh(random);
      key = new AccessKey(text.id(), user, may, databases, tables, now, expires, text.sha256());
    } while (!add(key));
    return new Created(key, text.text());
  }

  /** False where its id is another's. */
  private boolean add(AccessKey key) {
    boolean added = file.change(list -> list.with(key));
    lookedAt = NEVER;
    return added;
  }

  /** False where there is none of this id. */
  public boolean revoke(String id) {
    boolean gone = file.change(list -> list.without(id));
    lookedAt = NEVER;
    return gone;
  }

  /** All, in the order in which they were made; also those that have expired. */
  public List<AccessKey> list() {
    return List.copyOf(file.read().keys().values());
  }

  /** Whose key this is; empty where it opens nothing, whatever may be the reason. */
  public Optional<AccessKey> check(String presented) {
    look();
    KeyText text = KeyText.of(presented);
    AccessKey key = inForce.get(text.id());
    String wanted = key == null ? NOBODYS : key.sha256();
    boolean same =
        MessageDigest.isEqual(
            text.sha256().getBytes(US_ASCII), wanted.getBytes(US_ASCII)); // takes always as long
    return same && key != null && key.isValidAt(clock.instant())
        ? Optional.of(key)
        : Optional.empty();
  }

  /** Whether one that was checked still holds, for answers that take long. */
  public boolean stands(AccessKey key) {
    look();
    return key.equals(inForce.get(key.id())) && key.isValidAt(clock.instant());
  }

  private void look() {
    if (isDue()) {
      synchronized (this) {
        if (isDue()) {
          long now = clock.millis(); // before it looks, so that no change falls between
          takeUp();
          lookedAt = now;
        }
      }
    }
  }

  /** Also where the clock was set back. */
  private boolean isDue() {
    long last = lookedAt;
    return last == NEVER || Math.abs(clock.millis() - last) >= LOOK_EVERY_MILLIS;
  }

  private void takeUp() {
    boolean known = false;
    try {
      Stamp now = file.stamp(); // before its content: what comes meanwhile is seen the next time
      if (!now.equals(seen)) {
        Map<String, AccessKey> found = file.read().keys();
        tellOfBetter(now);
        inForce = found;
        seen = now;
      }
      known = true;
    } catch (Failure failure) {
      tell(failure);
    } finally {
      if (!known) { // whatever went wrong
        inForce = Map.of();
        seen = null;
      }
    }
  }

  private void tellOfBetter(Stamp now) {
    if (now.equals(Stamp.NONE) && (seen != null || !told.isEmpty())) {
      LOG.warn("{} is gone, so no key opens anything", file);
    } else if (!told.isEmpty()) {
      LOG.info("{} can be read again", file);
    }
    told = "";
  }

  private void tell(Failure failure) {
    if (!told.equals(failure.told())) {
      LOG.error("{}", failure.told());
      told = failure.told();
    }
  }
}
