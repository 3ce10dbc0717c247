package tidemark.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.SqlName;
import tidemark.change.Values;
import tidemark.jdbc.Refusal;
import tidemark.jdbc.Sql;
import tidemark.replica.HandEdit;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.SyncColumns;
import tidemark.replica.TableShape.Column;
import tidemark.serve.RefusedException;

/**
 * Writes one edit of a program's into the server's own copy, the way an application would.
 *
 * <p>Guarantee: a version the program never saw is not overwritten but by the table's rule, and the
 * loser is kept. Under a key that SQLite gives, a record the program never saw is another one: the
 * program's own gets the next number. Within the caller's transaction; threading: one thread.
 */
final class EditWriter {
  private final View view;
  private final HandEdit hand;
  private final Client client;
  private final Set<RowId> used;
  private final long now;
  private final Given given;
  private final Knowledge knowledge;
  private final Refusals refusals;

  /**
   * @param used the rows that others, or this one, have written in the same transaction
   */
  EditWriter(View view, HandEdit hand, Stock stock, Client client, Set<RowId> used, long now) {
    this.view = view;
    this.hand = hand;
    this.client = client;
    this.used = used;
    this.now = now;
    this.given = new Given(view.replica().sql());
    this.knowledge = new Knowledge(view, client, given, now);
    this.refusals = new Refusals(view.replica(), stock, now);
  }

  /** Everything about one edit while it is decided. */
  private record Case(
      TableView table,
      Edit edit,
      Map<String, @Nullable Object> sent,
      RowKey sentKey,
      RowKey key,
      @Nullable Row here,
      @Nullable Remembered remembered,
      boolean known,
      long mineAt) {

    boolean isTombstone() {
      return here == null && remembered != null && remembered.entry() != null;
    }
  }

  /** Null where it has to wait for the next transaction. */
  @Nullable Slot write(Edit edit) {
    TableView table =
        view.find(edit.table())
            .orElseThrow(
                () -> RefusedException.notThere("there is no table " + Shown.of(edit.table())));
    Map<String, @Nullable Object> sent =
        edit.fields() == null ? Map.of() : columns(table, edit.fields());
    RowKey sentKey = edit.id() != null ? table.keyOf(edit.id()) : key(table, sent);
    if (sentKey == null) {
      return insert(table, edit, sent, null, true);
    }
    RowKey key = given.written(client.who(), table.name(), sentKey).orElse(sentKey);
    if (!used.add(new RowId(table.name(), key))) {
      return null;
    }
    Row here = table.table().row(key);
    Remembered remembered = table.table().shadow().get(key);
    Case c =
        new Case(
            table,
            edit,
            sent,
            sentKey,
            key,
            here,
            remembered,
            knowledge.isOf(table, edit, key, here, sent, remembered),
            knowledge.madeAt(sent, here));
    requireVersion(c);
    return edit.fields() == null ? delete(c) : put(c);
  }

  // ---- what was sent

  private static Map<String, @Nullable Object> columns(
      TableView table, Map<String, @Nullable Object> fields) {
    Map<String, @Nullable Object> sent = new LinkedHashMap<>();
    fields.forEach(
        (field, value) -> {
          Column column = table.column(field);
          if (sent.containsKey(column.name())) {
            throw RefusedException.with(
                422, "the column " + column.name() + " stands there twice", "Send it once.");
          }
          if (!TableView.isOurs(column.name())) {
            sent.put(column.name(), value);
          }
        });
    return sent;
  }

  private static @Nullable RowKey key(TableView table, Map<String, @Nullable Object> sent) {
    var columns = table.table().shape().key();
    Object[] parts = new Object[columns.size()];
    for (int i = 0; i < parts.length; i++) {
      Column column = table.table().shape().column(columns.get(i));
      Object part = ProgramValue.keyPart(sent.get(column.name()), column);
      if (part == null) {
        if (table.givesKeys()) {
          return null;
        }
        throw RefusedException.with(
            422,
            "the record has no " + column.name() + ", which is part of the key of " + table.name(),
            "Send a value for it.");
      }
      parts[i] = part;
    }
    return RowKey.of(parts);
  }

  private void requireVersion(Case c) {
    String wanted = c.edit().version();
    if (wanted == null || (c.edit().fields() == null && c.here() == null)) {
      return;
    }
    Row here = c.here();
    if (here == null || !wanted.equals(c.table().version(here))) {
      throw new OtherVersion(
          Outcome.refused(
                  409,
                  c.table().name()
                      + " "
                      + c.key()
                      + (here == null ? " is not there any more" : " is another by now"),
                  "Look at what is there, and send the edit with its version.")
              .with("current", here == null ? null : c.table().shown(here))
              .with("version", here == null ? null : c.table().version(here))
              .with("sent", Sent.shown(c.edit().fields())));
    }
  }

  // ---- writing

  private Slot put(Case c) {
    Row here = c.here();
    if (here == null) {
      if (c.isTombstone() && !c.known() && gaveWay(c, Refusals.over(null, stored(c)))) {
        return conflict(c);
      }
      return insert(c.table(), c.edit(), c.sent(), c, c.known());
    }
    Map<String, @Nullable Object> changed = changed(c, here);
    if (changed.isEmpty()) {
      return unchanged(c, here);
    }
    if (!c.known()
        && knowledge.isOfAnother(
            c.table(), c.edit(), c.sentKey(), Row.of(stored(c)), here, c.remembered())) {
      Map<String, @Nullable Object> another = new LinkedHashMap<>(c.sent());
      c.table().table().shape().key().forEach(another::remove);
      return insert(c.table(), c.edit(), another, c, true);
    }
    if (!c.known() && gaveWay(c, here.with(changed))) {
      return conflict(c);
    }
    return update(c, changed, Objects.requireNonNull(here));
  }

  private Slot unchanged(Case c, Row here) {
    String version = c.table().version(here);
    given.wrote(
        client.who(),
        c.table().name(),
        c.sentKey(),
        c.key(),
        view.arrivals().numberOf(c.table().table(), c.key()));
    return Slot.of(Outcome.done(Outcome.Action.UNCHANGED, c.table().id(c.key()), version));
  }

  private Slot update(Case c, Map<String, @Nullable Object> changed, Row here) {
    Object stamp = stored(c).get(SyncColumns.UPDATED_AT);
    if (stamp != null && !Values.same(stamp, here.get(SyncColumns.UPDATED_AT))) {
      changed.put(SyncColumns.UPDATED_AT, stamp);
    }
    Refusal refusal = attempt(() -> hand.set(c.table().table(), c.key(), changed));
    return refusal == null
        ? written(c.table(), c.sentKey(), c.key(), false, false, c.known())
        : refused(c.table(), c.edit(), c.sentKey(), here.with(changed), here, refusal.why());
  }

  private Slot insert(
      TableView table,
      Edit edit,
      Map<String, @Nullable Object> sent,
      @Nullable Case c,
      boolean known) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    sent.forEach(
        (column, value) -> {
          Column shape = table.table().shape().column(column);
          Object taken =
              table.table().shape().isKey(column)
                  ? ProgramValue.keyPart(value, shape)
                  : ProgramValue.taken(value, shape, null);
          if (taken != null || !table.table().shape().isKey(column)) {
            values.put(column, taken);
          }
        });
    if (values.isEmpty()) {
      throw RefusedException.with(422, "the record has no value at all", "Send its columns.");
    }
    RowKey[] stands = new RowKey[1];
    Refusal refusal =
        attempt(
            () -> {
              Refusal why = hand.insert(table.table(), values);
              stands[0] =
                  c == null || !hasKey(table, values) ? hand.lastInserted(table.table()) : c.key();
              return why;
            });
    RowKey sentKey = c == null ? null : c.sentKey();
    RowKey key = stands[0];
    if (refusal != null || key == null) {
      return refused(
          table,
          edit,
          sentKey,
          Row.of(values),
          null,
          refusal == null ? "the table gives no key by itself" : refusal.why());
    }
    used.add(new RowId(table.name(), key));
    return written(table, sentKey == null ? key : sentKey, key, true, false, known);
  }

  /** What triggers did before they refused it goes with it. */
  private @Nullable Refusal attempt(Supplier<@Nullable Refusal> writing) {
    Sql sql = view.replica().sql();
    sql.execute("SAVEPOINT edit");
    Refusal refusal = writing.get();
    if (refusal == null && sql.number("SELECT changes()") == 0) {
      refusal = Refusal.because("a trigger of the table left it out");
    }
    if (refusal != null) {
      sql.execute("ROLLBACK TO edit");
    }
    sql.execute("RELEASE edit");
    return refusal;
  }

  private static boolean hasKey(TableView table, Map<String, @Nullable Object> values) {
    return table.table().shape().key().stream().allMatch(values::containsKey);
  }

  private Slot delete(Case c) {
    Row here = c.here();
    if (here == null) {
      return Slot.of(Outcome.done(Outcome.Action.UNCHANGED, c.table().id(c.key()), null));
    }
    if (!c.known() && gaveWay(c, null)) {
      return conflict(c);
    }
    Refusal refusal = attempt(() -> hand.delete(c.table().table(), c.key()));
    return refusal == null
        ? written(c.table(), c.sentKey(), c.key(), false, true, true)
        : refused(c.table(), c.edit(), c.sentKey(), here, here, refusal.why());
  }

  /** What is to be written of what was sent: values that are there already are not. */
  private static Map<String, @Nullable Object> changed(Case c, Row here) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>();
    c.sent()
        .forEach(
            (column, value) -> {
              Object before = here.get(column);
              Column shape = c.table().table().shape().column(column);
              Object taken = ProgramValue.taken(value, shape, before);
              boolean mayChange =
                  !c.table().table().shape().isKey(column)
                      && !SqlName.same(column, SyncColumns.UPDATED_AT);
              if (mayChange && !Values.same(taken, before)) {
                changed.put(column, taken);
              }
            });
    return changed;
  }

  private static Map<String, @Nullable Object> stored(Case c) {
    Map<String, @Nullable Object> stored = new LinkedHashMap<>();
    c.sent()
        .forEach(
            (column, value) ->
                stored.put(
                    column,
                    ProgramValue.taken(value, c.table().table().shape().column(column), null)));
    return stored;
  }

  // ---- two versions

  /** Whether the other version stands; whichever does not is kept. */
  private boolean gaveWay(Case c, @Nullable Row mine) {
    Refusals.Meeting meeting =
        new Refusals.Meeting(
            c.table().name(), c.key(), mine, client.user(), c.mineAt(), c.here(), c.remembered());
    boolean mineStands = refusals.mineStands(meeting);
    refusals.keep(meeting, mineStands);
    return !mineStands;
  }

  private static Slot conflict(Case c) {
    Row here = c.here();
    return Slot.of(
        Outcome.done(
            Outcome.Action.CONFLICT,
            c.table().id(c.key()),
            here == null ? null : c.table().version(here)));
  }

  private Slot refused(
      TableView table, Edit edit, @Nullable RowKey key, Row row, @Nullable Row here, String why) {
    if (edit.kept()) {
      Row kept = key == null ? numbered(table, row) : row;
      RowKey under = key == null ? table.table().keyOf(kept) : key;
      Remembered remembered = key == null ? null : table.table().shadow().get(key);
      refusals.refuse(
          new Refusals.Meeting(table.name(), under, kept, client.user(), now, here, remembered));
    }
    Outcome outcome =
        Outcome.refused(
            422,
            table.name() + (key == null ? "" : " " + Shown.of(key.toString())) + ": " + why,
            "Put right what it says, and send it again.");
    return Slot.of(key == null ? outcome : outcome.with("id", table.id(key)));
  }

  /** What was not even understood, and nobody can be told of, is kept as it was sent. */
  void keepRefused(Edit edit) {
    TableView table = view.find(edit.table()).orElse(null);
    if (!edit.kept() || table == null || edit.fields() == null) {
      return;
    }
    Row raw = Sent.storable(edit.fields());
    Object[] key =
        table.table().shape().key().stream()
            .map(column -> Objects.requireNonNullElse(raw.get(column), "?"))
            .toArray();
    refusals.refuse(
        new Refusals.Meeting(table.name(), RowKey.of(key), raw, client.user(), now, null, null));
  }

  /** Under the number it would have got; who brings it back gets the next free one if need be. */
  private static Row numbered(TableView table, Row row) {
    return row.with(table.table().shape().key().get(0), table.table().numbers().highest() + 1);
  }

  private Slot written(
      TableView table,
      RowKey sentKey,
      RowKey key,
      boolean created,
      boolean deleted,
      boolean known) {
    table.table().shadow().madeBy(key, client.user());
    Remembered remembered = table.table().shadow().get(key);
    Mark mark = remembered == null ? null : remembered.mark();
    String record = remembered == null ? null : remembered.record();
    if (mark == null || record == null) {
      // made and deleted before anybody knew, or taken back at once by a trigger
      Row here = table.table().row(key);
      String version = here == null ? null : table.version(here);
      return Slot.of(Outcome.done(Outcome.Action.UNCHANGED, table.id(key), version));
    }
    return Slot.of(
        new Mine(table.name(), sentKey, key, mark.last(), record, created, deleted, known));
  }
}
