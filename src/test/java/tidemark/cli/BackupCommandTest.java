package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;
import tidemark.testing.Database;

/** backup now, list, verify, prune. */
class BackupCommandTest {
  @TempDir Path folder;
  private Office.Desk anna;
  private Path backups;

  @BeforeEach
  void syncSomething() {
    Office office = new Office(folder);
    backups = office.share().resolve("backups");
    anna = office.desk("anna").configured("backup: { folder: '" + backups + "' }\n");
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q1', 'first'), ('Q2', 'other')");
    anna.type("sync");
  }

  private List<Path> made() {
    try (Stream<Path> there = Files.list(backups.resolve("server"))) {
      return there.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void a_backup_is_made_and_listed() {
    Typed now = anna.type("backup", "now");
    Typed list = anna.type("backup", "list", "--json");

    assertThat(now.exitCode()).isZero();
    assertThat(now.out()).contains("-e1-manual", "read back and whole");
    assertThat(made()).hasSize(1);
    assertThat(made().get(0)).isDirectoryContaining("glob:**/server.db.gz");
    String name = made().get(0).getFileName().toString();
    assertThat(list.exitCode()).isZero();
    assertThat(list.out()).contains("\"name\":\"" + name + "\"", "\"quotes\":2");
    assertThat(anna.type("backup", "list").out()).contains("1 backup in", name, "whole", "due");
    assertThat(anna.type("backup").out()).contains(name);
  }

  @Test
  void a_damaged_one_is_named_and_exit_1() throws IOException {
    anna.type("backup", "now");
    anna.edit("UPDATE quotes SET projectName='later'").type("sync");
    anna.type("backup", "now");
    Path packed = made().get(0).resolve("server.db.gz");
    byte[] bytes = Files.readAllBytes(packed);
    for (int i = 100; i < 150; i++) {
      bytes[i] ^= 85;
    }
    Files.write(packed, bytes);
    String damaged = made().get(0).getFileName().toString();
    String whole = made().get(1).getFileName().toString();

    Typed verify = anna.type("backup", "verify");

    assertThat(verify.exitCode()).isEqualTo(1);
    assertThat(verify.out()).contains(damaged + " is damaged").doesNotContain(whole);
    assertThat(anna.type("backup", "verify", damaged).exitCode()).isEqualTo(1);
    assertThat(anna.type("backup", "verify", whole).exitCode()).isZero();
    assertThat(anna.type("backup", "list").out()).contains("DAMAGED");
    assertThat(anna.type("backup", "verify", "--json").at("databases.server.success"))
        .isEqualTo(false);
  }

  @Test
  void a_restore_is_tried_with_the_entries_after_the_backup() {
    anna.type("backup", "now");
    anna.edit("UPDATE quotes SET projectName='later'", "DELETE FROM quotes WHERE quoteId='Q2'");
    anna.type("sync");

    Typed rehearsal = anna.type("backup", "verify", "--rehearse", "--json");

    assertThat(rehearsal.exitCode()).isZero();
    assertThat(rehearsal.at("databases.server.success")).isEqualTo(true);
    assertThat(rehearsal.at("databases.server.entry")).isEqualTo(2L);
    assertThat(anna.type("backup", "list").out()).contains("a restore was tried");
  }

  @Test
  void a_local_one_holds_what_was_not_sent_yet() throws IOException {
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q3', 'unsent')");

    Typed now = anna.type("backup", "now", "--local");

    assertThat(now.exitCode()).isZero();
    assertThat(made().get(0).toString()).endsWith("-local-PC-anna");
    anna.configured("backup: { folder: '" + backups + "', compress: none }\n");
    anna.type("backup", "now", "--local");
    Database copy = new Database(made().get(1).resolve("server.db"));
    assertThat(copy.rows("SELECT projectName FROM quotes WHERE quoteId='Q3'"))
        .containsExactly("unsent");
    assertThat(anna.type("backup", "list").out()).contains("0 backups");
    assertThat(anna.type("backup", "list", "--local").out()).contains("2 local backups");
    assertThat(anna.type("backup", "verify", "--local").exitCode()).isZero();
  }

  @Test
  void without_a_folder_in_the_config_there_are_none_and_it_says_so() {
    anna.configured("");

    assertThat(anna.type("backup", "list").exitCode()).isZero();
    assertThat(anna.type("backup", "list").out()).contains("the config names no `backup.folder`");
    Typed now = anna.type("backup", "now");
    assertThat(now.exitCode()).isEqualTo(2);
    assertThat(now.err()).contains("names no folder for backups");
  }

  @Test
  void a_folder_that_was_used_and_is_gone_is_not_made_again() throws IOException {
    anna.type("backup", "now");
    FileUtils.moveDirectory(backups.toFile(), folder.resolve("unplugged").toFile());

    Typed now = anna.type("backup", "now");

    assertThat(now.exitCode()).isEqualTo(3);
    assertThat(now.err()).contains(backups + " is not there");
    assertThat(backups).doesNotExist();
    assertThat(anna.type("backup", "list").exitCode()).isEqualTo(3);
  }

  @Test
  void other_storage_that_cannot_be_reached_is_a_warning_and_no_failed_backup() {
    Path usb = folder.resolve("usb");
    anna.configured(
        "backup: { folder: '" + backups + "', copyTo: '" + usb.resolve("not/there") + "' }\n");

    Typed now = anna.type("backup", "now");

    assertThat(now.exitCode()).isEqualTo(1);
    assertThat(now.err()).contains("not/there is not there");
    assertThat(made()).hasSize(1);
  }

  @Test
  void a_name_that_is_none_is_wrong_usage() {
    anna.type("backup", "now");

    Typed verify = anna.type("backup", "verify", "2020-01-01T000000Z-e1-daily");

    assertThat(verify.exitCode()).isEqualTo(2);
    assertThat(verify.err()).contains("there is no backup 2020-01-01T000000Z-e1-daily");
  }
}
