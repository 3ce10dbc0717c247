package tidemark.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes one gzip member, fastest level, whose pieces are deflated by several processors at once:
 * each ends at a whole byte, for the next to follow.
 *
 * <p>Threading: one caller at a time.
 */
public final class Gzip {
  static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, (byte) 0xff};
  static final int TRAILER = 8;

  private static final int PIECE = 1 << 20;
  private static final int PIECES = 8;

  /** The last block of a deflate stream, with nothing in it. */
  private static final byte[] END = {3, 0};

  private final OutputStream out;
  private final CRC32 crc = new CRC32();
  private long size;

  Gzip(OutputStream out) throws IOException {
    this.out = out;
    out.write(HEADER);
  }

  /** Packs all that comes in; says how much that was. Closes neither. */
  public static long pack(InputStream in, OutputStream out) throws IOException {
    Gzip gzip = new Gzip(out);
    List<Bytes> pieces = new ArrayList<>();
    while (true) {
      Bytes piece = new Bytes(in.readNBytes(PIECE));
      if (piece.size() > 0) {
        pieces.add(piece);
      }
      boolean end = piece.size() < PIECE;
      if (end || pieces.size() == PIECES) {
        gzip.write(pieces);
        pieces.clear();
      }
      if (end) {
        gzip.finish();
        return gzip.size;
      }
    }
  }

  void write(List<Bytes> pieces) throws IOException {
    for (Bytes deflated : pieces.parallelStream().map(Gzip::deflate).toList()) {
      deflated.writeTo(out);
    }
    for (Bytes piece : pieces) {
      crc.update(piece.array(), 0, piece.size());
      size += piece.size();
    }
  }

  /** Leaves the stream open. */
  void finish() throws IOException {
    out.write(END);
    ByteBuffer trailer = ByteBuffer.allocate(TRAILER).order(ByteOrder.LITTLE_ENDIAN);
    out.write(trailer.putInt((int) crc.getValue()).putInt((int) size).array());
  }

  private static Bytes deflate(Bytes piece) {
    Bytes deflated = new Bytes(piece.size() / 3 + 100);
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(piece.array(), 0, piece.size());
      byte[] chunk = new byte[64 << 10];
      int length = chunk.length;
      while (length == chunk.length) {
        length = deflater.deflate(chunk, 0, chunk.length, Deflater.SYNC_FLUSH);
        deflated.write(chunk, 0, length);
      }
      return deflated;
    } finally {
      deflater.end();
    }
  }
}
