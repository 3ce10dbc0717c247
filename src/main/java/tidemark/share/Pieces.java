package tidemark.share;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Streams of files on the share, in pieces, each of which shows that the share lives. */
public final class Pieces {
  private static final int SIZE = 256 << 10;

  private Pieces() {}

  public static InputStream of(InputStream in, Patience patience) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        return patience.await(in::read);
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        return patience.await(() -> in.read(bytes, from, Math.min(length, SIZE)));
      }

      @Override
      public void close() throws IOException {
        patience.await(
            () -> {
              in.close();
              return true;
            });
      }
    };
  }

  static OutputStream of(OutputStream out, Patience patience) {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        int end = from + length;
        for (int at = from; at < end; at += SIZE) {
          piece(bytes, at, Math.min(SIZE, end - at));
        }
      }

      private void piece(byte[] bytes, int from, int length) throws IOException {
        patience.await(
            () -> {
              out.write(bytes, from, length);
              return true;
            });
      }
    };
  }
}
