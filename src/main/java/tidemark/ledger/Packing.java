package tidemark.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import tidemark.change.Failure;

/**
 * An entry's gzip: one member, always the same ten bytes of header, fastest level.
 *
 * <p>Stricter than gzip itself, which overlooks flipped bits in its header and bytes after its end.
 */
final class Packing {
  private static final byte[] HEADER = Gzip.HEADER;
  private static final int TRAILER = Gzip.TRAILER;
  private static final int PIECE = 64 << 10;

  /** No deflate stream can grow by more; whoever announces more lies. */
  private static final long GREATEST_RATIO = 1032;

  private Packing() {}

  /** Packs these pieces, each by a processor of its own. */
  static byte[] pack(List<Bytes> pieces) {
    Bytes packed = new Bytes(pieces.stream().mapToInt(Bytes::size).sum() / 3 + 100);
    try {
      Gzip gzip = new Gzip(packed);
      gzip.write(pieces);
      gzip.finish();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return packed.toByteArray();
  }

  /**
   * Unpacks all of it once, in small pieces, and says how long it is.
   *
   * @param digest is told all but the end
   * @param end gets the last bytes, as many as it holds
   */
  static int check(byte[] packed, int limit, MessageDigest digest, byte[] end)
      throws DamagedEntryException {
    int size = announced(packed, limit);
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed, HEADER.length, packed.length - HEADER.length);
      CRC32 crc = new CRC32();
      byte[] piece = new byte[PIECE];
      for (int at = 0; at < size; ) {
        int length = inflater.inflate(piece, 0, Math.min(piece.length, size - at));
        if (length == 0) {
          throw new DamagedEntryException("it is shorter than it says");
        }
        crc.update(piece, 0, length);
        int lines = Math.max(0, Math.min(length, size - end.length - at));
        digest.update(piece, 0, lines);
        int behind = Math.max(0, at + lines - (size - end.length));
        if (size >= end.length) {
          System.arraycopy(piece, lines, end, behind, length - lines);
        }
        at += length;
      }
      boolean longer = inflater.inflate(new byte[1]) > 0;
      if (longer || !inflater.finished() || inflater.getRemaining() != TRAILER) {
        throw new DamagedEntryException("it is longer than it says");
      }
      if ((int) crc.getValue() != trailer(packed).getInt()) {
        throw new DamagedEntryException("its bytes do not fit its check sum");
      }
      return size;
    } catch (DataFormatException e) {
      throw new DamagedEntryException("it cannot be unpacked");
    } finally {
      inflater.end();
    }
  }

  /** What it says of its length; fails where that cannot be, or is more than the limit. */
  private static int announced(byte[] packed, int limit) throws DamagedEntryException {
    if (packed.length < HEADER.length + TRAILER) {
      throw new DamagedEntryException("it was cut short");
    }
    if (!ByteBuffer.wrap(packed, 0, HEADER.length).equals(ByteBuffer.wrap(HEADER))) {
      throw new DamagedEntryException("it does not begin as a packed entry does");
    }
    ByteBuffer trailer = trailer(packed);
    long size = Integer.toUnsignedLong(trailer.getInt(trailer.position() + 4));
    if (size > packed.length * GREATEST_RATIO) {
      throw new DamagedEntryException("it was cut short");
    }
    if (size > limit) {
      throw new Failure(
          Failure.REFUSED,
          "an entry of " + size + " bytes, more than any Tidemark writes",
          "Find out who put it there; restore the ledger's folder from before that.");
    }
    return (int) size;
  }

  private static ByteBuffer trailer(byte[] packed) {
    return ByteBuffer.wrap(packed, packed.length - TRAILER, TRAILER).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The first bytes of what was checked, unpacked while they are read. */
  static InputStream open(byte[] packed, int length) {
    Inflater inflater = new Inflater(true);
    inflater.setInput(packed, HEADER.length, packed.length - HEADER.length);
    return new InputStream() {
      private int left = length;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int from, int most) throws IOException {
        try {
          int read = left == 0 ? -1 : inflater.inflate(into, from, Math.min(most, left));
          left -= Math.max(0, read);
          return read;
        } catch (DataFormatException e) {
          throw new IOException("it was whole a moment ago", e);
        }
      }

      @Override
      public void close() {
        inflater.end();
      }
    };
  }
}
