package tidemark.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tidemark.jdbc.Sql;

/**
 * The application's triggers and our capture, which do not fire on what Tidemark writes: their
 * effects travel as rows of their own. The application's are dropped and made again unchanged, all
 * inside one transaction, so that other connections never see them gone.
 */
final class SleepingTriggers {
  private final Sql sql;
  private final List<String> asleep = new ArrayList<>();
  private boolean quiet;

  SleepingTriggers(Sql sql) {
    this.sql = sql;
  }

  /** Those on these tables go to sleep, if they are not asleep yet. */
  void sleep(Set<String> tables) {
    if (quiet) {
      return;
    }
    quiet = true;
    sql.update("INSERT INTO sync_state(key, value) VALUES('applying', 1)");
    record Trigger(String name, String table, String ddl) {}
    List<Trigger> triggers =
        sql.query(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type='trigger' AND name NOT LIKE 'sync\\_%' ESCAPE '\\' ORDER BY rowid",
            c -> new Trigger(c.string(1), c.string(2), c.string(3)));
    for (Trigger trigger : triggers) {
      if (tables.contains(trigger.table())) {
        sql.execute("DROP TRIGGER " + Sql.name(trigger.name()));
        asleep.add(trigger.ddl());
      }
    }
  }

  /** True where triggers were made again, which gives the schema another version. */
  boolean wake() {
    if (quiet) {
      quiet = false;
      sql.update("DELETE FROM sync_state WHERE key='applying'");
    }
    boolean made = !asleep.isEmpty();
    asleep.forEach(sql::execute);
    asleep.clear();
    return made;
  }

  /** A rollback has brought them back. */
  void wokenByRollback() {
    quiet = false;
    asleep.clear();
  }
}
