package tidemark.replica;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.jdbc.Sql;

/**
 * Who refers to whom by one foreign key, as SQLite itself sees it: with the collations of the
 * parent's columns, and converted as those convert what they store.
 */
public final class Kinship {
  /** Above this many values they are put into a table of their own. */
  private static final int FEW = 4;

  private static final String GIVEN = "sync_given";

  private final Sql sql;
  private final SyncedTable child;
  private final ForeignKey foreign;
  private final SyncedTable parent;
  private final String selectParent;

  Kinship(Sql sql, SyncedTable child, ForeignKey foreign, SyncedTable parent) {
    this.sql = sql;
    this.child = child;
    this.foreign = foreign;
    this.parent = parent;
    this.selectParent =
        "SELECT "
            + TableSql.names("p.", parent.shape().key())
            + ", "
            + ShadowTable.record("r.")
            + fromParent("", "?");
  }

  public SyncedTable child() {
    return child;
  }

  public ForeignKey foreign() {
    return foreign;
  }

  public SyncedTable parent() {
    return parent;
  }

  /**
   * The row that is referred to.
   *
   * @param record the token it was born with, under whatever key
   */
  public record Parent(RowKey key, @Nullable String record) {}

  /**
   * What the child's columns hold to refer to these values of the parent's: they may convert what
   * they store otherwise, as they do when SQLite itself lets them follow.
   */
  public Map<String, @Nullable Object> referring(List<? extends @Nullable Object> values) {
    Map<String, @Nullable Object> held = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      String column = foreign.columns().get(i);
      held.put(column, Storage.stored(sql, child.shape().column(column).affinity(), values.get(i)));
    }
    return held;
  }

  /** Values of both sides that refer to one another are equal in this form. */
  public List<@Nullable Object> comparable(List<? extends @Nullable Object> values) {
    List<@Nullable Object> form = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Object value = Storage.stored(sql, foreign.affinities().get(i), values.get(i));
      form.add(
          value instanceof String text ? comparable(text, foreign.collations().get(i)) : value);
    }
    return form;
  }

  private static String comparable(String text, String collation) {
    return switch (collation.toUpperCase(Locale.ROOT)) {
      case "NOCASE" -> SqlName.folded(text);
      case "RTRIM" -> text.replaceFirst(" +$", "");
      default -> text;
    };
  }

  /** The parent of a row with these values; none where it is an orphan. */
  public Optional<Parent> parentOf(List<? extends @Nullable Object> values) {
    int width = parent.shape().key().size();
    return sql.first(
        selectParent + " LIMIT 1",
        c -> new Parent(RowKey.of(c.values(1, width)), c.text(width + 1)),
        values.toArray());
  }

  /** What rows of the child refer to, as {@link PendingEdits#eachPending} asks. */
  public PendingEdits.ToParent toParent() {
    return new PendingEdits.ToParent(foreign.reference(), recordOfParent());
  }

  /** In SQL: the record that the row of the child t refers to. */
  private String recordOfParent() {
    return "(SELECT " + ShadowTable.record("r.") + fromParent("", null) + " LIMIT 1)";
  }

  /** The same in an attached database in which nothing is pending. */
  String recordOfParentIn(String schema) {
    return "(SELECT r.first" + fromParent(schema + ".", null) + " LIMIT 1)";
  }

  /**
   * @param schema of the database, with a point
   * @param value what stands for each of the child's values; null: its columns
   */
  private String fromParent(String schema, @Nullable String value) {
    List<String> remembered = parent.shadow().keyColumns().stream().map(k -> "r." + k).toList();
    return " FROM "
        + schema
        + parent.text().name()
        + " p LEFT JOIN "
        + schema
        + parent.shadow().quoted()
        + " r ON "
        + parent.text().sameKey("p.", remembered)
        + " WHERE "
        // a plus takes the child's own conversions off its column
        + TableSql.zip(
            foreign.parentColumns(),
            foreign.columns(),
            (p, c) -> "p." + Sql.name(p) + "=" + (value == null ? "+t." + Sql.name(c) : value));
  }

  /**
   * A row that refers to one of several values.
   *
   * @param of the place of that value
   */
  public record Child(RowKey key, int of) {}

  /** Whether any row of the child's refers to these values. */
  public boolean hasChildren(List<? extends @Nullable Object> values) {
    return !childrenOf(List.of(values), false).isEmpty();
  }

  /**
   * The rows that refer to these values of the parent's columns, none of which is null.
   *
   * @param pending only those with pending edits: that costs no more than there are
   */
  public List<Child> childrenOf(
      List<? extends List<? extends @Nullable Object>> values, boolean pending) {
    if (values.isEmpty() || (pending && !child.shadow().hasMarks())) {
      return List.of();
    }
    if (values.size() <= FEW && foreign.alike()) {
      List<Child> found = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        int place = i;
        sql.each(
            "SELECT "
                + keys()
                + " FROM "
                + rows(pending)
                + " WHERE "
                + sameValues()
                + condition(pending),
            c -> found.add(new Child(RowKey.of(c.values(1, width())), place)),
            values.get(i).toArray());
      }
      return found;
    }
    give(values);
    try {
      String given = "temp." + GIVEN + " g";
      String both =
          pending ? rows(true) + " CROSS JOIN " + given : given + " CROSS JOIN " + rows(false);
      String equal =
          TableSql.zip(given(), foreign.columns(), (g, c) -> "g." + g + "=t." + Sql.name(c));
      return sql.query(
          "SELECT g.place, " + keys() + " FROM " + both + " WHERE " + equal + condition(pending),
          c -> new Child(RowKey.of(c.values(2, width())), (int) c.number(1)));
    } finally {
      sql.execute("DROP TABLE temp." + GIVEN);
    }
  }

  private int width() {
    return child.shape().key().size();
  }

  private String keys() {
    return TableSql.names("t.", child.shape().key());
  }

  private String rows(boolean pending) {
    String all = child.text().name() + " t";
    List<String> remembered = child.shadow().keyColumns().stream().map(k -> "s." + k).toList();
    return pending
        ? child.shadow().quoted()
            + " s CROSS JOIN "
            + all
            + " ON "
            + child.text().sameKey("t.", remembered)
        : all;
  }

  private String condition(boolean pending) {
    String whole =
        child.shape().key().stream()
            .map(k -> " AND t." + Sql.name(k) + " IS NOT NULL")
            .collect(Collectors.joining());
    return pending ? whole + " AND s.edits IS NOT NULL" : whole;
  }

  private String sameValues() {
    return TableSql.zip(
        foreign.columns(),
        foreign.collations(),
        (c, collation) -> "t." + Sql.name(c) + "=? COLLATE " + Sql.name(collation));
  }

  private List<String> given() {
    return IntStream.range(0, foreign.columns().size()).mapToObj(i -> "v" + i).toList();
  }

  /** Columns of the parent's kind are all that makes SQLite compare as it does for foreign keys. */
  private void give(List<? extends List<? extends @Nullable Object>> values) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < given().size(); i++) {
      columns.add(
          given().get(i)
              + " "
              + foreign.affinities().get(i)
              + " COLLATE "
              + Sql.name(foreign.collations().get(i)));
    }
    sql.execute(
        "CREATE TEMP TABLE " + GIVEN + "(place INTEGER, " + String.join(", ", columns) + ")");
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      List<@Nullable Object> row = new ArrayList<>(values.get(i));
      row.add(0, (long) i);
      rows.add(row.toArray());
    }
    sql.updateEach(
        "INSERT INTO temp." + GIVEN + " VALUES(?" + ",?".repeat(given().size()) + ")", rows);
  }
}
