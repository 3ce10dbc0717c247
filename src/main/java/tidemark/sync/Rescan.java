package tidemark.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tidemark.change.ChangeTime;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.replica.Keys;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Clock;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;
import tidemark.replica.TableStates.Look;

/**
 * Compares a table with what is remembered of it, row by row, and marks what changed unseen: at
 * first contact, after the application rebuilt the table, where the triggers were missing.
 */
final class Rescan {
  /** So many rows, and a tenth of the table, do not vanish unseen without somebody being asked. */
  private static final int FEW = 20;

  private final Settling settling;

  Rescan(Settling settling) {
    this.settling = settling;
  }

  void run(Set<String> selected) {
    for (String name : new TreeSet<>(settling.replica.states().toRescan())) {
      SyncedTable table = settling.replica.tables().get(name);
      if (table != null && selected.contains(name)) {
        if (table.shadow().isEmpty()) {
          table.edits().markAllFound(settling.now);
        } else {
          compare(table);
        }
        if (settling.replica.tables().containsKey(name)) {
          unsettleFormer(table);
          boolean always = table.shape().expressionIndex();
          settling.replica.states().rescan(name, always ? Look.UNSEEN_EDITS : Look.NONE);
        }
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

  private void compare(SyncedTable table) {
    List<RowKey> vanished = table.edits().vanished();
    boolean many = vanished.size() > FEW && vanished.size() * 10L > table.count() + vanished.size();
    Look look = settling.replica.states().rescan(table.name());
    if (many && look != Look.ACCEPTED) {
      settling.replica.refuse(
          table.name(),
          table.name()
              + ": "
              + vanished.size()
              + " rows vanished while nobody was watching; if they really were deleted, run `tidemark schema accept --table "
              + table.name()
              + "`, else `tidemark verify --repair` brings them back");
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
          .mark(edit.key(), Settling.newToken(), edit.moment(), edit.clock(), true, edit.found());
    }
    for (RowKey key : vanished) {
      if (settling.replica.held().find(table.name(), key).isEmpty()) {
        settling.mark(new RowId(table.name(), key));
      }
    }
  }

  /**
   * An edit that left updated_at as it was synced happened at an unknown time: now is the latest.
   */
  private static Clock clock(Remembered remembered, Row row) {
    Long stamped = ChangeTime.read(row.get(SyncColumns.UPDATED_AT));
    return stamped != null && stamped != remembered.at() ? Clock.ROW : Clock.MOMENT;
  }
}
