package tidemark.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tidemark.change.Position;
import tidemark.change.SqlName;
import tidemark.replica.Arrivals;
import tidemark.replica.Replica;
import tidemark.settle.Family;

/** The server's own copy as a program sees it. Threading: as its replica. */
final class View {
  private final Replica replica;
  private final Arrivals arrivals;
  private final Map<String, TableView> tables = new LinkedHashMap<>();

  View(Replica replica) {
    this.replica = replica;
    this.arrivals = new Arrivals(replica);
    Map<String, List<String>> added = replica.addedColumns();
    new Family(replica)
        .parentsFirst(new TreeSet<>(replica.tables().keySet()))
        .forEach(
            table ->
                tables.put(
                    SqlName.folded(table.name()),
                    new TableView(table, added.getOrDefault(table.name(), List.of()))));
  }

  Replica replica() {
    return replica;
  }

  Arrivals arrivals() {
    return arrivals;
  }

  Optional<TableView> find(String name) {
    return Optional.ofNullable(tables.get(SqlName.folded(name)));
  }

  /** All of them, parents before their children. */
  List<TableView> tables() {
    return new ArrayList<>(tables.values());
  }

  /** The ledger it follows. */
  String ledger() {
    return String.valueOf(replica.state("ledger"));
  }

  /** All up to this entry has arrived here, whatever other copies took sooner or later. */
  long position() {
    long head =
        replica.states().positions().values().stream().mapToLong(Position::number).max().orElse(0);
    long held =
        replica
            .sql()
            .first("SELECT min(entry) FROM sync_held", c -> c.numberOrNull(1))
            .orElse(Long.MAX_VALUE);
    return Math.min(head, held - 1);
  }

  /** The first number that a row of these entries has, or what comes next. */
  long firstOf(long entriesAfter, Set<TableView> among) {
    long first = arrivals.last() + 1;
    for (TableView table : among) {
      Long found = arrivals.firstAfterEntry(table.table(), entriesAfter);
      first = found == null ? first : Math.min(first, found);
    }
    return first;
  }

  static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
