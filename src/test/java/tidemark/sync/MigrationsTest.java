package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Failure;
import tidemark.change.TableRule;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/** What an application does to its tables when it is upgraded, with our triggers in place. */
@Tag("anyplace")
class MigrationsTest {
  private static final TableRule BY_SKU =
      new TableRule(null, false, List.of("no"), false, List.of("sku"), false, true);

  @TempDir Path folder;
  private Fleet fleet;
  private Workstation anna;

  @BeforeEach
  void one_syncs_some_tables() {
    fleet = new Fleet(folder);
    anna = fleet.workstation("anna");
    anna.rule("conf", BY_SKU);
    anna.edit(
        "CREATE TABLE q(id TEXT PRIMARY KEY, no TEXT, title TEXT, extra TEXT)",
        "CREATE UNIQUE INDEX q_no ON q(no)",
        "CREATE TABLE item(id INTEGER PRIMARY KEY, q TEXT REFERENCES q(id) ON DELETE CASCADE, n INTEGER)",
        "CREATE TABLE own(id INTEGER PRIMARY KEY, a TEXT, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP)",
        "CREATE TABLE conf(id INTEGER, sku TEXT, no TEXT, b TEXT)",
        "CREATE VIEW v AS SELECT id, title FROM q",
        "CREATE TRIGGER app AFTER UPDATE OF title ON q BEGIN UPDATE item SET n=n+1 WHERE q=NEW.id; END",
        "INSERT INTO q VALUES('a','1','t','e'),('b','2','u','f')",
        "INSERT INTO item(q,n) VALUES('a',1),('b',2)",
        "INSERT INTO own(id,a) VALUES(1,'x')",
        "INSERT INTO conf VALUES(1,'s','n','b')");
    anna.syncWell();
  }

  private void migrate(String statements) throws SQLException {
    try (Connection connection = anna.db().connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements.split(";\\s*")) {
        statement.execute(sql);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP INDEX q_no; ALTER TABLE q DROP COLUMN no",
        "ALTER TABLE q DROP COLUMN extra",
        "ALTER TABLE q RENAME COLUMN title TO heading",
        "ALTER TABLE q RENAME COLUMN no TO nr",
        "ALTER TABLE q RENAME COLUMN id TO ident",
        "ALTER TABLE own RENAME COLUMN updated_at TO changed",
        "ALTER TABLE conf DROP COLUMN b",
        "ALTER TABLE conf RENAME COLUMN no TO nr",
        "ALTER TABLE q ADD COLUMN more TEXT DEFAULT 'x'",
        "ALTER TABLE q RENAME TO quotes",
        "PRAGMA legacy_alter_table=ON; ALTER TABLE q RENAME TO quotes",
        "DROP VIEW v; DROP TABLE q",
        "DROP TABLE item; VACUUM; REINDEX",
        "PRAGMA foreign_keys=OFF; BEGIN; DROP VIEW v; CREATE TABLE n(id TEXT PRIMARY KEY, no TEXT, title TEXT, extra TEXT); INSERT INTO n(id,no,title,extra) SELECT id,no,title,extra FROM q; DROP TABLE q; ALTER TABLE n RENAME TO q; COMMIT",
        "PRAGMA foreign_keys=OFF; PRAGMA legacy_alter_table=ON; BEGIN; CREATE TABLE n(id TEXT PRIMARY KEY, no TEXT, title TEXT, extra TEXT); INSERT INTO n(id,no,title,extra) SELECT id,no,title,extra FROM q; DROP TABLE q; ALTER TABLE n RENAME TO q; COMMIT",
        "PRAGMA foreign_keys=OFF; BEGIN; ALTER TABLE q RENAME TO old; CREATE TABLE q(id TEXT PRIMARY KEY, no TEXT, title TEXT, extra TEXT); INSERT INTO q(id,no,title,extra) SELECT id,no,title,extra FROM old; DROP VIEW v; DROP TABLE old; COMMIT"
      })
  void a_migration_goes_through_and_the_next_run_notices(String statements) throws SQLException {
    migrate(statements);
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.exitCode()).isIn(0, Failure.INCOMPLETE);
    anna.edit("INSERT INTO own(id, a) VALUES(2, 'goes on')");
    anna.sync();
    assertThat(fleet.master().value("SELECT count(*) FROM own")).isEqualTo("2");
  }

  @Test
  void a_column_goes_once_the_config_names_it_no_more() throws SQLException {
    anna.rule("conf", new TableRule(null, false, List.of(), false, List.of("sku"), false, true));
    anna.syncWell();
    migrate("ALTER TABLE conf DROP COLUMN no");
    anna.rule("conf", TableRule.DEFAULT);
    assertThat(anna.sync().report().held().get("conf")).contains("no primary key");
    migrate("ALTER TABLE conf DROP COLUMN sku");
  }

  @Test
  void an_index_of_ours_follows_the_config() {
    anna.rule("conf", new TableRule(null, false, List.of("b"), false, List.of("sku"), false, true));
    anna.syncWell();
    assertThat(anna.db().rows("SELECT name FROM pragma_index_info('sync_unique_conf')"))
        .containsExactly("b");
  }
}
