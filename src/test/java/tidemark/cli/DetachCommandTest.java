package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;

/** `detach` and the columns that were added. */
class DetachCommandTest {
  private static final List<String> ALL = List.of("updated_at", "updated_by", "synced_at");

  @TempDir Path folder;
  private Office.Desk anna;
  private final List<String> asked = new ArrayList<>();

  @BeforeEach
  void syncSomething() {
    anna = new Office(folder).emptyDesk("anna", "server");
    anna.edit(
        "CREATE TABLE plain(id INTEGER PRIMARY KEY, v TEXT)",
        "CREATE TABLE dated(id TEXT PRIMARY KEY, updated_at DATETIME) WITHOUT ROWID",
        "CREATE TABLE strictly(id INTEGER PRIMARY KEY) STRICT",
        "INSERT INTO plain VALUES(1,'one'),(2,'two')",
        "INSERT INTO dated VALUES('a','2025-01-15')");
    assertThat(anna.type("sync").exitCode()).isZero();
  }

  private List<String> columns(String table) {
    return anna.db("server").rows("SELECT name FROM pragma_table_info('" + table + "')");
  }

  private Typed answering(String answer, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--config", anna.config().toString()));
    return anna.answering(
        question -> {
          asked.add(question);
          return answer;
        },
        all.toArray(String[]::new));
  }

  @Test
  void the_columns_that_were_added_go_if_that_is_wanted_and_no_other() {
    Typed detach = anna.type("detach", "--db", "server", "--columns");

    assertThat(detach.exitCode()).as(detach.err()).isZero();
    assertThat(detach.out()).contains("8 columns of dated, plain, strictly");
    assertThat(columns("plain")).containsExactly("id", "v");
    assertThat(columns("dated")).containsExactly("id", "updated_at");
    assertThat(columns("strictly")).containsExactly("id");
    anna.edit("INSERT INTO plain VALUES(3,'three')");
    assertThat(anna.db("server").rows("SELECT * FROM plain"))
        .containsExactly("1|one", "2|two", "3|three");
    assertThat(anna.db("server").value("SELECT updated_at FROM dated")).isEqualTo("2025-01-15");
    assertThat(anna.db("server").rows("PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void they_stay_if_nobody_wants_it() {
    assertThat(anna.type("detach", "--db", "server").out()).contains("synced_at stay");
    assertThat(columns("plain")).containsAll(ALL);
  }

  @Test
  void what_something_of_the_applications_needs_stays_and_is_named() {
    anna.edit(
        "CREATE VIEW lately AS SELECT id, updated_by FROM plain",
        "CREATE INDEX by_time ON plain(updated_at)",
        "CREATE TABLE log(at)",
        "CREATE TRIGGER noting AFTER UPDATE ON strictly BEGIN INSERT INTO log VALUES(NEW.synced_at); END");

    Typed detach = anna.type("detach", "--db", "server", "--columns");

    assertThat(detach.exitCode()).isEqualTo(1);
    assertThat(detach.out())
        .contains("plain.updated_by: ", "lately", "plain.updated_at: ", "by_time")
        .contains("strictly.synced_at: ", "noting");
    assertThat(columns("plain")).containsExactly("id", "v", "updated_at", "updated_by");
    assertThat(columns("strictly")).containsExactly("id", "synced_at");
    anna.edit("UPDATE strictly SET id=2", "UPDATE plain SET updated_by='me' WHERE id=1");
    assertThat(anna.db("server").rows("SELECT * FROM lately")).contains("1|me");
    assertThat(
            anna.db("server")
                .rows("SELECT name FROM sqlite_master WHERE name LIKE 'sync\\_%' ESCAPE '\\'"))
        .isEmpty();
  }

  @Test
  void a_table_that_the_application_made_anew_keeps_the_columns_it_was_made_with() {
    anna.edit(
        "DROP TABLE plain",
        "CREATE TABLE plain(id INTEGER PRIMARY KEY, v TEXT,\n  updated_at DATETIME,\n  updated_by TEXT,\n  synced_at DATETIME)");
    anna.type("sync");

    anna.type("detach", "--db", "server", "--columns");

    assertThat(columns("plain")).containsAll(ALL);
  }

  @Test
  void who_joined_again_does_not_know_any_more_and_keeps_them() {
    anna.type("detach", "--db", "server");
    anna.type("sync");

    Typed detach = anna.type("detach", "--db", "server", "--columns");

    assertThat(detach.out()).contains("Of no column it is known");
    assertThat(columns("plain")).containsAll(ALL);
  }

  @Test
  void a_person_is_asked_first_about_edits_nobody_gets_then_about_the_columns() {
    anna.edit("UPDATE plain SET v='unsent'");

    Typed not = answering("n", "detach", "--db", "server");

    assertThat(not.exitCode()).isEqualTo(2);
    assertThat(not.err()).contains("nothing was changed", "tidemark sync");
    assertThat(not.out()).contains("2 rows were edited and not sent");
    assertThat(asked).containsExactly("Leave all the same? [y/N] ");
    assertThat(anna.type("status").out()).contains("plain");

    asked.clear();
    assertThat(answering("y", "detach", "--db", "server").exitCode()).isZero();
    assertThat(asked).hasSize(2).last().asString().contains("8 columns of dated, plain, strictly");
    assertThat(columns("plain")).containsExactly("id", "v");
  }

  @Test
  void with_yes_nobody_is_asked_and_the_columns_stay() {
    anna.edit("UPDATE plain SET v='unsent'");

    assertThat(answering("n", "detach", "--db", "server", "--yes").exitCode()).isZero();

    assertThat(asked).isEmpty();
    assertThat(columns("plain")).containsAll(ALL);
  }
}
