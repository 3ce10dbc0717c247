package tidemark.ledger.http;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tidemark.ledger.EntryFile;

/** What both ends of the place over HTTP go by: docs/LEDGER.md tells it. Threading: no state. */
public final class Wire {
  /** Below it, the name of what is lent. */
  public static final String ROOT = "/v1/";

  /** On every answer: else something answered that is no Tidemark server. */
  public static final String SIGN = "Tidemark-Place";

  public static final String VERSION = "1";

  /** Number and hash of the head as the author of an entry has seen it. */
  public static final String EXPECT_HEAD = "Expect-Head";

  public static final String JSON = "application/json";
  public static final String ENTRIES = "application/vnd.tidemark.entries";
  public static final String ENTRY = "application/gzip";

  /** So many entries are sent at once, and no more once they have so many bytes. */
  public static final int MOST_ENTRIES = 256;

  public static final long MOST_BYTES = 4 << 20;

  private Wire() {}

  /** One of several entries: its length, then its bytes. */
  public static void write(OutputStream out, byte[] packed) throws IOException {
    DataOutputStream framed = new DataOutputStream(out);
    framed.writeInt(packed.length);
    framed.write(packed);
  }

  /** The next of them, or null after the last. */
  static byte @Nullable [] read(InputStream in) throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    DataInputStream framed = new DataInputStream(in);
    int length =
        first << 24
            | framed.readUnsignedByte() << 16
            | framed.readUnsignedByte() << 8
            | framed.readUnsignedByte();
    if (length < 0 || length > EntryFile.MAX_PACKED) {
      throw new IOException("an entry of " + length + " bytes was announced");
    }
    byte[] packed = framed.readNBytes(length);
    if (packed.length < length) {
      throw new EOFException("the answer broke off");
    }
    return packed;
  }
}
