package tidemark.ledger;

import java.io.ByteArrayOutputStream;

/** Bytes being written to memory, which can be looked at without copying. Threading: one thread. */
final class Bytes extends ByteArrayOutputStream {
  Bytes(int capacity) {
    super(capacity);
  }

  /** These bytes, as if they had been written. */
  Bytes(byte[] written) {
    super(0);
    buf = written;
    count = written.length;
  }

  /** What was written stands at its beginning, {@link #size} bytes long. */
  byte[] array() {
    return buf;
  }
}
