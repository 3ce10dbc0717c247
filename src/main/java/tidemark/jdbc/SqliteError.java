package tidemark.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import tidemark.change.Failure;

/** What an error of SQLite means: for the run, for the user, or only for one row. */
final class SqliteError {
  private static final String MAGIC = "SQLite format 3\0";

  /** In the file's header: 1 for a rollback journal, 2 for a write-ahead log. */
  private static final int WRITE_VERSION = 18;

  private static final int READ_VERSION = 19;
  private static final int KNOWN_VERSION = 2;

  private SqliteError() {}

  /** A Failure where the user can do something about it; else a fault of the program. */
  static RuntimeException failure(SQLException e, String file, String sql) {
    String what = file + ": " + e.getMessage();
    if (isOfLaterFormat(e, file)) {
      return Failure.ofOthers(
          Failure.REFUSED,
          file,
          " has the format of a later SQLite",
          "install the newest Tidemark on this workstation; nothing was changed",
          e);
    }
    if (lacksOurs(e, sql)) {
      return Failure.ofOthers(
          Failure.REFUSED,
          file,
          ": " + e.getMessage() + ": a table of Tidemark's own is not as it makes it",
          "restore the file from a backup; nothing was changed",
          e);
    }
    if (leavesOrphans(e)) {
      return new Failure(
          Failure.INCOMPLETE,
          file + ": a row would be left that refers to one which is not there",
          "delete it first in the application, or turn it to another row; nothing was changed",
          e);
    }
    return switch (primaryCode(e)) {
      case 5, 6 ->
          new Failure(
              Failure.BUSY,
              file + " is locked by another program",
              "close the program that holds it open (a database browser?), or try again later",
              e);
      case 11, 26 -> Failure.ofDamage(file, e);
      case 8, 3 ->
          new Failure(
              Failure.INCOMPLETE, what, "make the file and its folder writable for this user", e);
      case 9 ->
          new Failure(
              Failure.OFFLINE, what, "nobody waited for it any more; the next run tries again", e);
      case 13 -> new Failure(Failure.INCOMPLETE, what, "free some space on the disk", e);
      case 10, 14 ->
          new Failure(
              Failure.OFFLINE,
              what,
              "check that the folder can be reached and the file be opened",
              e);
      default -> new IllegalStateException(what + " in: " + sql, e);
    };
  }

  /** A deferred foreign key, of which SQLite speaks only when all is to be committed. */
  static boolean leavesOrphans(SQLException e) {
    return e instanceof SQLiteException known
        && known.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_FOREIGNKEY;
  }

  /** A flipped bit in the text of the schema is a damage that SQLite does not see. */
  private static boolean lacksOurs(SQLException e, String sql) {
    String message = String.valueOf(e.getMessage());
    return sql.contains("sync_")
        && (message.contains("no such column") || message.contains("no such table"));
  }

  /** SQLite calls such a file read-only, no database, or names no better reason than an error. */
  private static boolean isOfLaterFormat(SQLException e, String file) {
    int code = primaryCode(e);
    if (code == SQLiteErrorCode.SQLITE_ERROR.code) {
      return String.valueOf(e.getMessage()).contains("unsupported file format");
    }
    if (code != SQLiteErrorCode.SQLITE_READONLY.code
        && code != SQLiteErrorCode.SQLITE_NOTADB.code) {
      return false;
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      byte[] header = in.readNBytes(READ_VERSION + 1);
      return new String(header, StandardCharsets.ISO_8859_1).startsWith(MAGIC)
          && header.length > READ_VERSION
          && Math.max(header[WRITE_VERSION], header[READ_VERSION]) > KNOWN_VERSION;
    } catch (IOException unreadable) {
      return false;
    }
  }

  /**
   * A constraint, a trigger's RAISE, a STRICT table's datatype, a value too big, an expression in a
   * trigger or a generated column that fails for this row: not the run.
   */
  static boolean refusesOneRow(SQLException e) {
    int code = primaryCode(e);
    return code == SQLiteErrorCode.SQLITE_CONSTRAINT.code
        || code == SQLiteErrorCode.SQLITE_ERROR.code
        || isStaleIndex(e)
        || code == SQLiteErrorCode.SQLITE_MISMATCH.code
        || code == SQLiteErrorCode.SQLITE_TOOBIG.code;
  }

  /** Why SQLite does not take a statement, in its own words; null where it was not SQLite. */
  static @Nullable String reason(RuntimeException e) {
    if (!(e.getCause() instanceof SQLException cause)
        || (e instanceof Failure && primaryCode(cause) != SQLiteErrorCode.SQLITE_ERROR.code)) {
      return null;
    }
    return words(cause);
  }

  /** Without the driver's around them. */
  static String words(SQLException e) {
    String message = String.valueOf(e.getMessage());
    int from = message.indexOf('(');
    boolean wrapped = message.startsWith("[") && from > 0 && message.endsWith(")");
    return wrapped ? message.substring(from + 1, message.length() - 1) : message;
  }

  /** What a trigger keeps is not what it should be; the file itself is sound. */
  private static boolean isStaleIndex(SQLException e) {
    return e instanceof SQLiteException s
        && s.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT_VTAB;
  }

  private static int primaryCode(SQLException e) {
    SQLiteErrorCode code =
        e instanceof SQLiteException s ? s.getResultCode() : SQLiteErrorCode.SQLITE_ERROR;
    return code.code & 0xff;
  }
}
