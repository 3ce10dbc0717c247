package tidemark.replica;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.jdbc.Sql;

/**
 * A replica laid beside the ledger's content, which is attached to its connection as a database of
 * its own, and compared by SQL, bit for bit. Rows with pending edits are told apart. Reads only.
 */
public final class Comparison implements AutoCloseable {
  private final Sql sql;

  /** A copy of the content that keeps text as the replica does, where it does not itself. */
  private final Optional<Path> alike;

  /** How a row differs. */
  public enum Kind {
    /** Here and in the ledger, with other values. */
    DIFFERS,
    /** In the ledger and not here. */
    MISSING,
    /** Here and not in the ledger. */
    EXTRA
  }

  public Comparison(Replica replica, Path ledgerContent) {
    this.sql = replica.sql();
    this.alike = Recoding.copyLike(sql, ledgerContent);
    sql.update("ATTACH DATABASE ? AS there", alike.orElse(ledgerContent).toString());
  }

  /** Who is told the key of a row that is not the same on both sides. */
  @FunctionalInterface
  public interface Differences {
    /**
     * One more.
     *
     * @param pending an edit of this row was not posted yet, so it may well differ
     */
    void found(RowKey key, Kind kind, boolean pending);
  }

  /** Hands over the key of every row that is not the same on both sides. */
  public void each(SyncedTable table, Differences consumer) {
    List<String> there =
        sql.query(
            "SELECT name FROM pragma_table_xinfo(?, 'there') WHERE hidden=0",
            c -> c.string(1),
            table.name());
    if (!there.isEmpty()) {
      find(
          table,
          "here",
          here(table)
              + " JOIN "
              + there(table)
              + " ON "
              + join(table)
              + " WHERE ("
              + differs(table, there)
              + ")",
          Kind.DIFFERS,
          consumer);
      find(
          table,
          "there",
          there(table)
              + " WHERE NOT EXISTS(SELECT 1 FROM "
              + here(table)
              + " WHERE "
              + join(table)
              + ")",
          Kind.MISSING,
          consumer);
    }
    String notThere =
        there.isEmpty()
            ? "true"
            : "NOT EXISTS(SELECT 1 FROM " + there(table) + " WHERE " + join(table) + ")";
    find(table, "here", here(table) + " WHERE " + notThere, Kind.EXTRA, consumer);
  }

  private void find(SyncedTable table, String side, String from, Kind kind, Differences consumer) {
    List<String> key = table.shape().key().stream().map(k -> side + "." + Sql.name(k)).toList();
    List<String> remembered = IntStream.range(0, key.size()).mapToObj(i -> "s.k" + i).toList();
    String pending =
        table.shadow().exists()
            ? "EXISTS(SELECT 1 FROM main."
                + table.shadow().quoted()
                + " s WHERE s.edits IS NOT NULL AND "
                + TableSql.zip(remembered, key, (a, b) -> a + "=" + b)
                + ")"
            : "0";
    String whole =
        key.stream().map(k -> " AND " + k + " IS NOT NULL").collect(Collectors.joining());
    sql.each(
        "SELECT " + String.join(",", key) + "," + pending + " FROM " + from + whole,
        c ->
            consumer.found(
                RowKey.of(c.values(1, key.size())), kind, c.number(key.size() + 1) != 0));
  }

  private static String here(SyncedTable table) {
    return "main." + Sql.name(table.name()) + " here";
  }

  private static String there(SyncedTable table) {
    return "there." + Sql.name(table.name()) + " there";
  }

  private static String join(SyncedTable table) {
    return table.shape().key().stream()
        .map(Sql::name)
        .map(k -> "here." + k + "=there." + k)
        .collect(Collectors.joining(" AND "));
  }

  /** As SQLite keeps them: 1 is not 1.0, and 'a' is not 'A' whatever the collation. */
  private static String differs(SyncedTable table, List<String> there) {
    List<String> differences = new ArrayList<>();
    for (String column : table.shape().columnNames()) {
      if (SqlName.among(there, column).isPresent() && !SyncColumns.contains(column)) {
        String name = Sql.name(column);
        differences.add("here." + name + " IS NOT there." + name + " COLLATE BINARY");
        differences.add("typeof(here." + name + ")<>typeof(there." + name + ")");
      }
    }
    return differences.isEmpty() ? "false" : anyOf(differences);
  }

  /** Halved again and again: SQLite bounds how deep a condition is, and a row may be wide. */
  private static String anyOf(List<String> conditions) {
    int half = conditions.size() / 2;
    return half == 0
        ? conditions.get(0)
        : "("
            + anyOf(conditions.subList(0, half))
            + " OR "
            + anyOf(conditions.subList(half, conditions.size()))
            + ")";
  }

  public long countThere(String table) {
    return sql.exists(
            "SELECT 1 FROM there.sqlite_master WHERE type='table' AND name=? COLLATE NOCASE", table)
        ? sql.number("SELECT count(*) FROM there." + Sql.name(table))
        : 0;
  }

  @Override
  public void close() {
    sql.update("DETACH DATABASE there");
    alike.ifPresent(Recoding::delete);
  }
}
