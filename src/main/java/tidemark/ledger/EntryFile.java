package tidemark.ledger;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Conflict;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.RawText;
import tidemark.change.Row;

/**
 * Entries as the bytes of `entry.jsonl.gz`: a header line, definitions, changes, conflicts, and a
 * trailer with the SHA-256 of all lines before it, which is the entry's hash. docs/LEDGER.md
 * describes them.
 *
 * <p>Guarantee: what {@link #decode} returns is bit for bit what {@link #encode} was given; bytes
 * that are not whole throw {@link DamagedEntryException}, whole ones that break the rules or are of
 * a newer format {@link Failure} REFUSED. Threading: no state.
 */
public final class EntryFile {
  public static final int FORMAT = 1;

  /** Rows after which a writer begins another entry. */
  public static final int ENTRY_ROWS = 5_000;

  /** Weight after which a writer begins another entry. */
  public static final int ENTRY_BYTES = 8 << 20;

  /** A row above this weight cannot travel. */
  public static final int MAX_ROW_BYTES = 48 << 20;

  static final int MAX_UNPACKED = 256 << 20;

  /** Base64 of random bytes, the worst there is, packs to three quarters. */
  static final int MAX_PACKED = MAX_UNPACKED / 4 * 3;

  private static final byte[] TRAILER_START = "{\"sha256\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRAILER_END = "\"}\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HASH = 64;
  private static final int TRAILER = TRAILER_START.length + HASH + TRAILER_END.length;

  private EntryFile() {}

  /** An entry together with the bytes it is on the share. */
  public record Packed(Entry entry, byte[] bytes) {}

  /** Checks what a reader will check, then writes. */
  public static Packed encode(
      long number, String id, String previous, long at, Author author, Draft draft) {
    EntryRules.check(author, draft);
    Bytes lines = new Bytes(64 << 10);
    try (JsonGenerator json = Json.FACTORY.createGenerator(lines)) {
      new EntryWriter(json, author, at).write(number, id, previous, draft);
    } catch (IOException e) {
      throw new Failure(
          Failure.REFUSED,
          "the changes cannot be written as an entry: " + e.getMessage(),
          "Look for text that is not valid Unicode among the rows that wait.",
          e);
    }
    lines.write('\n');
    String hash = sha256(lines.array(), lines.size());
    lines.write(TRAILER_START, 0, TRAILER_START.length);
    lines.writeBytes(hash.getBytes(StandardCharsets.US_ASCII));
    lines.write(TRAILER_END, 0, TRAILER_END.length);
    if (lines.size() > MAX_UNPACKED) {
      throw EntryRules.refused(lines.size() + " bytes");
    }
    Entry entry =
        new Entry(
            number,
            id,
            previous,
            hash,
            at,
            author,
            draft.definitions(),
            draft.changes(),
            draft.conflicts());
    return new Packed(entry, Packing.pack(lines.array(), lines.size()));
  }

  public static Entry decode(byte[] packed) throws DamagedEntryException {
    if (packed.length > MAX_PACKED) {
      throw EntryRules.refused(packed.length + " packed bytes");
    }
    byte[] lines = Packing.unpack(packed, MAX_UNPACKED);
    int end = lines.length - TRAILER;
    String hash = end > 0 ? announced(lines, end) : null;
    if (hash == null || !hash.equals(sha256(lines, end))) {
      EntryReader.refuseNewer(lines); // whose trailer may well be another
      throw new DamagedEntryException("its lines do not fit their check sum");
    }
    return EntryReader.read(lines, end, hash);
  }

  private static @Nullable String announced(byte[] lines, int at) {
    int hash = at + TRAILER_START.length;
    boolean framed =
        Arrays.equals(lines, at, hash, TRAILER_START, 0, TRAILER_START.length)
            && Arrays.equals(lines, hash + HASH, lines.length, TRAILER_END, 0, TRAILER_END.length);
    return framed ? new String(lines, hash, HASH, StandardCharsets.US_ASCII) : null;
  }

  static String sha256(byte[] bytes, int length) {
    MessageDigest digest = sha256();
    digest.update(bytes, 0, length);
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** About how many bytes a change takes in an entry, before packing; never far too few. */
  public static long weight(Change change) {
    long weight = 50L + change.by().length() + change.token().length();
    for (int i = 0; i < change.key().size(); i++) {
      weight += valueWeight(change.key().part(i));
    }
    Row row = change.row();
    if (row != null) {
      for (Object value : row.values()) {
        weight += valueWeight(value);
      }
    }
    return weight;
  }

  /** About how many bytes a conflict takes in an entry, before packing. */
  public static long weight(Conflict conflict) {
    return 500L
        + valueWeight(conflict.key())
        + valueWeight(conflict.localData())
        + valueWeight(conflict.remoteData());
  }

  private static long valueWeight(@Nullable Object value) {
    if (value instanceof String text) {
      return text.length() < 1000 ? text.length() + 3L : textWeight(text);
    }
    if (value instanceof byte[] blob) {
      return blob.length / 3 * 4L + 12;
    }
    if (value instanceof RawText raw) {
      return raw.bytes().length / 3 * 4L + 12;
    }
    return 8;
  }

  /** Long text is counted exactly: a million control characters take six million bytes. */
  private static long textWeight(String text) {
    long weight = 3;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || Character.isSurrogate(c)) {
        weight += 6;
      } else if (c < 0x80) {
        weight += c == '"' || c == '\\' ? 2 : 1;
      } else {
        weight += c < 0x800 ? 2 : 3;
      }
    }
    return weight;
  }
}
