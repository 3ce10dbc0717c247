package tidemark.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A key as its user has it: {@code tmk_<id>_<secret>}.
 *
 * <p>A secret is as hard to guess as 32 random bytes. So its plain SHA-256 may lie on a disk: what
 * makes passwords slow to try would make every request slow, and nothing safer.
 */
record KeyText(String id, String secret) {
  private static final String START = "tmk_";
  private static final String LETTERS =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  /** How many of them an id is made of: so none of the capitals. */
  private static final int LOWER_CASE = 36;

  private static final int ID = 8;

  /** 62 to the power of 43 is more than 2 to the power of 256. */
  private static final int SECRET = 43;

  /** Several times a key; what is longer is not looked at any further. */
  private static final int MOST = 200;

  /** One that nobody has had; its id may be another's. */
  static KeyText fresh(SecureRandom random) {
    return new KeyText(letters(random, LOWER_CASE, ID), letters(random, LETTERS.length(), SECRET));
  }

  private static String letters(SecureRandom random, int ofThese, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(LETTERS.charAt(random.nextInt(ofThese)));
    }
    return text.toString();
  }

  /** What somebody presents, be it what it may: rubbish is a secret that belongs to no id. */
  static KeyText of(String presented) {
    String text = presented.length() > MOST ? presented.substring(0, MOST) : presented;
    int middle = START.length() + ID;
    boolean isKey = text.startsWith(START) && text.length() > middle && text.charAt(middle) == '_';
    return isKey
        ? new KeyText(text.substring(START.length(), middle), text.substring(middle + 1))
        : new KeyText("", text);
  }

  /** The one time that it is shown. */
  String text() {
    return START + id + "_" + secret;
  }

  /** SHA-256 of the secret, in lower-case hex. */
  String sha256() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(secret.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** As it may stand in a log. */
  @Override
  public String toString() {
    return "key " + id;
  }
}
