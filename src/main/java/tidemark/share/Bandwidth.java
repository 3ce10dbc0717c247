package tidemark.share;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;

/**
 * How much may be read from and written to the share each second, together.
 *
 * <p>Threading: may be shared by all who are to keep the limit together.
 */
public final class Bandwidth {
  public static final Bandwidth UNLIMITED = new Bandwidth(OptionalLong.empty());

  private static final double SECOND = 1e9;

  private final OptionalLong limit;
  private long free;
  private boolean begun;

  /**
   * @param limit bytes a second
   */
  public Bandwidth(OptionalLong limit) {
    this.limit = limit;
  }

  /** As much as is carried in one go, so that the wire is taken for a tenth of a second at most. */
  private int slice(int wanted) {
    return (int) Math.max(1, Math.min(wanted, limit.getAsLong() / 10));
  }

  /** Returns when more may be carried. */
  private void carried(long bytes, Pace pace) {
    long wait = untilFree(Math.max(0, bytes), pace.nanos());
    if (wait > 0) {
      pace.pause(wait);
    }
  }

  private synchronized long untilFree(long bytes, long now) {
    free = begun ? Math.max(free, now) : now;
    begun = true;
    free += (long) (bytes * SECOND / limit.getAsLong());
    return (free - now) / 1_000_000;
  }

  public InputStream slowed(InputStream in, Pace pace) {
    if (limit.isEmpty()) {
      return in;
    }
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        int value = in.read();
        carried(value < 0 ? 0 : 1, pace);
        return value;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        int read = in.read(bytes, from, length == 0 ? 0 : slice(length));
        carried(read, pace);
        return read;
      }
    };
  }

  public OutputStream slowed(OutputStream out, Pace pace) {
    if (limit.isEmpty()) {
      return out;
    }
    return new FilterOutputStream(out) {
      @Override
      public void write(int value) throws IOException {
        out.write(value);
        carried(1, pace);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        int end = from + length;
        for (int at = from; at < end; ) {
          int slice = slice(end - at);
          out.write(bytes, at, slice);
          carried(slice, pace);
          at += slice;
        }
      }
    };
  }
}
