package tidemark.settle;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.Token;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.SyncedTable;

/**
 * Logical numbers that two records hold although no index forbids it (`unique:` in the config):
 * told as a conflict, or the later record gets the next free number.
 */
final class Duplicates {
  private static final Pattern LAST_DIGITS = Pattern.compile("^(.*?)(\\d+)(\\D*)$", Pattern.DOTALL);

  private final Settling settling;
  private final Decisions decisions;

  Duplicates(Settling settling, Decisions decisions) {
    this.settling = settling;
    this.decisions = decisions;
  }

  /** Looks at the rows that just came in and at those pending here. */
  void find(Set<RowId> incoming) {
    if (settling.terms.master()) {
      return;
    }
    for (SyncedTable table : settling.replica.tables().values()) {
      List<String> unique = table.rule().unique();
      if (!unique.isEmpty() && unique.stream().allMatch(table.columns()::has)) {
        find(table, unique, incoming);
      }
    }
  }

  private void find(SyncedTable table, List<String> unique, Set<RowId> incoming) {
    Set<List<@Nullable Object>> values = new HashSet<>();
    incoming.stream()
        .filter(id -> id.table().equals(table.name()))
        .map(id -> table.row(id.key()))
        .forEach(row -> add(values, row, unique));
    table
        .edits()
        .eachPending(
            (key, remembered, row) -> {
              add(values, row, unique);
              return true;
            });
    for (List<@Nullable Object> value : values) {
      List<RowKey> holders = table.keysWhere(unique, value);
      if (holders.size() > 1) {
        settle(table, unique, value, holders);
      }
    }
  }

  private static void add(
      Set<List<@Nullable Object>> values, @Nullable Row row, List<String> unique) {
    if (row != null) {
      List<@Nullable Object> value = Family.valuesOf(row, unique);
      if (!value.contains(null)) {
        values.add(value);
      }
    }
  }

  private record Holder(RowKey key, @Nullable Remembered remembered, Row row) {
    /** In the order in which the ledger learnt of them; those it does not know come last. */
    long birth() {
      Long birth = remembered == null ? null : remembered.birth();
      Long entry = remembered == null ? null : remembered.entry();
      return birth != null ? birth : entry != null ? entry : Long.MAX_VALUE;
    }
  }

  private void settle(
      SyncedTable table, List<String> unique, List<@Nullable Object> value, List<RowKey> keys) {
    List<Holder> holders = new ArrayList<>();
    for (RowKey key : keys) {
      Row row = table.row(key);
      if (row != null) {
        holders.add(new Holder(key, table.shadow().get(key), row));
      }
    }
    holders.sort(
        Comparator.comparingLong(Holder::birth)
            .thenComparing(h -> Json.keyText(h.key()).length())
            .thenComparing(h -> Json.keyText(h.key())));
    for (Holder later : holders.subList(1, holders.size())) {
      if (table.rule().renumber() && renumbered(table, unique, later)) {
        continue;
      }
      tell(table, value, holders.get(0), later);
    }
  }

  private void tell(SyncedTable table, List<@Nullable Object> value, Holder first, Holder later) {
    RowId id = new RowId(table.name(), later.key());
    String conflictId =
        Token.of(
            "duplicate", table.name(), value, Json.keyText(first.key()), Json.keyText(later.key()));
    if (settling.replica.conflicts().find(conflictId).isEmpty()) {
      Mark mark = later.remembered() == null ? null : later.remembered().mark();
      Disputes.Sides sides =
          new Disputes.Sides(
              Json.rowText(later.row()),
              settling.contest.madeBy(mark, later.row()),
              null,
              Json.rowText(first.row()),
              null,
              null);
      boolean contested = settling.disputes.contested().contains(id);
      settling.disputes.record(conflictId, id, "duplicate", sides, "both", null, 0);
      if (!contested) {
        settling.disputes.contested().remove(id); // both are kept and both are posted
      }
    }
  }

  /** Counts the last run of digits up to the next number nobody holds. */
  private boolean renumbered(SyncedTable table, List<String> unique, Holder later) {
    String column = unique.get(unique.size() - 1);
    if (!(later.row().get(column) instanceof String text)) {
      return false;
    }
    Matcher number = LAST_DIGITS.matcher(text);
    if (!number.matches()) {
      return false;
    }
    String digits = number.group(2);
    BigInteger next = new BigInteger(digits);
    Map<String, @Nullable Object> changed = new LinkedHashMap<>();
    do {
      next = next.add(BigInteger.ONE);
      String padded = next.toString();
      padded = "0".repeat(Math.max(0, digits.length() - padded.length())) + padded;
      changed.put(column, number.group(1) + padded + number.group(3));
    } while (!table
        .keysWhere(unique, Family.valuesOf(later.row().with(changed), unique))
        .isEmpty());
    RowId id = new RowId(table.name(), later.key());
    if (new Moves(settling, decisions).set(id, changed) != null) {
      return false; // both are kept
    }
    settling.mark(id);
    settling.report.note(
        table.name()
            + " "
            + later.key()
            + ": "
            + text
            + " was taken; it is "
            + changed.get(column)
            + " now");
    return true;
  }
}
