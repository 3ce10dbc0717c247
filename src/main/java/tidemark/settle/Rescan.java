package tidemark.settle;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tidemark.change.ChangeTime;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.Token;
import tidemark.replica.Keys;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Clock;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;
import tidemark.replica.TableStates.Look;

/**
 * Marks what changed in a table without a trigger noticing. Row by row at first contact, after the
 * application rebuilt the table, where the triggers were missing; by their number alone where an
 * edit may have pushed other rows out.
 */
final class Rescan {
  /** So many rows, and a tenth of the table, do not vanish unseen without somebody being asked. */
  private static final int FEW = 20;

  private final Settling settling;

  Rescan(Settling settling) {
    this.settling = settling;
  }

  /**
   * @param edited somebody else has written here since this was last done
   */
  void run(Set<String> selected, boolean edited) {
    Set<String> waiting = settling.replica.states().toRescan();
    for (String name : new TreeSet<>(selected)) {
      SyncedTable table = settling.replica.tables().get(name);
      if (table != null && waiting.contains(name)) {
        look(table);
      } else if (table != null && edited) {
        delete(table, table.edits().evicted());
      }
    }
  }

  /**
   * Under another key than before: what its beginner did not have is pending again, with its tokens
   * and times; if that is here, all of it is.
   */
  private void unsettleFormer(SyncedTable table) {
    Keys keys = settling.replica.keys();
    String name = table.name();
    long known = keys.isUntold(name) ? 0 : keys.known(name);
    table.edits().unsettle(known, keys.since(name));
  }

  private void look(SyncedTable table) {
    Look look = settling.replica.states().rescan(table.name());
    if (look == Look.EVICTED) {
      delete(table, table.edits().missing());
    } else if (table.shadow().isEmpty()) {
      table.edits().markAllFound(settling.now);
    } else {
      compare(table, look);
    }
    if (settling.replica.tables().containsKey(table.name())) {
      unsettleFormer(table);
      settling.replica.states().rescan(table.name(), Look.NONE);
    }
  }

  /** Vanished rows were deleted, unless there are more of them than somebody may have meant. */
  private void delete(SyncedTable table, List<RowKey> vanished) {
    List<RowKey> deleted = settling.replica.withoutHeld(table, vanished);
    if (!deleted.isEmpty() && !isRefused(table, deleted.size())) {
      table.edits().markEvicted(deleted);
    }
  }

  private boolean isRefused(SyncedTable table, int vanished) {
    long unexplained = vanished - table.edits().evictedAtMost();
    boolean many = unexplained > FEW && unexplained * 10 > table.count() + vanished;
    if (many) {
      settling.replica.refuse(
          table.name(),
          table.name()
              + ": "
              + vanished
              + " rows vanished while nobody was watching; if they really were deleted, run `tidemark schema accept --table "
              + table.name()
              + "`, else `tidemark verify --repair` brings them back");
    }
    return many;
  }

  private void compare(SyncedTable table, Look look) {
    List<RowKey> vanished = table.edits().vanished();
    if (look != Look.ACCEPTED && isRefused(table, vanished.size())) {
      return;
    }
    boolean reshaped = look == Look.ACCEPTED || look == Look.RESHAPED;
    record Unseen(RowKey key, long moment, Clock clock, boolean found) {}
    long now = settling.shareNow - settling.skew;
    List<Unseen> unseen = new ArrayList<>();
    table.eachRow(
        (key, row) -> {
          Remembered remembered = table.shadow().get(key);
          if (remembered == null) {
            unseen.add(new Unseen(key, now, Clock.ROW, true));
          } else if (remembered.mark() == null && !remembered.hasDigest(table.digest(row))) {
            Clock clock = clock(remembered, row);
            boolean asOld = reshaped && clock == Clock.MOMENT; // another shape is no edit
            unseen.add(
                asOld
                    ? new Unseen(key, remembered.at(), Clock.SHARE, false)
                    : new Unseen(key, now, clock, false));
          }
        });
    for (Unseen edit : unseen) {
      table
          .shadow()
          .mark(edit.key(), Token.fresh(), edit.moment(), edit.clock(), true, edit.found());
    }
    for (RowKey key : settling.replica.withoutHeld(table, vanished)) {
      settling.mark(new RowId(table.name(), key));
    }
  }

  /**
   * An edit that left updated_at as it was synced happened at an unknown time: now is the latest.
   */
  private static Clock clock(Remembered remembered, Row row) {
    Object stamp = row.get(SyncColumns.UPDATED_AT);
    boolean own = ChangeTime.read(stamp) != null && !ChangeTime.isAbout(stamp, remembered.at());
    return own ? Clock.ROW : Clock.MOMENT;
  }
}
