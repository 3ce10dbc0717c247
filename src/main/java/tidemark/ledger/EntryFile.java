package tidemark.ledger;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Failure;
import tidemark.change.Json;

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
  public static final int ENTRY_ROWS = 1_200;

  /** Weight after which a writer begins another entry. */
  public static final int ENTRY_BYTES = 8 << 20;

  /** A row above this weight cannot travel. */
  public static final int MAX_ROW_BYTES = 48 << 20;

  /** Changes that one processor writes and packs while others do theirs. */
  private static final int PIECE = ENTRY_ROWS / 2;

  static final int MAX_UNPACKED = 256 << 20;

  /** Base64 of random bytes, the worst there is, packs to three quarters. */
  public static final int MAX_PACKED = (int) Math.min(MAX_UNPACKED / 4 * 3, Room.part(4));

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
    List<Bytes> lines = lines(number, id, previous, at, author, draft);
    String hash = sha256(lines);
    Bytes last = lines.get(lines.size() - 1);
    last.writeBytes(TRAILER_START);
    last.writeBytes(hash.getBytes(StandardCharsets.US_ASCII));
    last.writeBytes(TRAILER_END);
    long size = lines.stream().mapToLong(Bytes::size).sum();
    if (size > MAX_UNPACKED) {
      throw EntryRules.refused(size + " bytes");
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
    return new Packed(entry, Packing.pack(lines));
  }

  /** All lines but the trailer, in pieces that are written apart. */
  private static List<Bytes> lines(
      long number, String id, String previous, long at, Author author, Draft draft) {
    List<Change> changes = draft.changes();
    int last = Math.max(0, changes.size() - 1) / PIECE;
    return IntStream.rangeClosed(0, last)
        .parallel()
        .mapToObj(
            piece ->
                written(
                    writer -> {
                      if (piece == 0) {
                        writer.writeHeader(number, id, previous, draft.definitions());
                      } else {
                        writer.goOnAfter(changes.get(piece * PIECE - 1));
                      }
                      int end = Math.min(changes.size(), (piece + 1) * PIECE);
                      writer.writeChanges(changes.subList(piece * PIECE, end));
                      if (piece == last) {
                        writer.writeConflicts(draft.conflicts());
                      }
                    },
                    author,
                    at))
        .toList();
  }

  private interface Lines {
    void writeTo(EntryWriter writer) throws IOException;
  }

  private static Bytes written(Lines lines, Author author, long at) {
    Bytes bytes = new Bytes(64 << 10);
    try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
      lines.writeTo(new EntryWriter(json, author, at));
    } catch (IOException e) {
      throw new Failure(
          Failure.REFUSED,
          "the changes cannot be written as an entry: " + e.getMessage(),
          "Look for text that is not valid Unicode among the rows that wait.",
          e);
    }
    bytes.write('\n');
    return bytes;
  }

  /** Unpacks twice, to check and to read, rather than hold all of it in memory. */
  public static Entry decode(byte[] packed) throws DamagedEntryException {
    if (packed.length > MAX_PACKED) {
      throw EntryRules.refused(packed.length + " packed bytes");
    }
    try {
      MessageDigest digest = sha256();
      byte[] trailer = new byte[TRAILER];
      int size = Packing.check(packed, MAX_UNPACKED, digest, trailer);
      String hash = HexFormat.of().formatHex(digest.digest());
      if (size <= TRAILER || !hash.equals(announced(trailer))) {
        EntryReader.refuseNewer(Packing.open(packed, size)); // whose trailer may well be another
        throw new DamagedEntryException("its lines do not fit their check sum");
      }
      return EntryReader.read(Packing.open(packed, size - TRAILER), hash);
    } catch (OutOfMemoryError e) {
      throw Room.exceeded(e); // whatever else needs memory just now
    }
  }

  private static @Nullable String announced(byte[] trailer) {
    int hash = TRAILER_START.length;
    boolean framed =
        Arrays.equals(trailer, 0, hash, TRAILER_START, 0, hash)
            && Arrays.equals(trailer, hash + HASH, TRAILER, TRAILER_END, 0, TRAILER_END.length);
    return framed ? new String(trailer, hash, HASH, StandardCharsets.US_ASCII) : null;
  }

  private static String sha256(List<Bytes> pieces) {
    MessageDigest digest = sha256();
    pieces.forEach(piece -> digest.update(piece.array(), 0, piece.size()));
    return HexFormat.of().formatHex(digest.digest());
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
