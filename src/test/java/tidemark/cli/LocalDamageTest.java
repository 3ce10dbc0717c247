package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.Typed;

/** A local file that is damaged is told in the same words by whatever meets it. */
class LocalDamageTest {
  private static final int PAGE = 4096;

  @TempDir Path folder;
  private Office.Desk anna;

  @BeforeEach
  void syncSomething() {
    anna = new Office(folder).emptyDesk("anna", "server");
    anna.edit(
        "CREATE TABLE notes(id INTEGER PRIMARY KEY, v TEXT)",
        "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n WHERE i<500) INSERT INTO notes SELECT i, hex(randomblob(100)) FROM n");
    assertThat(anna.type("sync").exitCode()).isZero();
  }

  /** Leaves so many bytes as they are. */
  private byte[] damage(int whole) throws IOException {
    byte[] bytes = Files.readAllBytes(anna.file("server"));
    Arrays.fill(bytes, whole, bytes.length, (byte) 'x');
    Files.write(anna.file("server"), bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sync",
        "status",
        "verify",
        "conflicts",
        "history",
        "report",
        "detach --db server",
        "schema accept --table notes"
      })
  void what_to_do_about_it_is_said(String command) throws Exception {
    byte[] damaged = damage(0);

    Typed typed = anna.type(command.split(" "));

    assertThat(typed.exitCode()).isEqualTo(5);
    assertThat(typed.err())
        .contains("server.db is damaged or not a SQLite database")
        .contains("move the file away and sync", "Edits not sent yet are only in that file")
        .doesNotContain("restore it from a backup");
    assertThat(Files.readAllBytes(anna.file("server"))).isEqualTo(damaged);
  }

  @Test
  void so_does_the_doctor_whichever_of_its_checks_meets_it() throws Exception {
    damage(0);

    assertThat(anna.type("doctor").out())
        .contains("move the file away and sync", "Edits not sent yet are only in that file")
        .doesNotContain("restore it from a backup");
  }

  @Test
  void what_is_said_helps() throws Exception {
    damage(4 * PAGE);
    assertThat(anna.type("sync").err()).contains("move the file away and sync");

    Files.move(anna.file("server"), folder.resolve("damaged.db"));

    assertThat(anna.type("sync").exitCode()).isZero();
    assertThat(anna.db("server").value("SELECT count(*) FROM notes")).isEqualTo("500");
  }
}
