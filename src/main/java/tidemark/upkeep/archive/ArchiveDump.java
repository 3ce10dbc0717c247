package tidemark.upkeep.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.RawText;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.share.ShareFiles;

/**
 * An archive as SQL: what `sqlite3 new.db < FILE` makes of it is the archive as a database. One
 * statement in a line, and the last line says that it is whole.
 *
 * <p>Guarantee: a dump is only ever replaced by one that holds more. Commit point: the rename of a
 * flushed file over it.
 */
final class ArchiveDump {
  private static final Logger LOG = LoggerFactory.getLogger(ArchiveDump.class);
  private static final int BUFFER = 1 << 16;
  private static final String HEAD = "-- Tidemark archive, as SQL";
  private static final String END = "-- whole";
  private static final List<String> BEGINNINGS =
      List.of("CREATE TABLE ", "CREATE INDEX ", "INSERT INTO ", "PRAGMA application_id=");

  private final Path file;
  private final ShareFiles share;

  /**
   * @param share how files are reached that may lie on it
   */
  ArchiveDump(Path file, ShareFiles share) {
    this.file = file;
    this.share = share;
  }

  static boolean isOne(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".sql");
  }

  boolean exists() {
    try {
      return !share.absent(file);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Replaces the dump by this archive, flushed.
   *
   * @param last asked right before: may throw
   */
  void write(ArchiveFile archive, Runnable last) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new-" + UUID.randomUUID());
    try {
      try (Writer out =
          new BufferedWriter(new OutputStreamWriter(share.create(fresh), UTF_8), BUFFER)) {
        write(archive.sql(), out);
      }
      last.run();
      share.replace(fresh, file);
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          file + " cannot be written: " + e.getMessage(),
          "check its folder, and the space there; no row was deleted",
          e);
    } finally {
      deleteQuietly(fresh);
    }
  }

  private void deleteQuietly(Path fresh) {
    try {
      share.delete(fresh);
    } catch (IOException e) {
      LOG.warn("{} is left over and may be deleted: {}", fresh, e.getMessage());
    }
  }

  private static void write(Sql sql, Writer out) throws IOException {
    line(out, HEAD);
    line(out, "PRAGMA application_id=" + sql.number("PRAGMA application_id") + ";");
    line(out, "BEGIN;");
    for (String ddl :
        sql.query(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type='index', rowid",
            c -> c.string(1))) {
      line(out, ddl.replace('\n', ' ') + ";");
    }
    for (String table :
        sql.query(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite\\_%'"
                + " ESCAPE '\\' ORDER BY rowid",
            c -> c.string(1))) {
      int width = (int) sql.number("SELECT count(*) FROM pragma_table_info(?)", table);
      List<IOException> failed = new ArrayList<>();
      sql.eachWhile(
          "SELECT * FROM " + Sql.name(table),
          c -> {
            try {
              line(out, insert(table, c.values(1, width)));
              return true;
            } catch (IOException e) {
              failed.add(e);
              return false;
            }
          });
      if (!failed.isEmpty()) {
        throw failed.get(0);
      }
    }
    line(out, "COMMIT;");
    line(out, END);
  }

  private static void line(Writer out, String text) throws IOException {
    out.write(text);
    out.write('\n');
  }

  private static String insert(String table, @Nullable Object[] values) {
    StringBuilder text = new StringBuilder("INSERT INTO " + Sql.name(table) + " VALUES(");
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : ",").append(literal(values[i]));
    }
    return text.append(");").toString();
  }

  /** The value as SQL that reads as the very same, on one line. */
  private static String literal(@Nullable Object value) {
    if (value == null) {
      return "NULL";
    }
    if (value instanceof byte[] blob) {
      return "x'" + HexFormat.of().formatHex(blob) + "'";
    }
    if (value instanceof RawText raw) {
      return "CAST(x'" + HexFormat.of().formatHex(raw.bytes()) + "' AS TEXT)";
    }
    if (value instanceof String text) {
      boolean plain =
          text.chars().noneMatch(c -> c < ' ' || c == 0x85 || c == 0x2028 || c == 0x2029);
      return plain
          ? Sql.literal(text)
          : "CAST(x'" + HexFormat.of().formatHex(text.getBytes(UTF_8)) + "' AS TEXT)";
    }
    if (value instanceof Double real && real.isInfinite()) {
      return real > 0 ? "9e999" : "-9e999";
    }
    return value.toString();
  }

  /** Makes an archive of it in a new file. */
  void load(Path into) {
    try (Sql sql = Sql.open(into, OpenMode.CREATE, Duration.ZERO);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(share.open(file), UTF_8.newDecoder()))) {
      if (!HEAD.equals(in.readLine())) {
        throw ArchiveFile.foreign(file, "is no archive of Tidemark's");
      }
      boolean whole = sql.inTransaction(() -> load(sql, in));
      if (!whole) {
        throw ArchiveFile.foreign(file, "is not whole");
      }
    } catch (NoSuchFileException e) {
      throw ArchiveFile.missing(file);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Failure unreadable(IOException e) {
    return new Failure(
        Failure.INCOMPLETE,
        file + " cannot be read: " + e.getMessage(),
        "check the file and its folder",
        e);
  }

  private boolean load(Sql sql, BufferedReader in) {
    try {
      String line = in.readLine();
      while (line != null && !line.equals(END)) {
        String statement = line;
        if (BEGINNINGS.stream().anyMatch(statement::startsWith)) {
          sql.execute(statement); // runs but the one: what follows a semicolon is not
        } else if (!statement.equals("BEGIN;") && !statement.equals("COMMIT;")) {
          throw ArchiveFile.foreign(file, "holds what no archive holds: " + start(statement));
        }
        line = in.readLine();
      }
      return line != null;
    } catch (CharacterCodingException e) {
      throw ArchiveFile.foreign(file, "holds what is no text");
    } catch (IOException e) {
      throw unreadable(e);
    } catch (IllegalStateException e) {
      throw ArchiveFile.foreign(file, "holds what SQLite refuses: " + e.getMessage());
    }
  }

  private static String start(String statement) {
    return statement.substring(0, Math.min(40, statement.length()));
  }
}
