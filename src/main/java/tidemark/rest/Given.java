package tidemark.rest;

import java.util.Optional;
import java.util.OptionalLong;
import tidemark.change.Json;
import tidemark.change.RowKey;
import tidemark.jdbc.Sql;
import tidemark.replica.ArrivalNotes;
import tidemark.replica.Arrivals;

/**
 * What each program was given of each table, and wrote itself: so that its own clock, whatever it
 * shows, loses nothing, and nothing it has is given to it again.
 *
 * <p>A program asks for what changed since a moment of its clock, which it moves on once it has an
 * answer. So a later moment than the last means that the last answer came through, and the next one
 * goes on from there; the same moment means that it did not, and is answered again. Threading: as
 * its connection.
 */
final class Given {
  /** Earlier than all moments: it was given everything without asking for any. */
  static final long EVERYTHING = Long.MIN_VALUE;

  /** No arrival: the program has not seen the row as it is. */
  static final long NOT_WHOLE = -1;

  private final Sql sql;

  Given(Sql sql) {
    this.sql = sql;
  }

  /**
   * The last whole answer.
   *
   * @param asked for which moment
   * @param since after which arrival it began
   * @param upTo which one it ended with
   */
  record Answer(long asked, long since, long upTo) {}

  /**
   * Where an answer begins.
   *
   * @param withoutOwn what it wrote itself is left out
   */
  record Start(long since, boolean withoutOwn) {}

  Optional<Answer> last(String who, String table) {
    return sql.first(
        "SELECT asked, since, upto FROM sync_reads WHERE who=? AND table_name=?",
        c -> new Answer(c.number(1), c.number(2), c.number(3)),
        who,
        table);
  }

  Start start(Client client, String table, long asked, Arrivals arrivals, long now) {
    Answer last = last(client.who(), table).orElse(null);
    if (last != null && asked == last.asked()) {
      return new Start(last.since(), true);
    }
    if (last != null && asked > last.asked()) {
      return new Start(last.upTo(), true);
    }
    long arrived = arrivals.notes().noteAt(asked).map(ArrivalNotes.Note::number).orElse(0L);
    if (last != null) {
      return new Start(arrived, false);
    }
    OptionalLong elsewhere = lowest(client.sameKey(), table);
    elsewhere = elsewhere.isPresent() ? elsewhere : lowest(client.sameUser(), table);
    if (elsewhere.isPresent()) {
      return new Start(Math.min(arrived, elsewhere.getAsLong()), false);
    }
    return new Start(asked > now ? 0 : arrived, false); // that clock is wrong, nobody knows by what
  }

  private OptionalLong lowest(String beginning, String table) {
    Long lowest =
        sql.first(
                "SELECT min(upto) FROM sync_reads WHERE substr(who,1,length(?1))=?1 AND table_name=?2",
                c -> c.numberOrNull(1),
                beginning,
                table)
            .orElse(null);
    return lowest == null ? OptionalLong.empty() : OptionalLong.of(lowest);
  }

  /**
   * A whole answer goes out. Everything, to who asks for what changed since a moment, says nothing
   * of how far that one is.
   */
  void gave(String who, String table, long asked, long since, long upTo) {
    sql.update(
        "INSERT INTO sync_reads VALUES(?1,?2,?3,?4,?5) ON CONFLICT(who,table_name) DO"
            + " UPDATE SET asked=?3, since=?4, upto=?5 WHERE ?3<>?6 OR asked=?6",
        who,
        table,
        asked,
        since,
        upTo,
        EVERYTHING);
  }

  /** Where a row stands that a program wrote under this key; it may have got another number. */
  Optional<RowKey> written(String who, String table, RowKey key) {
    return sql.first(
        "SELECT stands_at FROM sync_writes WHERE who=? AND table_name=? AND row_key=?",
        c -> Json.key(c.string(1)),
        who,
        table,
        Json.keyText(key));
  }

  /** Whether the row came here last by this program, which knows it since. */
  boolean isOwn(String who, String table, RowKey standsAt, long arrived) {
    return sql.exists(
        "SELECT 1 FROM sync_writes WHERE who=? AND table_name=? AND stands_at=? AND arrived=?",
        who,
        table,
        Json.keyText(standsAt),
        arrived);
  }

  /**
   * A program wrote a row.
   *
   * @param arrived by its edit; {@link #NOT_WHOLE} where it does not know the row
   */
  void wrote(String who, String table, RowKey key, RowKey standsAt, long arrived) {
    sql.update(
        "INSERT OR REPLACE INTO sync_writes VALUES(?,?,?,?,?)",
        who,
        table,
        Json.keyText(key),
        Json.keyText(standsAt),
        arrived);
  }
}
