package tidemark.settle;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Columns;
import tidemark.change.Conflict;
import tidemark.change.Definition;
import tidemark.change.Row;
import tidemark.change.SqlName;
import tidemark.ledger.Entry;
import tidemark.replica.Replica;

/**
 * What came from the ledger, in the spelling of this database: SQLite does not tell Quotes from
 * quotes, and each workstation may have made its own.
 */
public final class Spelling {
  private final Replica replica;

  /** What is not here yet, by its folded name: it is spelt as whoever named it first did. */
  private final Map<String, String> first = new HashMap<>();

  // as found since it was last looked: settling, and the application, may bring more
  private final Map<String, String> tables = new HashMap<>();
  private final Map<String, Map<String, String>> columns = new HashMap<>();
  private final Map<String, Map<Columns, Columns>> lists = new HashMap<>();

  public Spelling(Replica replica) {
    this.replica = replica;
  }

  /**
   * From here on names are asked for again. Not for each entry: outside a transaction every
   * question takes a lock, which is a way to the share and back where the database is the master.
   */
  public void lookAgain() {
    tables.clear();
    columns.clear();
    lists.clear();
  }

  public Entry here(Entry entry) {
    return new Entry(
        entry.number(),
        entry.id(),
        entry.previous(),
        entry.hash(),
        entry.at(),
        entry.author(),
        entry.definitions().stream().map(this::here).toList(),
        entry.changes().stream().map(this::here).toList(),
        entry.conflicts().stream().map(this::here).toList());
  }

  private String table(String name) {
    return tables.computeIfAbsent(
        name, n -> replica.spelling(n).orElseGet(() -> asFirst(SqlName.folded(n), n)));
  }

  private String column(String table, String name) {
    String here =
        columns.computeIfAbsent(table, replica::columnSpellings).get(SqlName.folded(name));
    return here != null ? here : asFirst(SqlName.folded(table) + '\n' + SqlName.folded(name), name);
  }

  private String asFirst(String folded, String name) {
    String before = first.putIfAbsent(folded, name);
    return before == null ? name : before;
  }

  private List<String> columns(String table, List<String> names) {
    return names.stream().map(name -> column(table, name)).toList();
  }

  private Definition here(Definition definition) {
    String table = table(definition.table());
    return new Definition(
        table,
        definition.isTable() ? "" : column(table, definition.column()),
        definition.ddl(),
        columns(table, definition.columns()),
        columns(table, definition.key()),
        definition.generation(),
        definition.after(),
        definition.whole(),
        definition.added());
  }

  private Change here(Change change) {
    String table = table(change.table());
    Row row = here(table, change.row());
    return table.equals(change.table()) && row == change.row()
        ? change
        : new Change(
            table,
            change.key(),
            row,
            change.at(),
            change.by(),
            change.born(),
            change.first(),
            change.token(),
            change.from(),
            change.parents());
  }

  public @Nullable Row here(String table, @Nullable Row row) {
    if (row == null) {
      return null;
    }
    Columns spelt =
        lists
            .computeIfAbsent(table, t -> new HashMap<>())
            .computeIfAbsent(row.columns(), c -> new Columns(columns(table, c.names())));
    return spelt.equals(row.columns()) ? row : new Row(spelt, row.values());
  }

  private Conflict here(Conflict conflict) {
    return conflict.of(table(conflict.table()));
  }
}
