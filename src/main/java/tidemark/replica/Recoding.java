package tidemark.replica;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tidemark.change.Failure;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Refusal;
import tidemark.jdbc.Sql;

/** SQLite attaches only databases that keep text alike: brings a snapshot into that encoding. */
final class Recoding {
  private final Sql from;
  private final Sql to;

  private Recoding(Sql from, Sql to) {
    this.from = from;
    this.to = to;
  }

  /** A copy in the database's encoding where that is another one; the caller deletes it. */
  static Optional<Path> copyLike(Sql database, Path content) {
    try (Sql from = Sql.open(content, OpenMode.READ, Duration.ZERO)) {
      if (from.encoding().equals(database.encoding())) {
        return Optional.empty();
      }
      Path copy = Path.of(content + ".alike");
      recode(from, database.encoding(), copy);
      return Optional.of(copy);
    }
  }

  static void delete(Path copy) {
    try {
      Files.delete(copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void recode(Sql from, String encoding, Path into) {
    try (Sql to = Sql.open(into, OpenMode.CREATE, Duration.ZERO)) {
      to.execute("PRAGMA encoding=" + Sql.literal(encoding));
      to.inTransaction(() -> new Recoding(from, to).copy());
    }
  }

  /** Replaces the snapshot, a local file of ours, by one in the database's encoding if need be. */
  static void like(Sql database, Path snapshot) {
    Path recoded = Path.of(snapshot + ".recoded");
    try (Sql from = Sql.open(snapshot, OpenMode.READ, Duration.ZERO)) {
      if (from.encoding().equals(database.encoding())) {
        return;
      }
      recode(from, database.encoding(), recoded);
    }
    try {
      Files.move(recoded, snapshot, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void copy() {
    record Table(String name, String ddl) {}
    from.query(
            "SELECT name, sql FROM sqlite_master WHERE type='table' AND name IN (SELECT name FROM"
                + " pragma_table_list WHERE schema='main' AND type='table') AND name NOT LIKE"
                + " 'sqlite\\_%' ESCAPE '\\'",
            c -> new Table(c.string(1), c.string(2)))
        .forEach(
            table -> {
              to.execute(table.ddl());
              copy(table.name());
            });
    from.query(
            "SELECT sql FROM sqlite_master WHERE type='index' AND sql IS NOT NULL",
            c -> c.string(1))
        .forEach(to::execute);
  }

  private void copy(String table) {
    List<String> columns =
        from.query(
            "SELECT name FROM pragma_table_xinfo(?) WHERE hidden=0",
            c -> Sql.name(c.string(1)),
            table);
    String names = String.join(",", columns);
    String insert =
        "INSERT INTO "
            + Sql.name(table)
            + "("
            + names
            + ") VALUES("
            + columns.stream().map(c -> "?").collect(Collectors.joining(","))
            + ")";
    from.each(
        "SELECT " + names + " FROM " + Sql.name(table),
        c -> {
          Refusal refusal = to.attempt(insert, c.values(1, columns.size())).refusal();
          if (refusal != null) {
            throw new Failure(
                Failure.REFUSED,
                table + " of the ledger's snapshot cannot be read here: " + refusal,
                "keep this database in UTF-8: dump it with the sqlite3 shell and read it into a new"
                    + " file");
          }
        });
  }
}
