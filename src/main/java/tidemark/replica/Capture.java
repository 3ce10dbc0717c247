package tidemark.replica;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tidemark.jdbc.Sql;

/**
 * The triggers that notice the application's edits. They run in the application's process and
 * SQLite, so they are plain SQL, do nothing but extend marks, and name only key and sync columns:
 * everything else the application may alter freely. Rows that INSERT OR REPLACE pushes out fire
 * none; they are looked for later ({@link PendingEdits#evicted}).
 *
 * <p>A trigger fired by INSERT OR IGNORE or OR REPLACE inherits that clause; hence no statement in
 * here may ever run into a constraint.
 */
final class Capture {
  /**
   * Counted up whenever the triggers or our own tables are others, so that databases that are
   * prepared get them.
   */
  static final int EDITION = 5;

  /** By this we know them again: the name alone may be the application's. */
  private static final String MARK = "/* tidemark */ ";

  /** Triggers of version 0.1.0 have no mark. */
  private static final Pattern BEFORE_MARKS =
      Pattern.compile("sync_(i|u|d|bi|bu)_.*", Pattern.DOTALL);

  private static final String TOKEN = "lower(hex(randomblob(8)))";
  private static final String NOW = "strftime('%Y-%m-%d %H:%M:%f','now')";
  private static final String NOT_OURS =
      "(SELECT value FROM sync_state WHERE key='applying') IS NULL";

  /** A row edited over and over keeps its first and its latest edits: 50 and 40 tokens. */
  private static final String EDITS =
      "CASE WHEN length(edits)<1600 THEN edits ELSE substr(edits,1,800)||substr(edits,-640) END";

  private final TableShape shape;
  private final String table;
  private final String shadow;
  private final List<String> shadowKeys;

  private Capture(TableShape shape) {
    this.shape = shape;
    this.table = Sql.name(shape.name());
    this.shadow = Sql.name(ShadowTable.name(shape.name()));
    this.shadowKeys = ShadowTable.keyColumns(shape.key().size());
  }

  static boolean isOurs(String trigger, String ddl) {
    return ddl.contains(" BEGIN " + MARK)
        || (BEFORE_MARKS.matcher(trigger).matches()
            && ddl.contains(" WHEN " + NOT_OURS + " BEGIN "));
  }

  /** The triggers by name. */
  static Map<String, String> triggers(TableShape shape) {
    return new Capture(shape).all();
  }

  private Map<String, String> all() {
    String setsTime = "(NEW.updated_at IS NOT OLD.updated_at)";
    String setsUser = "(NEW.updated_by IS NOT OLD.updated_by)";
    String moved =
        "NOT ("
            + shape.key().stream()
                .map(Sql::name)
                .map(k -> "OLD." + k + " IS NEW." + k + " COLLATE BINARY")
                .collect(Collectors.joining(" AND "))
            + ")";
    Map<String, String> triggers = new LinkedHashMap<>();
    add(
        triggers,
        "i",
        "AFTER INSERT",
        mark("NEW", insertSets("updated_at"), insertSets("updated_by"), ""));
    add(
        triggers,
        "u",
        "AFTER UPDATE",
        mark("OLD", "0", "0", " AND " + moved)
            + mark("NEW", setsTime, setsUser, "")
            + takeRecordAlong(moved));
    add(triggers, "d", "AFTER DELETE", mark("OLD", "0", "0", "") + forgetCame("1"));
    return triggers;
  }

  /** A row written back whole, or copied, brings the stamps of its former editor along. */
  private static String insertSets(String column) {
    return "(NEW." + column + " IS NOT NULL AND NEW.synced_at IS NULL)";
  }

  private void add(Map<String, String> triggers, String kind, String when, String body) {
    String name = "sync_" + kind + "_" + shape.name();
    triggers.put(
        name,
        "CREATE TRIGGER "
            + Sql.name(name)
            + " "
            + when
            + " ON "
            + table
            + " WHEN "
            + NOT_OURS
            + " BEGIN "
            + MARK
            + body
            + "END");
  }

  private String mark(String row, String setsTime, String setsUser, String condition) {
    Function<String, String> key = k -> row + "." + Sql.name(k);
    String same = TableSql.zip(shadowKeys, shape.key(), (s, k) -> s + "=" + key.apply(k));
    String whole =
        shape.key().stream()
            .map(k -> " AND " + key.apply(k) + " IS NOT NULL")
            .collect(Collectors.joining());
    String keys = shape.key().stream().map(key).collect(Collectors.joining(","));
    return extend(setsTime, setsUser)
        + " WHERE "
        + same
        + condition
        + "; "
        + begin(keys, setsTime, setsUser)
        + " WHERE NOT EXISTS(SELECT 1 FROM "
        + shadow
        + " WHERE "
        + same
        + ")"
        + whole
        + condition
        + "; ";
  }

  /** A record keeps the token it was born with, under whatever key. */
  private String takeRecordAlong(String moved) {
    return "UPDATE "
        + shadow
        + " SET came=(SELECT "
        + ShadowTable.record("o.")
        + " FROM "
        + shadow
        + " o WHERE "
        + TableSql.zip(shadowKeys, shape.key(), (s, k) -> "o." + s + "=OLD." + Sql.name(k))
        + ") WHERE "
        + TableSql.zip(shadowKeys, shape.key(), (s, k) -> s + "=NEW." + Sql.name(k))
        + " AND "
        + moved
        + "; "
        + forgetCame(moved);
  }

  /** Whoever comes to this key next is somebody else. */
  private String forgetCame(String condition) {
    return "UPDATE "
        + shadow
        + " SET came=NULL WHERE came IS NOT NULL AND "
        + TableSql.zip(shadowKeys, shape.key(), (s, k) -> s + "=OLD." + Sql.name(k))
        + " AND "
        + condition
        + "; ";
  }

  private String extend(String setsTime, String setsUser) {
    return "UPDATE "
        + shadow
        + " SET edits=coalesce("
        + EDITS
        + ",'')||"
        + TOKEN
        + ", moment="
        + NOW
        + ", own_time="
        + setsTime
        + ", own_user="
        + setsUser
        + ", found=0";
  }

  private String begin(String keys, String setsTime, String setsUser) {
    return "INSERT INTO "
        + shadow
        + "("
        + String.join(",", shadowKeys)
        + ",edits,moment,own_time,own_user,found) SELECT "
        + keys
        + ","
        + TOKEN
        + ","
        + NOW
        + ","
        + setsTime
        + ","
        + setsUser
        + ",0";
  }
}
