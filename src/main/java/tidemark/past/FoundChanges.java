package tidemark.past;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tidemark.catchup.EntryBrief;
import tidemark.catchup.KnownEntries;
import tidemark.change.Change;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.jdbc.Sql;
import tidemark.ledger.Entry;

/** What a search through the ledger found, newest first, in a throw-away database. */
final class FoundChanges {
  private final Sql sql;
  private long count;
  private long open;

  FoundChanges(Sql sql) {
    this.sql = sql;
    sql.execute(
        "CREATE TABLE found(id INTEGER PRIMARY KEY, entry, at, who, workstation, name COLLATE NOCASE, row_key, row, before, after, open, due)");
    sql.execute("CREATE INDEX found_open ON found(row_key, name) WHERE open");
    sql.execute("CREATE INDEX found_due ON found(due) WHERE open");
  }

  void add(Entry entry, Change change) {
    boolean needsBefore = !change.born();
    sql.update(
        "INSERT INTO found(entry, at, who, workstation, name, row_key, row, after, open) VALUES(?,?,?,?,?,?,?,?,?)",
        entry.number(),
        change.at(),
        change.by(),
        entry.author().workstation(),
        change.table(),
        Json.keyText(change.key()),
        EntryBrief.row(change.table(), change.key()),
        text(change.row()),
        needsBefore ? 1 : 0);
    count++;
    open += needsBefore ? 1 : 0;
  }

  private static @Nullable String text(@Nullable Row row) {
    return row == null ? null : Json.rowText(row);
  }

  /** What a change left is what the next one of the same row, if it was found, began with. */
  void before(RowId id, @Nullable Row row) {
    String key = Json.keyText(id.key());
    if (open > 0
        && sql.exists("SELECT 1 FROM found WHERE open AND row_key=? AND name=?", key, id.table())) {
      open -=
          sql.update(
              "UPDATE found SET before=?, open=0 WHERE open AND row_key=? AND name=?",
              text(row),
              key,
              id.table());
    }
  }

  /** Before this, the keys of the table are those of other rows. */
  void noneBefore(String table) {
    open -= sql.update("UPDATE found SET open=0 WHERE open AND name=?", table);
  }

  /** The next entry down from this one that may tell what was before one of them. */
  long next(KnownEntries entries, long number) {
    if (open == 0) {
      return 0;
    }
    record Due(long id, long entry) {}
    List<Due> due =
        sql.query(
            "SELECT id, row FROM found WHERE open AND due IS NULL UNION ALL SELECT id, row FROM found WHERE open AND due>=?",
            c -> new Due(c.number(1), entries.lastChange(c.number(2), number)),
            number);
    due.forEach(one -> sql.update("UPDATE found SET due=? WHERE id=?", one.entry(), one.id()));
    long next = sql.number("SELECT max(due) FROM found WHERE open");
    return Math.max(next, entries.before(number, List.of()));
  }

  long count() {
    return count;
  }

  boolean anyOpen() {
    return open > 0;
  }

  /** The rows changed after this entry of which it is not known what was before. */
  List<RowId> openAfter(long entry) {
    return sql.query(
        "SELECT name, row_key FROM found WHERE open AND entry>?",
        c -> new RowId(c.string(1), Json.key(c.string(2))),
        entry);
  }

  /** Oldest first. */
  void each(Consumer<FeedItem> consumer) {
    sql.each(
        "SELECT entry, at, who, workstation, name, row_key, before, after FROM found ORDER BY id DESC",
        c -> {
          Row after = row(c.text(8));
          consumer.accept(
              new FeedItem(
                  c.number(1),
                  c.number(2),
                  c.string(3),
                  c.string(4),
                  c.string(5),
                  Json.key(c.string(6)),
                  speltLike(after, row(c.text(7))),
                  after));
        });
  }

  /** The application may have spelt its columns otherwise then: what was, as what is. */
  private static @Nullable Row speltLike(@Nullable Row after, @Nullable Row before) {
    return before == null || after == null || before.columns().equals(after.columns())
        ? before
        : before.spelt(after.columns().names());
  }

  private static @Nullable Row row(@Nullable String text) {
    return text == null ? null : Json.row(text);
  }
}
