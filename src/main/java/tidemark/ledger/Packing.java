package tidemark.ledger;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import tidemark.change.Failure;

/**
 * An entry's gzip: one member, always the same ten bytes of header, fastest level.
 *
 * <p>Stricter than gzip itself, which overlooks flipped bits in its header and bytes after its end.
 */
final class Packing {
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, (byte) 0xff};
  private static final int TRAILER = 8;

  /** No deflate stream can grow by more; whoever announces more lies. */
  private static final long GREATEST_RATIO = 1032;

  private Packing() {}

  /** Packs these pieces, each on its own, to one gzip member. */
  static byte[] pack(List<Bytes> pieces) {
    int last = pieces.size() - 1;
    List<Bytes> deflated =
        IntStream.rangeClosed(0, last)
            .parallel()
            .mapToObj(i -> deflate(pieces.get(i), i == last))
            .toList();
    CRC32 crc = new CRC32();
    int size = 0;
    for (Bytes piece : pieces) {
      crc.update(piece.array(), 0, piece.size());
      size += piece.size();
    }
    Bytes packed =
        new Bytes(HEADER.length + deflated.stream().mapToInt(Bytes::size).sum() + TRAILER);
    packed.writeBytes(HEADER);
    deflated.forEach(piece -> packed.write(piece.array(), 0, piece.size()));
    ByteBuffer trailer = ByteBuffer.allocate(TRAILER).order(ByteOrder.LITTLE_ENDIAN);
    trailer.putInt((int) crc.getValue()).putInt(size);
    packed.writeBytes(trailer.array());
    return packed.toByteArray();
  }

  /**
   * One piece of a deflate stream; all but the last end at a whole byte, for the next to follow.
   */
  private static Bytes deflate(Bytes piece, boolean last) {
    Bytes packed = new Bytes(piece.size() / 3 + 100);
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(piece.array(), 0, piece.size());
      int flush = Deflater.SYNC_FLUSH;
      if (last) {
        deflater.finish();
        flush = Deflater.NO_FLUSH;
      }
      byte[] chunk = new byte[64 << 10];
      int length = chunk.length;
      while (length == chunk.length) {
        length = deflater.deflate(chunk, 0, chunk.length, flush);
        packed.write(chunk, 0, length);
      }
      return packed;
    } finally {
      deflater.end();
    }
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
