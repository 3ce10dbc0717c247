package tidemark.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tidemark.jdbc.Sql;

/**
 * Which of the sync columns were not the application's.
 *
 * <p>Guarantee: a column is taken for added only if that was noted when it was, and if it stands in
 * the table's definition as SQLite writes one that was added: the application may have made the
 * table anew since, with a column of that name.
 */
final class AddedColumns {
  static final String NOTE = "added columns ";

  private final Sql sql;

  AddedColumns(Sql sql) {
    this.sql = sql;
  }

  void note(String table, List<String> columns) {
    List<String> ours = columns.stream().filter(SyncColumns::contains).toList();
    if (!ours.isEmpty()) {
      new SyncState(sql).put(NOTE + table, String.join(" ", ours));
    }
  }

  List<String> of(String table) {
    return all().getOrDefault(table, List.of());
  }

  /** By table. */
  Map<String, List<String>> all() {
    Map<String, List<String>> all = new TreeMap<>();
    sql.query(
            "SELECT m.name, s.value, m.sql FROM sync_state s JOIN sqlite_master m ON m.type='table' AND s.key=? || m.name",
            c -> new Noted(c.string(1), List.of(c.string(2).split(" ")), c.string(3)),
            NOTE)
        .forEach(
            noted -> {
              List<String> standing = noted.columns().stream().filter(noted::hasAsAdded).toList();
              if (!standing.isEmpty()) {
                all.put(noted.table(), standing);
              }
            });
    return all;
  }

  private record Noted(String table, List<String> columns, String ddl) {
    boolean hasAsAdded(String column) {
      return SyncColumns.TYPES.stream()
          .map(type -> Pattern.quote(", " + column + " " + type) + "[,)]")
          .anyMatch(form -> Pattern.compile(form).matcher(ddl).find());
    }
  }

  /**
   * Inside a transaction, when nothing of ours names them any more.
   *
   * @return those that SQLite does not drop since something of the application's needs them, each
   *     with its reason
   */
  List<String> drop(Map<String, List<String>> columns) {
    List<String> left = new ArrayList<>();
    columns.forEach(
        (table, names) -> {
          for (String name : names) {
            String why =
                sql.attempt(
                    () ->
                        sql.execute(
                            "ALTER TABLE " + Sql.name(table) + " DROP COLUMN " + Sql.name(name)));
            if (why != null) {
              left.add(table + "." + name + ": " + why);
            }
          }
        });
    return left;
  }
}
