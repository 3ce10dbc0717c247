package tidemark.replica;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.jdbc.Sql;

/**
 * Whom a table's rows refer to. SQLite compares both sides under the parent's collations, whatever
 * the child's columns are declared with: so does everything here.
 *
 * @param onDelete what the application wants done when the parent goes, in SQL's words
 */
public record ForeignKey(
    String parent,
    List<String> columns,
    List<String> parentColumns,
    List<String> collations,
    String onDelete) {

  /** The rows live on without the parent, or keep it from being deleted: they are no part of it. */
  public boolean outlivesParent() {
    return !onDelete.equals("CASCADE") && !onDelete.equals("NO ACTION");
  }

  /** Only equal bits are equal values. */
  public boolean isBinary() {
    return collations.stream().allMatch("BINARY"::equalsIgnoreCase);
  }

  /** Values that refer to one another are equal in this form. */
  public List<@Nullable Object> comparable(List<? extends @Nullable Object> values) {
    List<@Nullable Object> form = new ArrayList<>(values);
    for (int i = 0; i < form.size(); i++) {
      if (form.get(i) instanceof String text) {
        form.set(i, comparable(text, collations.get(i)));
      }
    }
    return form;
  }

  private static String comparable(String text, String collation) {
    return switch (collation.toUpperCase(Locale.ROOT)) {
      case "NOCASE" -> inLowerCase(text);
      case "RTRIM" -> text.replaceFirst(" +$", "");
      default -> text;
    };
  }

  /** To SQLite, only the letters of ASCII have a case. */
  private static String inLowerCase(String text) {
    StringBuilder lower = new StringBuilder(text);
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        lower.setCharAt(i, (char) (c + 'a' - 'A'));
      }
    }
    return lower.toString();
  }

  static List<ForeignKey> read(Sql sql, String table) {
    record Part(long id, String parent, String column, String parentColumn, String onDelete) {}
    Map<Long, List<Part>> byId = new LinkedHashMap<>();
    sql.each(
        "SELECT id, \"table\", \"from\", \"to\", on_delete FROM pragma_foreign_key_list(?) ORDER BY"
            + " id, seq",
        c -> {
          Part part = new Part(c.number(1), c.string(2), c.string(3), c.string(4), c.string(5));
          byId.computeIfAbsent(part.id(), id -> new ArrayList<>()).add(part);
        },
        table);
    List<ForeignKey> found = new ArrayList<>();
    for (List<Part> parts : byId.values()) {
      String parent = parts.get(0).parent();
      List<String> to = parts.stream().map(Part::parentColumn).toList();
      if (to.contains("")) { // the parent's primary key is meant
        to =
            sql.query(
                "SELECT name FROM pragma_table_info(?) WHERE pk>0 ORDER BY pk",
                c -> c.string(1),
                parent);
      }
      if (to.size() == parts.size()) {
        String onDelete = parts.get(0).onDelete();
        found.add(between(sql, parts.stream().map(Part::column).toList(), parent, to, onDelete));
      }
    }
    return List.copyOf(found);
  }

  /** Names may be spelled otherwise where they are referred to. */
  private static ForeignKey between(
      Sql sql, List<String> from, String parent, List<String> to, String onDelete) {
    String exact =
        sql.first(
                "SELECT name FROM sqlite_master WHERE type='table' AND name=? COLLATE NOCASE",
                c -> c.string(1),
                parent)
            .orElse(parent);
    List<String> parentColumns = new ArrayList<>();
    List<String> collations = new ArrayList<>();
    for (String column : to) {
      Side side = side(sql, exact, column, to.size());
      parentColumns.add(side.column());
      collations.add(side.collation());
    }
    return new ForeignKey(
        exact, from, List.copyOf(parentColumns), List.copyOf(collations), onDelete);
  }

  private record Side(String column, String collation) {}

  /** The collation is that of the unique index which SQLite looks the parent up in. */
  private static Side side(Sql sql, String table, String column, int width) {
    return sql.first(
            "SELECT c.name, coalesce((SELECT x.coll FROM pragma_index_list(?1) l,"
                + " pragma_index_xinfo(l.name) x WHERE l.\"unique\" AND NOT l.partial AND x.key AND"
                + " x.cid=c.cid AND (SELECT count(*) FROM pragma_index_info(l.name))=?3 ORDER BY"
                + " l.origin='c' LIMIT 1), 'BINARY') FROM pragma_table_info(?1) c WHERE c.name=?2"
                + " COLLATE NOCASE",
            c -> new Side(c.string(1), c.string(2)),
            table,
            column,
            width)
        .orElse(new Side(column, "BINARY"));
  }
}
