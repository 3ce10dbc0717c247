package tidemark.replica;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Json;
import tidemark.change.RowKey;
import tidemark.jdbc.Sql;

/**
 * sync_held: changes of the ledger that could not be applied here, with the reason. They are part
 * of what comes in at every run until they are applied or superseded.
 */
public final class Held {
  /** Why a change waits. */
  public enum Reason {
    /**
     * Two versions met and a person is to choose; where the one that is here has another key,
     * detail is that.
     */
    MANUAL,
    /** As MANUAL, between two rows that claim one UNIQUE value; detail is the other row's key. */
    MANUAL_UNIQUE,
    /** Its UNIQUE value is still taken by a row that has yet to move. */
    UNIQUE,
    /** A constraint of this database refuses it. */
    REFUSED,
    /** The row it refers to is not here. */
    PARENT,
    /** Its table is not understood. */
    TABLE
  }

  /** One key's waiting changes, oldest first. */
  public record Waiting(
      String table, RowKey key, Reason reason, String detail, List<Numbered> changes) {
    public Change last() {
      return changes.get(changes.size() - 1).change();
    }

    /** The key of the row here that a person is to choose about, where it is another. */
    public Optional<RowKey> otherRow() {
      boolean about = reason == Reason.MANUAL || reason == Reason.MANUAL_UNIQUE;
      return about && !detail.isEmpty() ? Optional.of(Json.key(detail)) : Optional.empty();
    }

    /** The row here that a person is to choose about. */
    public boolean isChoiceAbout(RowKey here) {
      return (reason == Reason.MANUAL || reason == Reason.MANUAL_UNIQUE)
          && otherRow().orElse(key).equals(here);
    }
  }

  /** A change and the entry it stands in. */
  public record Numbered(long entry, Change change) {}

  private final Sql sql;

  Held(Sql sql) {
    this.sql = sql;
  }

  public boolean isEmpty() {
    return !sql.exists("SELECT 1 FROM sync_held LIMIT 1");
  }

  public List<Waiting> all() {
    return select("", new Object[0]);
  }

  public Optional<Waiting> find(String table, RowKey key) {
    return select(" WHERE table_name=? AND row_key=?", table, Json.keyText(key)).stream()
        .findFirst();
  }

  private List<Waiting> select(String where, Object... args) {
    record At(String table, String key) {}
    Map<At, Waiting> found = new LinkedHashMap<>();
    sql.each(
        "SELECT table_name, row_key, entry, row_data, at, \"by\", born, first, token, reason, detail, moved_from, parents FROM sync_held"
            + where
            + " ORDER BY since, table_name, row_key, entry",
        c -> {
          RowKey key = Json.key(c.string(2));
          String data = c.text(4);
          Change change =
              new Change(
                  c.string(1),
                  key,
                  data == null ? null : Json.row(data),
                  c.number(5),
                  c.string(6),
                  c.flag(7),
                  c.string(8),
                  c.string(9),
                  c.text(12) == null ? null : Json.key(c.string(12)),
                  Json.parents(c.text(13)));
          found
              .computeIfAbsent(
                  new At(c.string(1), c.string(2)),
                  at ->
                      new Waiting(
                          change.table(),
                          key,
                          Reason.valueOf(c.string(10)),
                          c.string(11),
                          new ArrayList<>()))
              .changes()
              .add(new Numbered(c.number(3), change));
        },
        args);
    return List.copyOf(found.values());
  }

  /** How many conflicts wait for a person's choice, by table; those chosen already do not. */
  public Map<String, Integer> choices() {
    Map<String, Integer> choices = new LinkedHashMap<>();
    sql.each(
        """
        SELECT h.table_name, count(DISTINCT h.row_key) FROM sync_held h
        WHERE h.reason IN ('MANUAL','MANUAL_UNIQUE') AND EXISTS(SELECT 1 FROM sync_conflicts c
          WHERE c.table_name=h.table_name AND c.resolved=0
            AND c.row_key=CASE h.detail WHEN '' THEN h.row_key ELSE h.detail END)
        GROUP BY h.table_name ORDER BY h.table_name""",
        c -> choices.put(c.string(1), (int) c.number(2)));
    return choices;
  }

  public void hold(
      String table, RowKey key, List<Numbered> changes, Reason reason, String detail, String now) {
    String text = Json.keyText(key);
    String since =
        sql.first(
                "SELECT since FROM sync_held WHERE table_name=? AND row_key=?",
                c -> c.string(1),
                table,
                text)
            .orElse(now);
    release(table, key);
    for (Numbered numbered : changes) {
      Change change = numbered.change();
      @Nullable String data = change.row() == null ? null : Json.rowText(change.row());
      sql.update(
          "INSERT INTO sync_held(table_name,row_key,entry,row_data,at,\"by\",born,first,token,moved_from,parents,reason,detail,since) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
          table,
          text,
          numbered.entry(),
          data,
          change.at(),
          change.by(),
          change.born() ? 1 : 0,
          change.first(),
          change.token(),
          change.from() == null ? null : Json.keyText(change.from()),
          Json.parentsText(change.parents()),
          reason.name(),
          detail,
          since);
    }
  }

  public void release(String table, RowKey key) {
    sql.update("DELETE FROM sync_held WHERE table_name=? AND row_key=?", table, Json.keyText(key));
  }

  /** What later entries brought is gone with them. */
  public void forgetAfter(long entry) {
    sql.update("DELETE FROM sync_held WHERE entry>?", entry);
  }

  /** The first entry with a change of this table that waits; 0 where none does. */
  long first(String table) {
    return sql.number("SELECT coalesce(min(entry),0) FROM sync_held WHERE table_name=?", table);
  }

  public long count(String table) {
    return sql.number("SELECT count(DISTINCT row_key) FROM sync_held WHERE table_name=?", table);
  }
}
