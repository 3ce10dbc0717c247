package tidemark.upkeep.health;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.replica.TableStates;

/** What of the application's ways whoever looks after it should know. */
final class ApplicationChecks {

  /** A stamp that is some other zone's time by chance is rare, and two are rarer. */
  private static final int BY_CHANCE = 1;

  private static final String NAMED_BY_US =
      """
      SELECT m.tbl_name || '.' || c.name FROM sqlite_master m, pragma_index_info(m.name) c
      WHERE m.type = 'index' AND m.tbl_name NOT LIKE 'sync\\_%' ESCAPE '\\'
        AND (m.name LIKE 'sync\\_key\\_%' ESCAPE '\\' OR m.name LIKE 'sync\\_unique\\_%' ESCAPE '\\'
          OR m.name LIKE 'sync\\_index\\_%' ESCAPE '\\')
        AND lower(c.name) NOT IN ('updated_at', 'updated_by', 'synced_at')
        AND NOT EXISTS (SELECT 1 FROM pragma_foreign_key_list(m.tbl_name) f WHERE f."from" = c.name)
      GROUP BY 1 ORDER BY 1
      """;

  private final Path file;

  ApplicationChecks(Subject subject) {
    this.file = subject.plan().local();
  }

  List<Check> all() {
    return List.of(
        Check.daily("migrations", () -> List.of(migrations())),
        Check.daily("local times", () -> List.of(localTimes())));
  }

  private Finding migrations() {
    List<String> columns = found(NAMED_BY_US);
    return columns.isEmpty()
        ? Finding.well("migrations", "no index of Tidemark's names a column of the application's")
        : Finding.note(
            "migrations",
            "the application cannot drop " + String.join(", ", columns),
            "The config names them (key, unique, maintenance.indexes). Before a version of the application that drops one, take it out there, sync and run `tidemark maintain`.");
  }

  private Finding localTimes() {
    List<String> tables =
        found(
            "SELECT substr(key, length(?)+1) FROM sync_state WHERE substr(key, 1, length(?))=? AND CAST(value AS INTEGER)>? ORDER BY 1",
            TableStates.LOCAL_TIME,
            TableStates.LOCAL_TIME,
            TableStates.LOCAL_TIME,
            BY_CHANCE);
    return tables.isEmpty()
        ? Finding.well("local times", "no table is stamped in local time")
        : Finding.note(
            "local times",
            "the application writes updated_at in local time: " + String.join(", ", tables),
            "The later edit wins all the same, by when it was captured. Have the application write UTC, or a time with its zone: what was edited before the first sync can only be read as UTC.");
  }

  private List<String> found(String query, Object... args) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (Sql sql = Sql.open(file, OpenMode.READ, Subject.BUSY)) {
      return sql.exists("SELECT 1 FROM sqlite_master WHERE name='sync_state'")
          ? sql.query(query, c -> c.string(1), args)
          : List.of();
    }
  }
}
