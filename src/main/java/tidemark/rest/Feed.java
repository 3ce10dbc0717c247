package tidemark.rest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.JsonObject;
import tidemark.change.Row;
import tidemark.ledger.Entry;
import tidemark.replica.Arrivals.Arrived;
import tidemark.replica.SyncColumns;

/**
 * What changed in all tables, in the order in which it arrived; without a cursor all rows first,
 * parents before their children.
 *
 * <p>Guarantee: who goes on from cursor to cursor has, in the end, what the tables have: nothing is
 * skipped, and a row that changes again comes again, later. Threading: for one answer.
 */
final class Feed {
  static final String KIND = "changes";

  private final View view;
  private final List<TableView> tables;
  private final int limit;
  private final Stock stock;
  private final List<JsonObject> changes = new ArrayList<>();
  private @Nullable Entry last;

  /**
   * @param tables those that who asks may see
   */
  Feed(View view, List<TableView> tables, int limit, Stock stock) {
    this.view = view;
    this.tables = tables;
    this.limit = limit;
    this.stock = stock;
  }

  /** A page, and where the next one begins. */
  record Page(List<JsonObject> changes, Cursor next) {}

  Page from(@Nullable String cursor, LongSupplier floor) {
    Cursor at =
        cursor == null
            ? beginning()
            : Cursor.of(cursor, KIND).here(view, Set.copyOf(tables), floor);
    at = at.givesEverything() ? everything(at) : at;
    if (!at.givesEverything() && changes.size() < limit) {
      at = arrived(at);
    }
    return new Page(changes, at);
  }

  private Cursor beginning() {
    String first = tables.isEmpty() ? null : tables.get(0).name();
    return Cursor.begin(view, KIND, first, view.arrivals().last(), Given.EVERYTHING);
  }

  private Cursor everything(Cursor begin) {
    Cursor at = begin;
    int from = 0;
    for (int i = 0; i < tables.size(); i++) {
      from = tables.get(i).name().equals(at.table()) ? i : from;
    }
    for (TableView table : tables.subList(from, tables.size())) {
      if (!table.name().equals(at.table())) {
        at = at.behind(table.name(), null);
      }
      Cursor[] reached = {at};
      boolean[] full = {false};
      view.arrivals()
          .eachByKey(
              table.table(),
              at.key(),
              found -> {
                full[0] = changes.size() >= limit;
                if (!full[0]) {
                  changes.add(change(table, found));
                  reached[0] = reached[0].behind(table.name(), found.key());
                }
                return !full[0];
              });
      at = reached[0];
      if (full[0]) {
        return at;
      }
    }
    return at.after(view, at.number());
  }

  private Cursor arrived(Cursor at) {
    long last = view.arrivals().last();
    int room = limit - changes.size();
    TreeSet<Long> numbers = new TreeSet<>();
    for (TableView table : tables) {
      numbers.addAll(view.arrivals().numbersAfter(table.table(), at.number(), room + 1));
    }
    boolean all = numbers.size() <= room;
    long upTo = all ? last : numbers.stream().skip(room - 1).findFirst().orElse(last);
    record Found(TableView table, Arrived row) {}
    List<Found> found = new ArrayList<>();
    for (TableView table : tables) {
      view.arrivals()
          .eachBetween(table.table(), at.number(), upTo, row -> found.add(new Found(table, row)));
    }
    found.sort(Comparator.comparingLong(one -> one.row().arrived()));
    found.forEach(one -> changes.add(change(one.table(), one.row())));
    return at.after(view, upTo);
  }

  private JsonObject change(TableView table, Arrived found) {
    Row row = found.row();
    return new JsonObject()
        .put("table", table.name())
        .put("key", table.keyValues(found.key()))
        .put("op", row == null ? "delete" : "put")
        .put("row", row == null ? null : table.shown(row))
        .put("by", row == null ? deletedBy(found) : View.text(row.get(SyncColumns.UPDATED_BY)))
        .time("at", found.remembered().at());
  }

  /** A row that is gone does not say it; the entry does, for as long as there is one. */
  private @Nullable String deletedBy(Arrived found) {
    Long number = found.remembered().entry();
    if (number == null) {
      return null;
    }
    Entry entry = last;
    if (entry == null || entry.number() != number) {
      entry = stock.entry(number);
      last = entry;
    }
    return entry == null
        ? null
        : entry.changes().stream()
            .filter(change -> Objects.equals(change.token(), found.remembered().token()))
            .map(Change::by)
            .findFirst()
            .orElse(null);
  }
}
