package tidemark.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tidemark.change.RawText;
import tidemark.change.Values;
import tidemark.replica.Affinity;
import tidemark.replica.TableShape.Column;
import tidemark.serve.RefusedException;

/**
 * Values as programs know them: null, numbers and text; blobs are base64 text.
 *
 * <p>Guarantee: a value that is put back as it was read is kept as it is, to the bit, though JSON
 * cannot tell all values apart. Threading: no state.
 */
final class ProgramValue {
  private ProgramValue() {}

  // ---- out

  static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    Object shown = shown(value);
    if (shown instanceof Long whole) {
      json.writeNumber(whole);
    } else if (shown instanceof Double real) {
      json.writeNumber(real);
    } else if (shown == null) {
      json.writeNull();
    } else {
      json.writeString((String) shown);
    }
  }

  /** As null, Long, Double or String. */
  static @Nullable Object shown(@Nullable Object value) {
    if (value instanceof byte[] blob) {
      return Base64.getEncoder().encodeToString(blob);
    }
    if (value instanceof RawText raw) {
      return new String(raw.bytes(), StandardCharsets.UTF_8);
    }
    if (value instanceof Double real && !Double.isFinite(real)) {
      return real.isNaN() ? null : real.toString();
    }
    return value;
  }

  // ---- in

  /**
   * What a field is to hold.
   *
   * @param sent as JSON was read
   * @param here what it holds now; null also where there is no row
   */
  static @Nullable Object taken(@Nullable Object sent, Column column, @Nullable Object here) {
    Object plain = plain(sent, column);
    if (here != null && isSame(plain, shown(here))) {
      return here;
    }
    if (plain instanceof String text && isForBlobs(column)) {
      byte[] blob = blob(text);
      return blob == null ? text : blob;
    }
    return plain;
  }

  private static @Nullable Object plain(@Nullable Object sent, Column column) {
    if (sent instanceof Boolean truth) {
      return truth ? 1L : 0L; // as SQLite itself has them
    }
    if (sent instanceof Integer number) {
      return number.longValue();
    }
    if (sent instanceof BigInteger || sent instanceof BigDecimal) {
      throw notTaken(column, "a number that SQLite cannot hold", "Send it as text.");
    }
    if (sent instanceof Map<?, ?> || sent instanceof Iterable<?>) {
      throw notTaken(
          column, "an object or an array", "Values are null, numbers and text; send JSON as text.");
    }
    return sent;
  }

  private static RefusedException notTaken(Column column, String what, String hint) {
    return RefusedException.with(422, column.name() + " is " + what, hint);
  }

  /** JSON of other programs does not tell 5 from 5.0. */
  private static boolean isSame(@Nullable Object sent, @Nullable Object shown) {
    if (sent instanceof Number one && shown instanceof Number other) {
      return one.equals(other)
          || (isExact(one) && isExact(other) && one.doubleValue() == other.doubleValue());
    }
    return Values.same(sent, shown);
  }

  private static boolean isExact(Number number) {
    return !(number instanceof Long whole) || Math.abs(whole) <= 1L << 53;
  }

  private static boolean isForBlobs(Column column) {
    return column.type().toUpperCase(Locale.ROOT).contains("BLOB");
  }

  private static byte @Nullable [] blob(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** A part of a key as SQLite will store it. */
  static @Nullable Object keyPart(@Nullable Object sent, Column column) {
    Object taken = taken(sent, column, null);
    if (taken instanceof String text) {
      return fromAddress(text, column);
    }
    return taken instanceof Number && column.affinity() == Affinity.TEXT ? taken.toString() : taken;
  }

  /** A part of a key as an address has it. */
  static Object fromAddress(String text, Column column) {
    boolean number =
        column.affinity() == Affinity.INTEGER
            || column.affinity() == Affinity.NUMERIC
            || column.affinity() == Affinity.REAL;
    return number ? asNumber(text) : text;
  }

  private static Object asNumber(String text) {
    if (text.matches("-?\\d{1,18}")) {
      return Long.parseLong(text);
    }
    return text.matches("-?\\d{1,18}\\.\\d{1,18}([eE][+-]?\\d{1,3})?")
        ? (Object) Double.parseDouble(text)
        : text;
  }

  /** The same as a number or a blob, where it is text and may be one; else as it is. */
  static Object otherKind(Object part, String text) {
    if (!(part instanceof String)) {
      return part;
    }
    Object number = asNumber(text);
    return number instanceof String ? Objects.requireNonNullElse(blob(text), part) : number;
  }
}
