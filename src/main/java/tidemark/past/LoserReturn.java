package tidemark.past;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Conflict;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.Token;
import tidemark.jdbc.Refusal;
import tidemark.ledger.Author;
import tidemark.replica.ForeignKey;
import tidemark.replica.HandEdit;
import tidemark.replica.Kinship;
import tidemark.replica.Remembered;
import tidemark.replica.Replica;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;
import tidemark.settle.Disputes;
import tidemark.settle.Family;

/**
 * Brings the loser of a conflict back as a new edit of this person's, made now, with the children
 * that went with it. Whoever holds its UNIQUE value goes into a conflict of its own. Runs within
 * the caller's transaction: what cannot come back whole does not come back at all.
 */
final class LoserReturn {
  private final Replica replica;
  private final Author author;
  private final long now;
  private final HandEdit edit;
  private final Family family;

  /** Records that come back otherwise than they went. */
  private final List<Changed> changed = new ArrayList<>();

  private record Changed(String table, Row lost, Row back) {}

  LoserReturn(Replica replica, Author author, Clock clock) {
    this.replica = replica;
    this.author = author;
    this.now = clock.millis();
    this.edit = new HandEdit(replica);
    this.family = new Family(replica);
  }

  /**
   * Brings this version back.
   *
   * @param version the loser, or one that gave way to a third row
   * @param given what is to replace some of its values
   */
  void of(Conflict conflict, Conflict.Version version, @Nullable Row given) {
    if (conflict.winner() == null) {
      throw new Failure(
          Failure.INCOMPLETE,
          "conflict " + conflict.id() + " is still open: nothing was lost yet",
          "choose with `tidemark conflicts resolve " + conflict.id() + " --keep local|remote`");
    }
    boolean all = conflict.winner().equals("both") && conflict.givenData() == null;
    if (all && !conflict.kind().equals("rekeyed")) {
      throw new Failure(
          Failure.INCOMPLETE,
          "nothing was lost in conflict " + conflict.id() + ": both rows are there",
          "edit or delete one of them in the application");
    }
    SyncedTable table = replica.syncedHere(conflict.table());
    String row = conflict.data(version);
    if (row != null) {
      bringBack(conflict, Family.parse(table.name(), row), given);
      return;
    }
    RowKey key = conflict.rowKey();
    if (given != null) {
      put(table, merged(table, key, table.row(key), given));
    } else {
      delete(table, key);
    }
  }

  /** Whether what is there is this version, or what became of it. */
  boolean stands(Conflict conflict, Conflict.Version version) {
    SyncedTable table = replica.syncedHere(conflict.table());
    String data = conflict.data(version);
    if (data == null) {
      RowKey key = conflict.rowKey();
      return !table.has(key) || !isSameRecord(table, key, conflict);
    }
    Row row = lone(table, data);
    RowKey key = table.keyOf(row);
    Row present = table.row(key);
    String loser = conflict.loser();
    if (conflict.kind().equals("unique") && loser != null) {
      RowKey other = table.keyOf(lone(table, loser));
      return present != null && !table.othersWithValuesOf(row, key).contains(other);
    }
    return present != null && table.same(present, row);
  }

  private static Row lone(SyncedTable table, String data) {
    return wholeKey(table, known(table, Family.parse(table.name(), data).get(0).row()), null);
  }

  /** The row that is there becomes this version once more. */
  void again(Conflict conflict, Conflict.Version version) {
    SyncedTable table = replica.syncedHere(conflict.table());
    String row = conflict.data(version);
    if (row == null) {
      delete(table, conflict.rowKey());
    } else {
      put(table, Family.parse(table.name(), row).get(0).row());
    }
  }

  private void delete(SyncedTable table, RowKey key) {
    Row row = table.row(key);
    if (row == null) {
      throw new Failure(Failure.INCOMPLETE, table.name() + " " + key + " is deleted already", "");
    }
    RowId id = new RowId(table.name(), key);
    List<Family.Member> goAlong =
        family.descendants(
            id, row, (kin, parent, child) -> kin.foreign().onDelete().equals("CASCADE"));
    mayGo(id, family.keeper(id, row, goAlong), "be deleted");
    refuse(table, key, edit.delete(table, key));
  }

  private static void mayGo(RowId id, @Nullable String keeper, String why) {
    if (keeper != null) {
      throw new Failure(
          Failure.INCOMPLETE,
          id + " has to " + why + " and cannot: " + keeper,
          "delete those rows in the application, or turn them to another one; or give the row with another value: --keep FILE");
    }
  }

  private void bringBack(Conflict conflict, List<Family.Lost> lost, @Nullable Row given) {
    boolean swap = given == null && conflict.kind().equals("unique");
    List<RowId> written = new ArrayList<>();
    for (int i = 0; i < lost.size(); i++) {
      SyncedTable table = replica.syncedHere(lost.get(i).table());
      Row row = known(table, follow(table, lost.get(i).row()));
      row = wholeKey(table, row, i == 0 ? given : null);
      RowKey key = table.keyOf(row);
      if (i == 0 && given != null) {
        row = merged(table, key, row, given);
      }
      row = withFreeNumber(table, key, row, conflict);
      changed.add(new Changed(table.name(), lost.get(i).row(), row));
      if (swap) {
        makeRoom(conflict, table, row);
      }
      put(table, row);
      staysTheSame(table, table.keyOf(row), conflict);
      written.add(new RowId(table.name(), table.keyOf(row)));
    }
    written.forEach(this::mustHaveParents);
  }

  /** Columns that were dropped since are left out. */
  private static Row known(SyncedTable table, Row row) {
    Map<String, @Nullable Object> values = row.asMap();
    values.keySet().removeIf(column -> !table.columns().has(column));
    return Row.of(values);
  }

  /** A row from before a column belonged to the key: what is given says what it holds there. */
  private static Row wholeKey(SyncedTable table, Row row, @Nullable Row given) {
    Row whole = row;
    for (String column : table.shape().key()) {
      Object written = given == null ? null : given.get(column);
      if (whole.get(column) == null && written != null) {
        whole = whole.with(column, written);
      }
    }
    whole = table.withWholeKey(whole);
    for (String column : table.shape().key()) {
      if (whole.get(column) == null) {
        throw new Failure(
            Failure.INCOMPLETE,
            "the table " + table.name() + " has another key now, and this row no " + column,
            "give the row with it: --keep FILE");
      }
    }
    return whole;
  }

  /** A child goes with its parent, whatever that is called now. */
  private Row follow(SyncedTable table, Row row) {
    Row followed = row;
    for (Kinship kin : family.parentsOf(table.name())) {
      ForeignKey foreign = kin.foreign();
      List<@Nullable Object> values = Family.valuesOf(row, foreign.columns());
      if (values.contains(null)) {
        continue;
      }
      for (Changed parent : changed) {
        if (parent.table().equals(foreign.parent())
            && kin.comparable(values).equals(referred(kin, parent.lost()))) {
          followed =
              followed.with(kin.referring(Family.valuesOf(parent.back(), foreign.parentColumns())));
        }
      }
    }
    return followed;
  }

  private static List<@Nullable Object> referred(Kinship kin, Row parent) {
    return kin.comparable(Family.valuesOf(parent, kin.foreign().parentColumns()));
  }

  /** The number of a record that left the ledger may have been given to another one. */
  private Row withFreeNumber(SyncedTable table, RowKey key, Row row, Conflict conflict) {
    if (!table.shape().autoKey() || !table.has(key) || isSameRecord(table, key, conflict)) {
      return row;
    }
    long free = table.numbers().highest() + 1;
    return row.with(table.shape().key().get(0), free);
  }

  /** Born after the conflict, it is another record under the loser's number. */
  private static boolean isSameRecord(SyncedTable table, RowKey key, Conflict conflict) {
    Remembered remembered = table.shadow().get(key);
    return remembered != null && !remembered.absentInLedger() && !isLater(remembered, conflict);
  }

  private static boolean isLater(Remembered remembered, Conflict conflict) {
    Long birth = remembered.birth();
    return birth != null && birth > conflict.remoteEntry();
  }

  /** Who had been deleted is the record it was, to those too who edited it meanwhile. */
  private static void staysTheSame(SyncedTable table, RowKey key, Conflict conflict) {
    Remembered remembered = table.shadow().get(key);
    if (remembered != null && !isLater(remembered, conflict)) {
      table.shadow().stillTheSame(key);
    }
  }

  /** Whoever holds a value that must be unique goes, with its children, into a conflict. */
  private void makeRoom(Conflict conflict, SyncedTable table, Row row) {
    for (RowKey key : table.othersWithValuesOf(row, table.keyOf(row))) {
      RowId id = new RowId(table.name(), key);
      Row winner = table.row(key);
      if (winner == null) {
        continue;
      }
      Remembered remembered = table.shadow().get(key);
      List<Family.Member> descendants = family.descendants(id, winner);
      mayGo(id, family.keeper(id, winner, descendants), "make room");
      for (int i = descendants.size() - 1; i >= 0; i--) {
        RowId child = descendants.get(i).id();
        refuse(
            replica.table(child.table()),
            child.key(),
            edit.delete(replica.table(child.table()), child.key()));
      }
      refuse(table, key, edit.delete(table, key));
      record(conflict, id, row, Family.withDescendants(winner, descendants), winner, remembered);
    }
  }

  private void record(
      Conflict cause,
      RowId id,
      Row back,
      String gone,
      Row winner,
      @Nullable Remembered remembered) {
    Long entry = remembered == null ? null : remembered.entry();
    Object by = winner.get(SyncColumns.UPDATED_BY);
    replica
        .conflicts()
        .write(
            new Conflict(
                Token.of("swap", cause.id(), Json.keyText(id.key()), Token.fresh()),
                now,
                id.table(),
                Json.keyText(id.key()),
                "unique",
                Json.rowText(back),
                gone,
                author.user(),
                by == null ? null : by.toString(),
                now,
                ChangeTime.read(winner.get(SyncColumns.UPDATED_AT)),
                "local",
                author.workstation(),
                true,
                "restored",
                author.user(),
                now,
                Disputes.lastToken(remembered),
                entry == null ? 0 : entry,
                null),
            null);
  }

  /** The row with what was given laid over it, under the key it has. */
  Row merged(SyncedTable table, RowKey key, @Nullable Row base, Row given) {
    for (String column : given.columns().names()) {
      if (!table.columns().has(column)) {
        throw new Failure(
            Failure.USAGE,
            "there is no column " + column + " in " + table.name(),
            "its columns are: " + String.join(", ", table.columns().names()));
      }
    }
    Row merged = base == null ? Row.of(Map.of()) : base;
    List<String> keys = table.shape().key();
    for (int i = 0; i < keys.size(); i++) {
      if (merged.get(keys.get(i)) == null) {
        merged = merged.with(keys.get(i), key.part(i));
      }
    }
    merged = merged.with(given.asMap());
    if (!table.keyOf(merged).equals(key)) {
      throw new Failure(
          Failure.USAGE,
          "the given row has the key " + table.keyOf(merged) + " instead of " + key,
          "leave the key columns out, or as they are");
    }
    return merged;
  }

  /** Writes it as an edit made now by this person. */
  void put(SyncedTable table, Row row) {
    Row present = table.row(table.keyOf(row));
    if (present != null && table.same(present, row)) {
      return; // it is there already: new stamps alone would be nobody's edit
    }
    Object former = row.get(SyncColumns.UPDATED_AT);
    Row edited =
        row.with(SyncColumns.UPDATED_AT, ChangeTime.like(former, now))
            .with(SyncColumns.UPDATED_BY, author.user());
    RowKey key = table.keyOf(row);
    table.othersWithValuesOf(edited, key).stream()
        .findFirst()
        .ifPresent(
            other -> {
              throw taken(table, key, other);
            });
    refuse(table, key, edit.put(table, edited));
    if (present != null) {
      takeAlong(table, present, edited);
    }
  }

  /** Whoever refers to the row goes on doing so, through all levels. */
  private void takeAlong(SyncedTable table, Row before, Row now) {
    family.eachFollower(
        table.name(),
        before,
        now,
        (kin, key, values) -> {
          SyncedTable child = kin.child();
          Row row = child.row(key);
          refuse(child, key, edit.set(child, key, values));
          if (row != null) {
            takeAlong(child, row, row.with(values));
          }
        });
  }

  static Failure taken(SyncedTable table, RowKey key, RowKey other) {
    return new Failure(
        Failure.INCOMPLETE,
        table.name() + " " + key + " cannot be written: " + other + " has its UNIQUE value",
        "give the row with another value: --keep FILE");
  }

  private static void refuse(SyncedTable table, RowKey key, @Nullable Refusal refusal) {
    if (refusal != null) {
      throw new Failure(
          Failure.INCOMPLETE,
          table.name() + " " + key + " is refused by the database: " + refusal,
          "nothing was changed; put right what it says, or give the row with other values: --keep FILE");
    }
  }

  private void mustHaveParents(RowId id) {
    SyncedTable table = replica.table(id.table());
    Row row = table.row(id.key());
    for (Kinship kin : family.parentsOf(table.name())) {
      List<@Nullable Object> values =
          row == null ? List.of() : Family.valuesOf(row, kin.foreign().columns());
      if (!values.isEmpty() && !values.contains(null) && kin.parentOf(values).isEmpty()) {
        throw new Failure(
            Failure.INCOMPLETE,
            id + " cannot come back: its parent " + kin.parent().name() + " " + values + " is gone",
            "bring the parent back first, or give the row with another parent: --keep FILE");
      }
    }
  }
}
