package tidemark.replica;

import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Token;
import tidemark.jdbc.Sql;

/** When the arrivals of a database came, as far as is remembered. Threading: as its connection. */
public final class ArrivalNotes {
  static final String COUNTER = "arrivals";

  /** So many are kept; what is older is given as if it had come just then. */
  private static final int MOST = 100_000;

  private final Sql sql;

  public ArrivalNotes(Sql sql) {
    this.sql = sql;
  }

  /** The number of the one that came last. */
  public long last() {
    return sql.number("SELECT value FROM sync_state WHERE key=?", COUNTER);
  }

  /**
   * A note of when all up to a number had arrived.
   *
   * @param mark tells it from one of the same number in a file that was restored
   */
  public record Note(long number, long moment, String mark) {}

  /** The first of all, before anything arrived: by it the numbers of this file are known. */
  void begin() {
    sql.update(
        "INSERT INTO sync_arrivals SELECT 0, 0, ? WHERE NOT EXISTS(SELECT 1 FROM sync_arrivals)",
        Token.fresh());
  }

  /** Whether something came of which nobody has noted when. */
  public boolean areToBeNoted() {
    return lastNote().map(Note::number).orElse(-1L) < last();
  }

  /**
   * What came since the last note has arrived by now. To be called after it can be seen: whoever
   * did not see it asked before this moment.
   */
  public void note(Clock clock) {
    sql.inTransaction(
        () -> {
          if (areToBeNoted()) {
            long moment = Math.max(clock.millis(), lastNote().map(Note::moment).orElse(0L));
            sql.update("INSERT INTO sync_arrivals VALUES(?,?,?)", last(), moment, Token.fresh());
            sql.update(
                "DELETE FROM sync_arrivals WHERE number>0 AND number<(SELECT number FROM sync_arrivals ORDER BY number DESC LIMIT 1 OFFSET ?)",
                MOST);
          }
        });
  }

  /** Whether this note is one of this file's. */
  public boolean knows(long number, String mark) {
    return sql.exists("SELECT 1 FROM sync_arrivals WHERE number=? AND mark=?", number, mark);
  }

  public Optional<Note> lastNote() {
    return note("SELECT number, moment, mark FROM sync_arrivals ORDER BY number DESC LIMIT 1");
  }

  /** The last one up to this number. */
  public Optional<Note> noteUpTo(long number) {
    return note(
        "SELECT number, moment, mark FROM sync_arrivals WHERE number<=? ORDER BY number DESC LIMIT 1",
        number);
  }

  /** What had arrived at a moment, or before; empty where that is not known any more. */
  public Optional<Note> noteAt(long moment) {
    return note(
        "SELECT number, moment, mark FROM sync_arrivals WHERE moment<? ORDER BY number DESC LIMIT 1",
        moment);
  }

  private Optional<Note> note(String query, @Nullable Object... args) {
    return sql.first(query, c -> new Note(c.number(1), c.number(2), c.string(3)), args);
  }
}
