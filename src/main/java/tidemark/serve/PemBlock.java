package tidemark.serve;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import tidemark.change.Failure;

/**
 * One part of a PEM file, between its BEGIN and its END; what stands around is for people.
 *
 * @param label such as {@code CERTIFICATE}
 * @param encrypted by a password, which a header says in the old form and the label in the new one
 */
record PemBlock(String label, boolean encrypted, byte[] der) {
  private static final String BEGIN = "-----BEGIN ";
  private static final String DASHES = "-----";

  private static final Pattern HEADER = Pattern.compile("(?m)^[\\w-]+:.*$");

  boolean isKey() {
    return label.endsWith("PRIVATE KEY");
  }

  static List<PemBlock> all(Path file, String text) {
    List<PemBlock> blocks = new ArrayList<>();
    int at = text.indexOf(BEGIN);
    while (at >= 0) {
      int body = text.indexOf(DASHES, at + BEGIN.length());
      String label = body < 0 ? "" : text.substring(at + BEGIN.length(), body);
      int end = body < 0 ? -1 : text.indexOf("-----END " + label + DASHES, body);
      if (end < 0) {
        throw new Failure(
            Failure.USAGE,
            file + " is cut short: what begins with " + BEGIN + label + " has no end",
            "Copy it anew, whole, from whoever made it.");
      }
      blocks.add(of(file, label, text.substring(body + DASHES.length(), end)));
      at = text.indexOf(BEGIN, end);
    }
    return blocks;
  }

  private static PemBlock of(Path file, String label, String body) {
    boolean encrypted = label.startsWith("ENCRYPTED") || body.contains("ENCRYPTED");
    return new PemBlock(label, encrypted, decoded(file, label, body));
  }

  private static byte[] decoded(Path file, String label, String body) {
    try {
      return Base64.getMimeDecoder().decode(HEADER.matcher(body).replaceAll(""));
    } catch (IllegalArgumentException e) {
      throw new Failure(
          Failure.USAGE,
          file + " is damaged: its " + label + " is no base64",
          "Copy it anew, as text, from whoever made it.",
          e);
    }
  }
}
