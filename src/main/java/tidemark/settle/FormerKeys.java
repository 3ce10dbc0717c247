package tidemark.settle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tidemark.change.Change;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.Token;
import tidemark.ledger.Entry;
import tidemark.replica.Held.Numbered;
import tidemark.replica.SyncedTable;

/** Changes of the ledger from before a table got its present key: they are never applied to it. */
public final class FormerKeys {
  private final Settling settling;
  private final Map<String, Long> since = new HashMap<>();

  FormerKeys(Settling settling) {
    this.settling = settling;
  }

  /** The change is of a former key; one that came later, by an older program, is named. */
  boolean has(Entry entry, Change change) {
    String name = change.table();
    long first = since.computeIfAbsent(name, settling.replica.keys()::since);
    if (entry.number() < first) {
      return true;
    }
    List<String> key = settling.replica.table(name).shape().key();
    if (first == 0) {
      requireColumns(change, entry, key.size());
      return false;
    }
    Row row = change.row();
    boolean fits =
        change.key().size() == key.size() && (row == null || key.stream().allMatch(row::has));
    if (!fits) {
      RowId id = new RowId(name, change.key());
      settling.report.held(
          name,
          id.toString(),
          id
              + ": entry "
              + entry.number()
              + " by "
              + entry.author().workstation()
              + " changed it under a former key of the table; update Tidemark there, and edit the row again");
    }
    return !fits;
  }

  /** With more or fewer columns it names no row here, and would name a wrong one. */
  private static void requireColumns(Change change, Entry entry, int columns) {
    if (change.key().size() != columns) {
      throw new Failure(
          Failure.REFUSED,
          "entry "
              + entry.number()
              + " changes "
              + change.table()
              + " by a key of "
              + change.key().size()
              + " columns, and it has one of "
              + columns
              + " here",
          "See with `tidemark doctor` whether all have the same table; else find out who wrote the entry.");
    }
  }

  /**
   * All rows that the beginner of a key had stand in the ledger by now: what he knew and did not
   * bring was deleted. Whoever edited such a row since keeps it.
   */
  void deleteRest(String name, Entry entry) {
    if (settling.replica.tables().containsKey(name)) {
      SyncedTable table = settling.replica.table(name);
      List<RowKey> rest = table.shadow().settledBefore(settling.replica.keys().since(name));
      for (Numbered gone : deletes(table, rest, entry.number(), entry.author().user())) {
        settling.arrivals.putIfAbsent(
            new RowId(name, gone.change().key()),
            new Settling.Arrival(new ArrayList<>(List.of(gone)), false));
      }
    }
  }

  /** As old as can be: they beat no edit. */
  public static List<Numbered> deletes(
      SyncedTable table, List<RowKey> rest, long entry, String by) {
    List<Numbered> deletes = new ArrayList<>();
    for (RowKey key : rest) {
      String token = Token.fresh();
      deletes.add(
          new Numbered(entry, new Change(table.name(), key, null, 0, by, false, token, token)));
    }
    return deletes;
  }
}
