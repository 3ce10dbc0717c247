package tidemark.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a browser comes to be trusted: who knows the token gets a code, whoever brings that code gets
 * a session, whose cookie is good for thirty days.
 *
 * <p>Guarantee: a code is good once and for a minute. A session outlives the daemon, as its cookie
 * is signed with a key in the state folder; without that file no cookie is good any more.
 * Threading: may be shared.
 */
final class Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
  static final Duration CODE_LIFE = Duration.ofSeconds(60);
  static final Duration LIFE = Duration.ofDays(30);
  private static final String SIGNATURE = "HmacSHA256";
  private static final String KEY_FILE = "page.key";
  private static final int KEY = 32;
  private static final int NAME = 16;
  private static final int CODES = 100;

  private final Path file;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Instant> codes = new HashMap<>();
  private byte @Nullable [] key;

  Sessions(Path state, Clock clock) {
    this.file = state.resolve(KEY_FILE);
    this.clock = clock;
  }

  /**
   * A browser that is trusted from now on.
   *
   * @param name stands in the page's address, and is no secret
   * @param cookie what proves that it is this browser
   */
  record Session(String name, String cookie) {}

  synchronized String newCode() {
    Instant now = clock.instant();
    codes.values().removeIf(until -> until.isBefore(now));
    if (codes.size() >= CODES) {
      throw new Problem(429, "too many asked for the page within a minute", "Wait a minute.");
    }
    String code = random(KEY);
    codes.put(code, now.plus(CODE_LIFE));
    return code;
  }

  /** Empty where the code was never given, was used, or is too old. */
  synchronized Optional<Session> open(String code) {
    Instant until = codes.remove(code);
    Instant now = clock.instant();
    if (until == null || until.isBefore(now)) {
      return Optional.empty();
    }
    String name = random(NAME);
    String end = Long.toString(now.plus(LIFE).getEpochSecond());
    return Optional.of(new Session(name, end + "." + signature(name, end)));
  }

  /** Whether this cookie belongs to this session and is still good. */
  synchronized boolean isOpen(String name, String cookie) {
    int dot = cookie.indexOf('.');
    String end = dot < 0 ? "" : cookie.substring(0, dot);
    return end.matches("\\d{1,12}")
        && Long.parseLong(end) > clock.instant().getEpochSecond()
        && MessageDigest.isEqual(
            signature(name, end).getBytes(UTF_8), cookie.substring(dot + 1).getBytes(UTF_8));
  }

  private String signature(String name, String end) {
    try {
      Mac mac = Mac.getInstance(SIGNATURE);
      mac.init(new SecretKeySpec(key(), SIGNATURE));
      return HexFormat.of().formatHex(mac.doFinal((name + " " + end).getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private byte[] key() {
    byte[] known = key;
    if (known == null) {
      known = read().orElseGet(this::made);
      key = known;
    }
    return known;
  }

  private Optional<byte[]> read() {
    try {
      byte[] read = HexFormat.of().parseHex(Files.readString(file, UTF_8).strip());
      return read.length == KEY ? Optional.of(read) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} is not readable and is made anew; pages have to be opened again", file);
      return Optional.empty();
    }
  }

  private byte[] made() {
    String fresh = random(KEY);
    OwnersFile.write(file, fresh + "\n");
    return HexFormat.of().parseHex(fresh);
  }

  private String random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
