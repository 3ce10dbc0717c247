package tidemark.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** What the first bytes of a SQLite file tell, read past all locks. */
public final class FileHeader {
  private static final int LENGTH = 100;
  private static final int WRITE_VERSION = 18;
  private static final int WAL = 2;
  private static final int CHANGE_COUNTER = 24;
  private static final int USER_VERSION = 60;
  private static final int APPLICATION_ID = 68;

  /** Of a file that is missing or too short: all zero. */
  public static final FileHeader NONE = new FileHeader(ByteBuffer.allocate(LENGTH));

  private final ByteBuffer bytes;

  private FileHeader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  public static FileHeader of(InputStream file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    file.readNBytes(bytes.array(), 0, LENGTH);
    return new FileHeader(bytes);
  }

  public int applicationId() {
    return bytes.getInt(APPLICATION_ID);
  }

  public int userVersion() {
    return bytes.getInt(USER_VERSION);
  }

  /** SQLite's own count of changes. */
  public int changes() {
    return bytes.getInt(CHANGE_COUNTER);
  }

  public boolean isWal() {
    return bytes.get(WRITE_VERSION) == WAL;
  }
}
