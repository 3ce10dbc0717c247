package tidemark.past;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.ledger.Entry;
import tidemark.run.Scratch;

/**
 * What entries after a moment changed, in a throw-away database: which of it is to be taken back,
 * and who did what with the same rows before and after.
 */
final class LaterChanges implements AutoCloseable {
  private final Path file;
  private final Sql sql;
  private final RewindScope scope;

  LaterChanges(Path file, RewindScope scope) {
    this.file = file;
    this.scope = scope;
    this.sql = Sql.open(file, OpenMode.CREATE, Duration.ZERO);
    sql.execute("PRAGMA synchronous=OFF");
    sql.execute(
        "CREATE TABLE later(id INTEGER PRIMARY KEY, entry, at, who, workstation, name COLLATE NOCASE, row_key, meant, row)");
    sql.execute("CREATE INDEX later_row ON later(name, row_key)");
  }

  /** The entries are to come one after the other. */
  void add(Entry entry) {
    sql.inTransaction(() -> entry.changes().forEach(change -> add(entry, change)));
  }

  private void add(Entry entry, Change change) {
    if (!scope.includes(change.table(), change.key())) {
      return;
    }
    boolean meant = scope.means(entry, change);
    Row row = meant ? null : change.row();
    sql.update(
        "INSERT INTO later(entry, at, who, workstation, name, row_key, meant, row) VALUES(?,?,?,?,?,?,?,?)",
        entry.number(),
        change.at(),
        change.by(),
        entry.author().workstation(),
        change.table(),
        Json.keyText(change.key()),
        meant ? 1 : 0,
        row == null ? null : Json.rowText(row));
  }

  /** The rows of this table that were changed in a way that is to be taken back. */
  void eachMeant(String table, Consumer<RowKey> consumer) {
    sql.each(
        "SELECT DISTINCT row_key FROM later WHERE name=? AND meant",
        c -> consumer.accept(Json.key(c.string(1))),
        table);
  }

  /** Who changed the row last. */
  Optional<Trace> last(RowId id) {
    return sql.first(
        "SELECT entry, at, who, workstation FROM later WHERE name=? AND row_key=? ORDER BY id DESC LIMIT 1",
        c -> new Trace(c.number(1), c.number(2), c.string(3), c.string(4)),
        id.table(),
        Json.keyText(id.key()));
  }

  /** Everybody who changed the row. */
  List<String> people(RowId id) {
    return sql.query(
        "SELECT DISTINCT who FROM later WHERE name=? AND row_key=?",
        c -> c.string(1),
        id.table(),
        Json.keyText(id.key()));
  }

  /** A change that is not to be taken back and was made on top of one that is. */
  Optional<Trace> onTop(RowId id) {
    String key = Json.keyText(id.key());
    return sql.first(
        "SELECT entry, at, who, workstation FROM later WHERE name=?1 AND row_key=?2 AND NOT meant"
            + " AND id>(SELECT min(id) FROM later WHERE name=?1 AND row_key=?2 AND meant)"
            + " ORDER BY id DESC LIMIT 1",
        c -> new Trace(c.number(1), c.number(2), c.string(3), c.string(4)),
        id.table(),
        key);
  }

  /** What the row was before the first change that is to be taken back. */
  record Before(@Nullable Row row) {}

  /** Empty where it is the row of the moment itself. */
  Optional<Before> before(RowId id) {
    return sql.first(
        "SELECT row FROM later WHERE name=?1 AND row_key=?2 AND NOT meant"
            + " AND id<(SELECT min(id) FROM later WHERE name=?1 AND row_key=?2 AND meant)"
            + " ORDER BY id DESC LIMIT 1",
        c -> new Before(c.text(1) == null ? null : Json.row(c.string(1))),
        id.table(),
        Json.keyText(id.key()));
  }

  @Override
  public void close() {
    sql.close();
    Scratch.delete(file);
  }
}
