package tidemark.replica;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tidemark.change.Columns;
import tidemark.change.RawText;
import tidemark.change.Row;
import tidemark.change.Values;

/**
 * Tells whether a row's content changed without keeping the content.
 *
 * <p>Sync columns and values equal to their column's default are left out, so that an added column
 * changes no digest. Threading: one thread at a time.
 */
final class Digest {
  /** What was there is not known any more; equals no digest. */
  static final byte[] UNKNOWN = new byte[0];

  private static final int LENGTH = 16;

  private final Map<String, @Nullable Object> defaults;
  private final Map<Columns, Part[]> plans = new HashMap<>();
  private final MessageDigest sha;
  private ByteBuffer buffer = ByteBuffer.allocate(4096);

  /**
   * @param defaults value of each column that counts as nothing; a column that is not named counts
   *     always
   */
  Digest(Map<String, @Nullable Object> defaults) {
    this.defaults = defaults;
    try {
      this.sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * A column in its turn.
   *
   * @param name as it stands in the digest, before each of its values
   */
  private record Part(int place, byte[] name, boolean hasDefault, @Nullable Object defaultValue) {}

  byte[] of(Row row) {
    Part[] parts = plans.computeIfAbsent(row.columns(), this::plan);
    buffer.clear();
    for (Part part : parts) {
      Object value = row.values()[part.place()];
      if (part.hasDefault() && Values.same(value, part.defaultValue())) {
        continue;
      }
      room(part.name().length).put(part.name());
      add(value);
    }
    sha.update(buffer.array(), 0, buffer.position());
    return Arrays.copyOf(sha.digest(), LENGTH);
  }

  /** In the order of the names, so that two databases may order their columns differently. */
  private Part[] plan(Columns columns) {
    List<String> names = columns.names();
    return IntStream.range(0, names.size())
        .filter(i -> !SyncColumns.contains(names.get(i)))
        .boxed()
        .sorted(Comparator.comparing(names::get))
        .map(
            i ->
                new Part(
                    i,
                    named(names.get(i).getBytes(StandardCharsets.UTF_8)),
                    defaults.containsKey(names.get(i)),
                    defaults.get(names.get(i))))
        .toArray(Part[]::new);
  }

  private static byte[] named(byte[] name) {
    return ByteBuffer.allocate(5 + name.length)
        .put((byte) 'n')
        .putInt(name.length)
        .put(name)
        .array();
  }

  private void add(@Nullable Object value) {
    if (value == null) {
      room(1).put((byte) '0');
    } else if (value instanceof Long number) {
      room(9).put((byte) 'i').putLong(number);
    } else if (value instanceof Double real) {
      room(9).put((byte) 'r').putLong(Double.doubleToRawLongBits(real));
    } else if (value instanceof String text) {
      bytes('t', text.getBytes(StandardCharsets.UTF_8));
    } else if (value instanceof RawText raw) {
      bytes('t', raw.bytes());
    } else {
      bytes('b', (byte[]) value);
    }
  }

  private void bytes(char kind, byte[] bytes) {
    room(5 + bytes.length).put((byte) kind).putInt(bytes.length).put(bytes);
  }

  private ByteBuffer room(int wanted) {
    if (buffer.remaining() < wanted) {
      buffer.flip();
      buffer =
          ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.limit() + wanted)).put(buffer);
    }
    return buffer;
  }
}
