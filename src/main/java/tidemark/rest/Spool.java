package tidemark.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An answer until it is whole: in memory, or in a file of its own once it is large. So who reads
 * slowly holds neither a connection to the database nor a state of it, and an answer that breaks
 * off is none. Threading: one thread.
 */
final class Spool extends OutputStream {
  private static final int IN_MEMORY = 1 << 20;

  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable Path file;
  private @Nullable OutputStream out;
  private long size;

  long size() {
    return size;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    size += count;
    if (out == null && size > IN_MEMORY) {
      Path made = Files.createTempFile("tidemark-answer", ".json");
      file = made;
      out = Files.newOutputStream(made);
      memory.writeTo(out);
      memory.reset();
    }
    OutputStream target = out == null ? memory : out;
    target.write(bytes, from, count);
  }

  /** All of it. */
  void to(OutputStream target) throws IOException {
    if (out == null) {
      memory.writeTo(target);
    } else if (file != null) {
      out.flush();
      Files.copy(file, target);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (out != null) {
        out.close();
      }
    } finally {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    }
  }
}
