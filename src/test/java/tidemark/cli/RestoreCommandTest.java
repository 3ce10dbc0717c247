package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;
import tidemark.testing.Folders;

class RestoreCommandTest {
  @TempDir Path folder;
  private Office office;
  private Office.Desk anna;
  private Office.Desk ben;

  @BeforeEach
  void annaWritesAndBenChanges() {
    office = new Office(folder);
    anna = office.desk("anna");
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q1', 'first'), ('Q2', 'other')");
    anna.type("sync");
    ben = office.emptyDesk("ben", "server");
    ben.type("sync");
    ben.edit("UPDATE quotes SET projectName='second' WHERE quoteId='Q1'");
    ben.type("sync");
  }

  private List<String> names(Office.Desk desk) {
    desk.type("sync");
    return desk.db("server").rows("SELECT quoteId, projectName FROM quotes ORDER BY 1");
  }

  @Test
  void a_dry_run_tells_what_would_change_and_who_changed_it_and_writes_nothing() {
    Typed dry = anna.type("restore", "--to", "1", "--dry-run", "--json");

    assertThat(dry.exitCode()).isZero();
    assertThat(dry.at("databases.server.to.entry")).isEqualTo(1L);
    assertThat(dry.at("databases.server.tables.quotes.change")).isEqualTo(1L);
    assertThat(dry.at("databases.server.tables.quotes.comeBack")).isEqualTo(0L);
    assertThat(dry.at("databases.server.people")).isEqualTo(Map.of("ben", 1L));
    assertThat(anna.type("restore", "--to", "1").out())
        .contains(
            "quotes Q1 changes: last changed by ben at PC-ben, entry 2", "--rollback does it");
    assertThat(names(anna)).containsExactly("Q1|second", "Q2|other");
  }

  @Test
  void a_rollback_posts_what_was_and_everybody_receives_it() {
    Typed done = anna.type("restore", "--to", "1", "--rollback");

    assertThat(done.exitCode()).isZero();
    assertThat(done.out()).contains("changed", "ben (1 row)", "pushed");
    assertThat(names(ben)).containsExactly("Q1|first", "Q2|other");
    assertThat(ben.type("restore", "--to", "2", "--rollback", "--json").at("success"))
        .isEqualTo(true);
    assertThat(names(anna)).containsExactly("Q1|second", "Q2|other");
  }

  @Test
  void one_row_is_shown_as_it_was_and_returns_by_one_command() {
    String[] row = {"restore", "--table", "QUOTES", "--key", "Q1", "--to", "1"};
    assertThat(anna.type(row).out()).contains("projectName: first   (now: second)");
    Typed json =
        anna.type(Stream.concat(Stream.of(row), Stream.of("--json")).toArray(String[]::new));
    assertThat(json.at("databases.server.row.then.projectName")).isEqualTo("first");
    assertThat(json.at("databases.server.row.now.projectName")).isEqualTo("second");

    anna.edit("UPDATE quotes SET projectName='more' WHERE quoteId='Q2'");
    Typed back =
        anna.type(Stream.concat(Stream.of(row), Stream.of("--rollback")).toArray(String[]::new));
    assertThat(back.exitCode()).isZero();
    assertThat(names(ben)).containsExactly("Q1|first", "Q2|more");
  }

  @Test
  void a_time_is_the_last_entry_written_by_then() throws Exception {
    String since = anna.type("feed", "--json").rows().get(2).get("at").toString();
    Typed now = anna.type("restore", "--to", "0s", "--json");
    assertThat(now.at("databases.server.to.entry")).as(since).isEqualTo(2L);
    Typed before = anna.type("restore", "--to", "2020-01-01");
    assertThat(before.exitCode()).isEqualTo(2);
    assertThat(before.err()).contains("do not go back so far", "restore --list");
  }

  @Test
  void what_cannot_be_meant_is_refused() {
    assertThat(anna.type("restore", "--to", "99").exitCode()).isEqualTo(2);
    assertThat(anna.type("restore", "--to", "99").err()).contains("no entry 99", "last one is 2");
    assertThat(anna.type("restore", "--to", "nix").err())
        .contains("'nix' is no entry, no time and no backup");
    assertThat(anna.type("restore", "--to", "1", "--table", "nix").exitCode()).isEqualTo(2);
    assertThat(anna.type("restore", "--rollback").exitCode()).isEqualTo(2);
    assertThat(anna.type("restore", "--to", "1", "--key", "Q1").exitCode()).isEqualTo(2);
    Office.Desk two = office.emptyDesk("carl", "server", "generated_numbers");
    assertThat(two.type("restore", "--to", "1").err()).contains("--db");
  }

  @Test
  void somebody_at_a_terminal_is_asked_before_the_work_of_several_people_is_taken_back() {
    anna.edit("UPDATE quotes SET projectName='annas' WHERE quoteId='Q2'");
    anna.type("sync");
    String config = anna.config().toString();
    String[] rollback = {"restore", "--to", "1", "--rollback", "--config", config};

    Typed no = anna.answering(question -> "n", rollback);
    assertThat(no.exitCode()).isEqualTo(2);
    assertThat(no.out()).contains("Careful: this is the work of 2 people");
    assertThat(names(anna)).containsExactly("Q1|second", "Q2|annas");

    assertThat(anna.answering(question -> "y", rollback).exitCode()).isZero();
    assertThat(names(anna)).containsExactly("Q1|first", "Q2|other");
  }

  @Test
  void the_list_tells_what_was_done_when_and_by_whom() {
    anna.edit(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<6000)"
            + " INSERT INTO components(sku) SELECT 'N'||i FROM n");
    anna.type("sync");

    assertThat(anna.type("restore", "--list").out())
        .contains(
            "Any moment since entry 1",
            "entries 3 to ",
            "anna at PC-anna  components 6,000 written")
        .contains("ben at PC-ben  quotes 1 written");
    Typed json = anna.type("restore", "--list", "--json");
    assertThat(json.at("databases.server.oldest.entry")).isEqualTo(1L);
    assertThat((List<?>) json.at("databases.server.done")).hasSize(3);
  }

  @Test
  void a_master_that_is_whole_is_left_alone_and_a_damaged_one_is_made_anew_and_kept()
      throws Exception {
    assertThat(anna.type("restore").out()).contains("the master is whole; nothing was done");
    Path master = office.share().resolve("server.db");
    try (RandomAccessFile file = new RandomAccessFile(master.toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }

    Typed restored = anna.type("restore");

    assertThat(restored.exitCode()).isZero();
    assertThat(restored.out()).contains("made anew", "server.db.damaged-");
    assertThat(office.master("server").rows("SELECT quoteId, projectName FROM quotes ORDER BY 1"))
        .containsExactly("Q1|second", "Q2|other");
    try (Stream<Path> there = Files.list(office.share())) {
      assertThat(there.map(path -> path.getFileName().toString()))
          .anyMatch(name -> name.matches("server\\.db\\.damaged-\\d{8}-\\d{6}"));
    }
    Files.delete(master);
    assertThat(anna.type("restore").out()).contains("made anew");
    assertThat(master).exists();
  }

  @Test
  void where_master_and_ledger_are_gone_it_says_so_and_makes_nothing() throws Exception {
    FileUtils.deleteDirectory(office.share().resolve("server.db-ledger").toFile());
    Files.delete(office.share().resolve("server.db"));
    Typed nothing = anna.type("restore");
    assertThat(nothing.exitCode()).isEqualTo(3);
    assertThat(nothing.err()).contains("ledger rebuild", "restore --to BACKUP --rollback");
    assertThat(office.share()).isEmptyDirectory();
  }

  private String backup() throws Exception {
    Path backups = Files.createDirectories(folder.resolve("backups"));
    anna.configured("backup:\n  folder: '" + backups + "'\n");
    assertThat(anna.type("backup", "now").exitCode()).isZero();
    List<?> known =
        (List<?>) anna.type("restore", "--list", "--json").at("databases.server.backups");
    return ((Map<?, ?>) known.get(0)).get("name").toString();
  }

  @Test
  void a_backup_is_a_moment_to_go_back_to_like_any_other() throws Exception {
    String backup = backup();
    ben.edit("DELETE FROM quotes WHERE quoteId='Q2'");
    ben.type("sync");

    assertThat(anna.type("restore", "--list").out()).contains(backup);
    Typed dry = anna.type("restore", "--to", backup, "--json");
    assertThat(dry.at("databases.server.to.backup")).isEqualTo(backup);
    assertThat(dry.at("databases.server.tables.quotes.comeBack")).isEqualTo(1L);
    assertThat(anna.type("restore", "--to", backup, "--rollback").exitCode()).isZero();
    assertThat(names(ben)).containsExactly("Q1|second", "Q2|other");
  }

  @Test
  void a_damaged_backup_is_never_gone_back_to() throws Exception {
    String backup = backup();
    Path file = folder.resolve("backups/server").resolve(backup).resolve("server.db.gz");
    Folders.spoil(file);
    ben.edit("DELETE FROM quotes WHERE quoteId='Q2'");
    ben.type("sync");

    Typed refused = anna.type("restore", "--to", backup, "--rollback");

    assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(5);
    assertThat(refused.err()).contains(backup, "damaged");
    assertThat(names(ben)).containsExactly("Q1|second");
  }

  @Test
  void a_share_that_lost_everything_begins_anew_with_a_backup_only_when_told() throws Exception {
    String backup = backup();
    ben.edit("UPDATE quotes SET projectName='newer' WHERE quoteId='Q2'");
    ben.type("sync");
    FileUtils.deleteDirectory(office.share().resolve("server.db-ledger").toFile());
    Files.delete(office.share().resolve("server.db"));

    assertThat(anna.type("restore", "--to", backup).out())
        .contains("neither the master nor its ledger", "make sure that the share is mounted");
    assertThat(office.share()).isEmptyDirectory();
    Typed begun = anna.type("restore", "--to", backup, "--rollback");

    assertThat(begun.exitCode()).isZero();
    assertThat(begun.out()).contains("begins anew with the backup " + backup);
    assertThat(names(ben)).containsExactly("Q1|second", "Q2|newer");
    assertThat(names(anna)).containsExactly("Q1|second", "Q2|newer");
  }
}
