package tidemark.ledger;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Position;

/**
 * What is said of a snapshot's packed file: the position it stands at, and size and SHA-256 of the
 * database in it.
 */
public record SnapshotFile(Position position, long size, String sha256) {
  private static final int BUFFER = 1 << 20;

  /** Why a snapshot is as good as none. */
  public static final class UnusableException extends IOException {
    private static final long serialVersionUID = 1;

    public UnusableException(String why) {
      super(why);
    }
  }

  public byte[] bytes() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("number", position.number());
    fields.put("hash", position.hash());
    fields.put("size", size);
    fields.put("sha256", sha256);
    return Json.objectText(fields).getBytes(StandardCharsets.UTF_8);
  }

  /** What stands in its description; whatever else stands there is passed over. */
  public static SnapshotFile read(long number, byte[] description) throws UnusableException {
    Map<String, @Nullable Object> fields;
    try {
      fields = Json.object(new String(description, StandardCharsets.UTF_8));
    } catch (Failure e) {
      throw new UnusableException(e.whatFailed());
    }
    if (fields.get("number") instanceof Long named
        && named == number
        && fields.get("hash") instanceof String hash
        && fields.get("size") instanceof Long size
        && fields.get("sha256") instanceof String sha256) {
      return new SnapshotFile(new Position(number, hash), size, sha256);
    }
    throw new UnusableException("its description is not whole");
  }

  /**
   * Unpacks it, no more than one piece beyond what it is said to have.
   *
   * @param room so many bytes can be written
   */
  public void unpack(InputStream packed, OutputStream out, long room) throws IOException {
    if (size > room) {
      throw new UnusableException(
          "it says it has " + size + " bytes, and here is room for " + room);
    }
    MessageDigest digest = EntryFile.sha256();
    long read = 0;
    try (InputStream in = new DigestInputStream(new GZIPInputStream(packed, 64 << 10), digest)) {
      byte[] piece = new byte[BUFFER];
      for (int length = in.read(piece); length >= 0 && read <= size; length = in.read(piece)) {
        out.write(piece, 0, length);
        read += length;
      }
    } catch (ZipException | EOFException e) {
      throw new UnusableException(String.valueOf(e.getMessage()));
    }
    if (read != size || !HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
      throw new UnusableException("it does not fit its check sum");
    }
  }
}
