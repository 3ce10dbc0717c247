package tidemark.replica;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tidemark.change.Json;
import tidemark.change.Position;
import tidemark.change.RowKey;
import tidemark.jdbc.Sql;

/**
 * sync_keys: of tables whose key changed, since when they have the present one, and which other one
 * the ledger has. Keys of two generations never meet: changes of entries before {@link #since} are
 * of a former key.
 */
public final class Keys {
  /** The present key is one that the ledger was not told of yet. */
  private static final long UNTOLD = Long.MAX_VALUE;

  private final Sql sql;

  Keys(Sql sql) {
    this.sql = sql;
  }

  /**
   * The key the ledger has, where the table here has another one.
   *
   * @param entry that told of it; 0 where it is just what the key was before
   * @param before the entry before that one
   * @param known the last entry whose rows its author had
   */
  record Other(
      List<String> key, int generation, long entry, Position before, long known, String who) {
    boolean isTold() {
      return entry > 0;
    }
  }

  Optional<Other> other(String table) {
    if (!areKept()) {
      return Optional.empty();
    }
    return sql.first(
        "SELECT other_key, generation, entry, before, other_known, who FROM sync_keys WHERE name=? AND other_key IS NOT NULL",
        c ->
            new Other(
                names(c.string(1)),
                (int) c.number(2),
                c.number(3),
                new Position(Math.max(0, c.number(3) - 1), c.string(4)),
                c.number(5),
                c.string(6)),
        table);
  }

  /** The ledger's key is another one than the table's. */
  public boolean differ(String table) {
    return other(table).isPresent();
  }

  /** Tables whose key is another one in the ledger. */
  List<String> differing() {
    return areKept()
        ? sql.query("SELECT name FROM sync_keys WHERE other_key IS NOT NULL", c -> c.string(1))
        : List.of();
  }

  void differ(String table, Other other) {
    begin(table);
    sql.update(
        "UPDATE sync_keys SET other_key=?, generation=?, entry=?, before=?, other_known=?, who=? WHERE name=?",
        Json.keyText(RowKey.of(other.key().toArray())),
        other.generation(),
        other.entry(),
        other.before().hash(),
        other.known(),
        other.who(),
        table);
  }

  void agree(String table) {
    sql.update("UPDATE sync_keys SET other_key=NULL WHERE name=?", table);
  }

  /** Not where an older program was the last one at work, and this one only looks. */
  private boolean areKept() {
    return sql.exists("SELECT 1 FROM sqlite_master WHERE type='table' AND name='sync_keys'");
  }

  private static List<String> names(String json) {
    return Arrays.stream(Json.key(json).parts()).map(String::valueOf).toList();
  }

  private void begin(String table) {
    sql.update(
        "INSERT OR IGNORE INTO sync_keys(name, since, known, whole, opener, fresh) VALUES(?,0,0,1,0,0)",
        table);
  }

  // ---- the present key

  private long number(String column, String table, long otherwise) {
    if (!areKept()) {
      return otherwise;
    }
    return sql.first("SELECT " + column + " FROM sync_keys WHERE name=?", c -> c.number(1), table)
        .orElse(otherwise);
  }

  /** The first entry under the present key; 0 where it never changed. */
  public long since(String table) {
    return number("since", table, 0);
  }

  public boolean isUntold(String table) {
    return since(table) == UNTOLD;
  }

  /** The last entry whose rows were known, under the former key, to who began with this one. */
  public long known(String table) {
    return number("known", table, 0);
  }

  /** All rows that who began with this key had stand in the ledger. */
  public boolean isWhole(String table) {
    return number("whole", table, 1) != 0;
  }

  /** This replica began with the key, and has yet to say that all its rows stand in the ledger. */
  public boolean owesRows(String table) {
    return sql.exists("SELECT 1 FROM sync_keys WHERE name=? AND opener AND NOT whole", table);
  }

  /** The key begins here: the ledger is to be told, and of every row anew. */
  void beginHere(String table, long known) {
    begin(table);
    sql.update(
        "UPDATE sync_keys SET since=?, known=?, whole=0, opener=1, other_key=NULL WHERE name=?",
        UNTOLD,
        known,
        table);
  }

  /** The key is the one that this entry began with. */
  void follow(String table, long since, long known) {
    begin(table);
    sql.update(
        "UPDATE sync_keys SET since=?, known=?, whole=0, opener=CASE WHEN since=? THEN opener ELSE 0 END, other_key=NULL WHERE name=?",
        since,
        known,
        since,
        table);
  }

  /** What was begun here now stands in the ledger, by this workstation's entry or another's. */
  void told(String table, long since, long known, boolean byOther) {
    sql.update(
        "UPDATE sync_keys SET since=?, known=?, opener=CASE WHEN ? THEN 0 ELSE opener END WHERE name=?",
        since,
        known,
        byOther ? 1 : 0,
        table);
  }

  public void whole(String table) {
    sql.update("UPDATE sync_keys SET whole=1 WHERE name=?", table);
  }

  /** Entries after this one are no more; a key they told of is to be told of again. */
  void forgetAfter(long entry) {
    sql.update(
        "UPDATE sync_keys SET since=?, known=min(known, ?), whole=0, opener=1 WHERE since>? AND since<?",
        UNTOLD,
        entry,
        entry,
        UNTOLD);
    sql.update("UPDATE sync_keys SET other_key=NULL WHERE entry>?", entry);
  }

  /** Rows and choices that waited under the former key wait no more: the new one brings them. */
  void settleFormer(String table) {
    sql.update("DELETE FROM sync_held WHERE table_name=?", table);
    sql.update(
        "UPDATE sync_conflicts SET resolved=1, resolution='another key', winner='remote', entry=NULL, resolved_at=strftime('%Y-%m-%d %H:%M:%f','now') WHERE table_name=? AND resolved=0",
        table);
  }

  // ---- tables that nobody has worked in yet

  /** The table was made here from the ledger, and has not caught up with it yet. */
  public void fresh(String table, boolean fresh) {
    if (fresh) {
      begin(table);
    }
    sql.update("UPDATE sync_keys SET fresh=? WHERE name=?", fresh ? 1 : 0, table);
  }

  boolean isFresh(String table) {
    return number("fresh", table, 0) != 0;
  }

  /** A copy of the master becomes a workstation's: nobody has worked in any of its tables. */
  static void allFresh(Sql sql) {
    sql.update(
        "INSERT OR IGNORE INTO sync_keys(name, since, known, whole, opener, fresh) SELECT name, 0, 0, 1, 0, 1 FROM sync_tables");
    sql.update("UPDATE sync_keys SET fresh=1, opener=0");
  }
}
