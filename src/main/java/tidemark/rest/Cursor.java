package tidemark.rest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.RowKey;
import tidemark.change.Token;
import tidemark.replica.ArrivalNotes;
import tidemark.serve.RefusedException;

/**
 * Where an answer in pages goes on: the number of the last arrival that was given, and in this
 * server's own terms as well as in the ledger's, so that it holds after a restart, at another
 * server in front of the same place, and where the server's copy was made anew.
 *
 * @param ledger whose it is
 * @param kind of answer, which takes no other's
 * @param table that is being given, where everything is given first
 * @param key of its last row that was; null where none was yet
 * @param number of the last arrival that was given, or after which to go on
 * @param noted a note of arrivals by which its numbers are known again
 * @param mark of that note
 * @param position in the ledger, up to which all was given
 * @param asked for which moment, and since which arrival, by the memory of what was given
 * @param withoutOwn what the program wrote itself is left out
 */
record Cursor(
    String ledger,
    String kind,
    @Nullable String table,
    @Nullable RowKey key,
    long number,
    long noted,
    String mark,
    long position,
    long asked,
    long since,
    boolean withoutOwn) {
  private static final int CHECK = 8;

  /** At the beginning of an answer. */
  static Cursor begin(View view, String kind, @Nullable String table, long number, long asked) {
    return new Cursor(
            view.ledger(), kind, table, null, number, 0, "", view.position(), asked, number, false)
        .noted(view);
  }

  private Cursor noted(View view) {
    ArrivalNotes.Note note =
        view.arrivals().notes().noteUpTo(number).orElse(new ArrivalNotes.Note(0, 0, ""));
    return new Cursor(
        ledger,
        kind,
        table,
        key,
        number,
        note.number(),
        note.mark(),
        position,
        asked,
        since,
        withoutOwn);
  }

  /** Everything is given first, and it stands behind this row. */
  Cursor behind(String tableNow, @Nullable RowKey keyNow) {
    return new Cursor(
        ledger, kind, tableNow, keyNow, number, noted, mark, position, asked, since, withoutOwn);
  }

  /** All up to this arrival was given. */
  Cursor after(View view, long arrival) {
    long reached = arrival >= view.arrivals().last() ? view.position() : position;
    return new Cursor(ledger, kind, null, null, arrival, 0, "", reached, asked, since, withoutOwn)
        .noted(view);
  }

  /** The same, for a program that knows what it wrote. */
  Cursor leavingOutOwn() {
    return new Cursor(ledger, kind, table, key, number, noted, mark, position, asked, since, true);
  }

  boolean givesEverything() {
    return table != null;
  }

  // ---- as text

  String text() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("l", ledger);
    members.put("c", kind);
    if (table != null) {
      members.put("t", table);
    }
    if (key != null) {
      members.put("k", Json.keyText(key));
    }
    members.put("n", number);
    members.put("o", noted);
    members.put("m", mark);
    members.put("p", position);
    members.put("x", asked);
    members.put("s", since);
    members.put("w", withoutOwn ? 1 : 0);
    String text = Json.objectText(members);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((check(text) + text).getBytes(StandardCharsets.UTF_8));
  }

  private static String check(String text) {
    return Token.of("cursor", text).substring(0, CHECK);
  }

  /** What somebody sent as one. */
  static Cursor of(String sent, String kind) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(sent), StandardCharsets.UTF_8);
      String body = text.substring(CHECK);
      if (!check(body).equals(text.substring(0, CHECK))) {
        throw rubbish();
      }
      Map<String, @Nullable Object> members = Json.object(body);
      Cursor cursor =
          new Cursor(
              word(members, "l"),
              word(members, "c"),
              (String) members.get("t"),
              members.get("k") instanceof String key ? Json.key(key) : null,
              number(members, "n"),
              number(members, "o"),
              word(members, "m"),
              number(members, "p"),
              number(members, "x"),
              number(members, "s"),
              number(members, "w") == 1);
      if (!cursor.kind().equals(kind)) {
        throw rubbish();
      }
      return cursor;
    } catch (IllegalArgumentException
        | StringIndexOutOfBoundsException
        | ClassCastException
        | Failure e) {
      throw rubbish();
    }
  }

  private static String word(Map<String, @Nullable Object> members, String name) {
    return String.valueOf(members.get(name));
  }

  private static long number(Map<String, @Nullable Object> members, String name) {
    return members.get(name) instanceof Long number ? number : 0;
  }

  private static RefusedException rubbish() {
    return RefusedException.wrong(
        "this cursor was not given by an answer to this question",
        "Take nextCursor as it stands in the answer before, percent-encoded.");
  }

  // ---- going on

  /**
   * The same in this server's numbers.
   *
   * @param floor the last entry that the ledger has retired
   */
  Cursor here(View view, Set<TableView> among, LongSupplier floor) {
    if (!view.ledger().equals(ledger)) {
      throw tooOld("this cursor is of another ledger than is there now");
    }
    if (view.arrivals().notes().knows(noted, mark) && number <= view.arrivals().last()) {
      return this;
    }
    if (position < floor.getAsLong()) {
      throw tooOld("this cursor is too old: what it has not seen cannot be told any more");
    }
    long first = view.firstOf(position, among);
    return new Cursor(
        ledger,
        kind,
        table,
        key,
        first - 1,
        noted,
        mark,
        position,
        asked,
        Math.min(since, first - 1),
        withoutOwn);
  }

  private RefusedException tooOld(String why) {
    return RefusedException.with(
        410,
        why,
        kind.equals("changes")
            ? "Begin anew: ask for /api/changes without a cursor, which gives all rows first."
            : "Begin anew: ask for the table without a cursor.");
  }
}
