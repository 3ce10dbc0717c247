package tidemark.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Columns;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;
import tidemark.replica.TableShape.Column;
import tidemark.serve.RefusedException;

/**
 * A table as programs see it: without the columns that Tidemark added, keys as they stand in an
 * address, values as {@link ProgramValue} has them. Threading: as its table.
 */
final class TableView {
  private static final int VERSION = 16;

  private final SyncedTable table;
  private final List<String> added;

  TableView(SyncedTable table, List<String> added) {
    this.table = table;
    this.added = added;
  }

  SyncedTable table() {
    return table;
  }

  String name() {
    return table.name();
  }

  List<Column> columns(boolean all) {
    return table.shape().columns().stream()
        .filter(column -> all || !added.contains(column.name()))
        .toList();
  }

  /** Whether SQLite gives a new row its key. */
  boolean givesKeys() {
    return table.shape().key().size() == 1
        && table.shape().column(key(0)).type().equalsIgnoreCase("INTEGER");
  }

  private String key(int at) {
    return table.shape().key().get(at);
  }

  // ---- out

  /**
   * The row as a program gets it.
   *
   * @param all with the columns that were added
   */
  void write(JsonGenerator json, Row row, boolean all) throws IOException {
    json.writeStartObject();
    Columns columns = row.columns();
    for (int i = 0; i < columns.size(); i++) {
      if (all || !added.contains(columns.names().get(i))) {
        json.writeFieldName(columns.names().get(i));
        ProgramValue.write(json, row.values()[i]);
      }
    }
    json.writeEndObject();
  }

  Map<String, @Nullable Object> shown(Row row) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    row.asMap()
        .forEach(
            (column, value) -> {
              if (!added.contains(column)) {
                shown.put(column, ProgramValue.shown(value));
              }
            });
    return shown;
  }

  /** Another one for each content, the same wherever the row is looked at. */
  String version(Row row) {
    return HexFormat.of().formatHex(table.digest(row)).substring(0, VERSION);
  }

  /** The key's value; of several columns as it stands in an address. */
  Object id(RowKey key) {
    if (key.size() == 1) {
      Object shown = ProgramValue.shown(key.part(0));
      return shown == null ? "" : shown;
    }
    List<String> parts = new ArrayList<>();
    for (Object part : key.parts()) {
      parts.add(
          URLEncoder.encode(String.valueOf(ProgramValue.shown(part)), StandardCharsets.UTF_8)
              .replace("+", "%20"));
    }
    return String.join(",", parts);
  }

  List<@Nullable Object> keyValues(RowKey key) {
    List<@Nullable Object> values = new ArrayList<>();
    for (Object part : key.parts()) {
      values.add(ProgramValue.shown(part));
    }
    return values;
  }

  // ---- in

  /**
   * The key that an address names.
   *
   * @param id as it stands there, still encoded
   */
  RowKey keyOf(String id) {
    List<String> columns = table.shape().key();
    String[] parts = columns.size() == 1 ? new String[] {id} : id.split(",", -1);
    if (parts.length != columns.size()) {
      throw RefusedException.wrong(
          "the key of " + name() + " has " + columns.size() + " columns: " + columns,
          "Write their values with commas between them, each percent-encoded.");
    }
    Object[] values = new Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = ProgramValue.fromAddress(decoded(parts[i]), table.shape().column(columns.get(i)));
    }
    RowKey key = RowKey.of(values);
    return table.has(key) ? key : otherKind(key, parts);
  }

  /** A column that keeps what it gets may hold the number as a number, or the blob as a blob. */
  private RowKey otherKind(RowKey key, String[] parts) {
    Object[] values = key.parts().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = ProgramValue.otherKind(values[i], decoded(parts[i]));
    }
    RowKey other = RowKey.of(values);
    return !other.equals(key) && table.has(other) ? other : key;
  }

  private static String decoded(String part) {
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw RefusedException.wrong("the address is not well formed", "Encode it as RFC 3986 says.");
    }
  }

  /** The column that a field means; a word on those there are where there is none. */
  Column column(String field) {
    return table.shape().columns().stream()
        .filter(column -> SqlName.same(column.name(), field))
        .findFirst()
        .orElseThrow(
            () ->
                RefusedException.with(
                    422,
                    name() + " has no column " + Shown.of(field),
                    "It has "
                        + String.join(", ", columns(false).stream().map(Column::name).toList())
                        + "."));
  }

  /** Whether it says who wrote a row and when it came, which nobody can say for another. */
  static boolean isOurs(String column) {
    return SqlName.same(column, SyncColumns.UPDATED_BY)
        || SqlName.same(column, SyncColumns.SYNCED_AT);
  }
}
