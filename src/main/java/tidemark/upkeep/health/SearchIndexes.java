package tidemark.upkeep.health;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.run.Scratch;

/**
 * Whether the full-text indexes of a database hold what their tables hold. SQLite tells only
 * through a statement that would write, so a copy is asked.
 */
final class SearchIndexes {
  private static final String CHECK = "search indexes";
  private static final Pattern FULL_TEXT =
      Pattern.compile("(?is)create\\s+virtual\\s.*?\\busing\\s+\\W?fts([345])\\b.*");

  private final Path file;
  private final Path scratch;

  SearchIndexes(Path file, Path scratch) {
    this.file = file;
    this.scratch = scratch;
  }

  private record Index(String name, boolean fts5) {}

  List<Finding> examine(Duration busy) {
    Path copy = Scratch.file(scratch, "search");
    try (Sql sql = Sql.open(file, OpenMode.READ, busy)) {
      List<Index> indexes = indexes(sql);
      if (indexes.isEmpty()) {
        return List.of(Finding.well(CHECK, "there are none"));
      }
      sql.copyTo(copy);
      List<Finding> stale = stale(copy, indexes, busy);
      return stale.isEmpty()
          ? List.of(Finding.well(CHECK, "none is stale of " + indexes.size()))
          : stale;
    } finally {
      Scratch.delete(copy);
    }
  }

  private static List<Index> indexes(Sql sql) {
    List<Index> found = new ArrayList<>();
    sql.each(
        "SELECT name, sql FROM sqlite_master WHERE type='table' AND sql LIKE 'CREATE VIRTUAL%' ORDER BY name",
        c -> {
          var matcher = FULL_TEXT.matcher(c.string(2));
          if (matcher.matches()) {
            found.add(new Index(c.string(1), matcher.group(1).equals("5")));
          }
        });
    return found;
  }

  private static List<Finding> stale(Path copy, List<Index> indexes, Duration busy) {
    List<Finding> findings = new ArrayList<>();
    try (Sql sql = Sql.open(copy, OpenMode.WRITE, busy)) {
      for (Index index : indexes) {
        String name = Sql.name(index.name());
        String question =
            index.fts5()
                ? "INSERT INTO " + name + "(" + name + ", rank) VALUES('integrity-check', 1)"
                : "INSERT INTO " + name + "(" + name + ") VALUES('integrity-check')";
        if (!sql.compiles(question)) {
          findings.add(
              Finding.note(
                      CHECK,
                      index.name() + " cannot be examined: it needs something of the application's",
                      "See that searches there find what was written lately.")
                  .about(index.name()));
        } else if (sql.attempt(question).refusal() != null) {
          findings.add(
              Finding.warning(
                      CHECK,
                      index.name()
                          + " is stale: searches miss rows, and edits may fail as if the file were damaged",
                      "Make it anew in this database: INSERT INTO "
                          + name
                          + "("
                          + name
                          + ") VALUES('rebuild');")
                  .about(index.name()));
        }
      }
    }
    return findings;
  }
}
