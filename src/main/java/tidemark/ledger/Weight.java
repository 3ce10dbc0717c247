package tidemark.ledger;

import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Conflict;
import tidemark.change.RawText;
import tidemark.change.Row;

/** About how many bytes something takes in an entry, before packing. */
public final class Weight {
  private Weight() {}

  /** About how many bytes a change takes in an entry, before packing; never far too few. */
  public static long of(Change change) {
    long weight = 50L + change.by().length() + change.token().length();
    weight += 20L * change.parents().births().size();
    for (int i = 0; i < change.key().size(); i++) {
      weight += ofValue(change.key().part(i));
    }
    Row row = change.row();
    if (row != null) {
      for (Object value : row.values()) {
        weight += ofValue(value);
      }
    }
    return weight;
  }

  /** About how many bytes a conflict takes in an entry, before packing. */
  public static long of(Conflict conflict) {
    return 500L
        + ofValue(conflict.key())
        + ofValue(conflict.localData())
        + ofValue(conflict.remoteData());
  }

  private static long ofValue(@Nullable Object value) {
    if (value instanceof String text) {
      return text.length() < 1000 ? text.length() + 3L : ofText(text);
    }
    if (value instanceof byte[] blob) {
      return blob.length / 3 * 4L + 12;
    }
    if (value instanceof RawText raw) {
      return raw.bytes().length / 3 * 4L + 12;
    }
    return 8;
  }

  /** Long text is counted exactly: a million control characters take six million bytes. */
  private static long ofText(String text) {
    long weight = 3;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || Character.isSurrogate(c)) {
        weight += 6;
      } else if (c < 0x80) {
        weight += c == '"' || c == '\\' ? 2 : 1;
      } else {
        weight += c < 0x800 ? 2 : 3;
      }
    }
    return weight;
  }
}
