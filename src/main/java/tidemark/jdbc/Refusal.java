package tidemark.jdbc;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Why one row was not taken. What to do about it follows from the kind; the words are for people.
 */
public record Refusal(Kind kind, String why) {
  public enum Kind {
    /** Another row has the key or a UNIQUE value. */
    TAKEN,
    /** A value, or what is computed from it, is longer than SQLite takes. */
    TOO_LONG,
    /** Any other constraint, a trigger, a value that would not be kept as it is. */
    OTHER
  }

  public static Refusal because(String why) {
    return new Refusal(Kind.OTHER, why);
  }

  static Refusal of(SQLException e) {
    SQLiteErrorCode code =
        e instanceof SQLiteException s ? s.getResultCode() : SQLiteErrorCode.SQLITE_ERROR;
    return switch (code) {
      case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID ->
          new Refusal(Kind.TAKEN, SqliteError.words(e));
      case SQLITE_TOOBIG -> new Refusal(Kind.TOO_LONG, SqliteError.words(e));
      case SQLITE_CORRUPT_VTAB ->
          because(
              "a search index that a trigger keeps is stale; `tidemark doctor` says how to make it anew");
      default -> because(SqliteError.words(e));
    };
  }

  public boolean isCollision() {
    return kind == Kind.TAKEN;
  }

  @Override
  public String toString() {
    return why;
  }
}
