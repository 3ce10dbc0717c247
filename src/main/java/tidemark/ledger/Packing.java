package tidemark.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  /** Fails before it allocates or unpacks more than the limit. */
  static byte[] unpack(byte[] packed, int limit) throws DamagedEntryException {
    if (packed.length < HEADER.length + TRAILER) {
      throw new DamagedEntryException("it was cut short");
    }
    if (!ByteBuffer.wrap(packed, 0, HEADER.length).equals(ByteBuffer.wrap(HEADER))) {
      throw new DamagedEntryException("it does not begin as a packed entry does");
    }
    ByteBuffer trailer = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
    int crc = trailer.getInt(packed.length - TRAILER);
    long size = Integer.toUnsignedLong(trailer.getInt(packed.length - TRAILER + 4));
    if (size > packed.length * GREATEST_RATIO) {
      throw new DamagedEntryException("it was cut short");
    }
    if (size > limit) {
      throw new Failure(
          Failure.REFUSED,
          "an entry of " + size + " bytes, more than any Tidemark writes",
          "Find out who put it there; restore the ledger's folder from before that.");
    }
    byte[] bytes = inflate(packed, (int) size);
    if (crc(bytes, bytes.length) != crc) {
      throw new DamagedEntryException("its bytes do not fit its check sum");
    }
    return bytes;
  }

  private static byte[] inflate(byte[] packed, int size) throws DamagedEntryException {
    byte[] bytes = new byte[size];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed, HEADER.length, packed.length - HEADER.length);
      int length = 0;
      while (length < size) {
        int more = inflater.inflate(bytes, length, size - length);
        if (more == 0) {
          throw new DamagedEntryException("it is shorter than it says");
        }
        length += more;
      }
      boolean longer = inflater.inflate(new byte[1]) > 0;
      if (longer || !inflater.finished() || inflater.getRemaining() != TRAILER) {
        throw new DamagedEntryException("it is longer than it says");
      }
      return bytes;
    } catch (DataFormatException e) {
      throw new DamagedEntryException("it cannot be unpacked");
    } finally {
      inflater.end();
    }
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
