package tidemark.past;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Json;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.ledger.Entry;

/**
 * What is to become again what it was; null for no limit.
 *
 * @param key as people write it: Q1, (Q1, 3), or the key's JSON
 * @param until only what was changed up to this entry
 * @param by only what this person changed
 * @param workstation only what was changed there
 * @param withChildren rows that refer to one that goes, go along
 */
public record RewindScope(
    @Nullable String table,
    @Nullable String key,
    @Nullable Long until,
    @Nullable String by,
    @Nullable String workstation,
    boolean withChildren) {
  public static final RewindScope ALL = new RewindScope(null, null, null, null, null, false);

  boolean includes(String name, RowKey row) {
    return includes(name)
        && (key == null || key.equals(row.toString()) || key.equals(Json.keyText(row)));
  }

  boolean includes(String name) {
    return table == null || SqlName.same(table, name);
  }

  /** What the key as it was typed may mean; none where none is asked for. */
  List<RowKey> keys() {
    if (key == null) {
      return List.of();
    }
    if (key.startsWith("[")) {
      return List.of(Json.key(key));
    }
    return key.matches("-?\\d{1,18}")
        ? List.of(RowKey.of(Long.parseLong(key)), RowKey.of(key))
        : List.of(RowKey.of(key));
  }

  /** Only a part of what was changed since is taken back. */
  public boolean isPartOfChanges() {
    return until != null || by != null || workstation != null;
  }

  boolean means(Entry entry, Change change) {
    return (until == null || entry.number() <= until)
        && (by == null || by.equals(change.by()))
        && (workstation == null || workstation.equals(entry.author().workstation()));
  }
}
