package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;

class StatusCommandTest {
  private static final String ISO = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

  @TempDir Path folder;
  private Office office;
  private Office.Desk anna;

  @BeforeEach
  void open() {
    office = new Office(folder);
    anna = office.desk("anna");
  }

  @Test
  void json_has_every_field_of_the_contract() {
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1'), ('Q2')");
    anna.type("sync");
    anna.edit("UPDATE quotes SET projectName='new' WHERE quoteId='Q1'");

    Typed status = anna.type("status", "--json");

    assertThat(status.exitCode()).isZero();
    assertThat(status.json())
        .containsEntry("enabled", true)
        .containsEntry("state", "connected")
        .containsEntry("isSyncing", false)
        .containsEntry("scheduledSync", true)
        .containsEntry("intervalMinutes", 120L)
        .containsEntry("nextSyncTime", null)
        .containsEntry("username", "anna")
        .containsEntry("workstation", "PC-anna")
        .containsEntry("nasDbPath", office.share().resolve("server.db").toString())
        .containsEntry(
            "stats", Map.of("pulled", Map.of(), "pushed", Map.of("quotes", 2L), "conflicts", 0L));
    assertThat(status.at("lastSyncTime").toString()).matches(ISO);
    assertThat(status.at("clockSkewMs")).isInstanceOf(Long.class);
    assertThat(status.at("databases.server"))
        .asInstanceOf(MAP)
        .containsEntry("position", 1L)
        .containsEntry("ledgerHead", 1L)
        .containsEntry("masterBehind", 0L);
    assertThat(status.at("databases.server.tables.quotes"))
        .asInstanceOf(MAP)
        .containsEntry("recordCount", 2L)
        .containsEntry("pendingChanges", 1L)
        .containsEntry("held", 0L)
        .containsEntry("openConflicts", 0L);
    assertThat(status.at("databases.server.tables.quotes.lastSyncedAt").toString()).matches(ISO);
    assertThat(anna.type("status").out()).containsPattern("last run .*, success: 2 rows pushed");
  }

  @Test
  void what_waits_for_a_person_is_a_state_and_all_is_well_only_without() {
    Office.Desk ben = office.desk("ben");
    anna.configured("sync: { conflicts: manual }\n");
    anna.edit(
        "INSERT INTO quotes(quoteId, projectName) VALUES('Q1', 'first')",
        "INSERT INTO quotes(quoteId, projectName) VALUES('Q2', 'first')");
    anna.type("sync");
    ben.type("sync");
    ben.edit("UPDATE quotes SET projectName='by Ben'");
    ben.type("sync");
    anna.edit("UPDATE quotes SET projectName='by Anna'");
    anna.type("sync");

    assertThat(anna.type("status", "--json").json()).containsEntry("state", "attention");
    assertThat(anna.type("status").out())
        .contains(
            "attention: 2 conflicts wait for a choice", "2 rows are held", "server: attention");

    office.unplug();
    assertThat(anna.type("status", "--json").json()).containsEntry("state", "offline");
    office.plug();
    anna.edit("CREATE TABLE keyless(a TEXT)");
    for (String id : anna.db("server").rows("SELECT id FROM sync_conflicts WHERE resolved=0")) {
      anna.type("conflicts", "resolve", id, "--keep", "local");
    }
    anna.type("sync");
    assertThat(anna.type("status").out()).contains("attention: 1 table is not synced");
    anna.edit("DROP TABLE keyless");
    anna.type("sync");
    assertThat(anna.type("status", "--json").json()).containsEntry("state", "connected");
  }

  @Test
  void a_share_that_is_away_is_a_state_and_the_rest_is_told_all_the_same() {
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");
    anna.type("sync");
    office.unplug();
    anna.type("sync");

    Typed status = anna.type("status", "--json");

    assertThat(status.json()).containsEntry("state", "offline");
    assertThat(status.at("lastSyncTime").toString()).matches(ISO);
    assertThat(status.at("databases.server.tables.quotes.recordCount")).isEqualTo(1L);
    assertThat(anna.type("status").out())
        .contains("offline", "trouble")
        .containsPattern("last sync  \\d{4}")
        .containsPattern("last run   \\d{4}.*, offline");
  }

  @Test
  void why_the_last_run_failed_is_told_after_the_share_came_back_too() {
    anna.type("sync");
    office.unplug();
    anna.type("sync");
    office.plug();

    assertThat(anna.type("status").out())
        .contains("server: connected")
        .containsPattern("last run   \\d{4}.*, offline: cannot read the ledger: .* is not there");
  }

  @Test
  void a_locked_master_is_told_with_what_to_do_until_it_is_free() throws Exception {
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");
    anna.type("sync");
    try (Connection browser = office.master("server").connect();
        Statement statement = browser.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      anna.edit("INSERT INTO quotes(quoteId) VALUES('Q2')");
      assertThat(anna.type("sync").exitCode()).isZero();

      Typed status = anna.type("status", "--json");

      assertThat(status.json()).containsEntry("state", "connected");
      assertThat(status.at("databases.server.masterBehind")).isEqualTo(1L);
      assertThat(status.at("databases.server.masterTrouble").toString())
          .contains("locked by another program", "close the program");
      assertThat(anna.type("status").out())
          .contains("master 1 change set behind")
          .containsPattern("  master     .*locked by another program.*close the program");
    }
    anna.type("sync");
    assertThat(anna.type("status", "--json").at("databases.server.masterTrouble")).isNull();
    assertThat(anna.type("status").out()).contains("master up to date").doesNotContain("locked");
  }

  @Test
  void without_a_config_it_is_unconfigured() {
    Typed status = anna.typeAsItIs("status", "--json");

    assertThat(status.exitCode()).isEqualTo(2);
    assertThat(status.json())
        .containsEntry("enabled", false)
        .containsEntry("state", "unconfigured");
  }

  @Test
  void a_manual_schedule_has_no_interval() {
    anna.configured("sync:\n  every: manual\n");

    assertThat(anna.type("status", "--json").json())
        .containsEntry("scheduledSync", false)
        .containsEntry("intervalMinutes", null)
        .containsEntry("lastSyncTime", null);
  }

  @Test
  void every_row_that_waits_is_listed_with_state_and_reason() {
    anna.type("sync");
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");

    Typed status = anna.type("status", "--pending", "--json");

    assertThat(status.at("pending"))
        .asInstanceOf(LIST)
        .singleElement()
        .asInstanceOf(MAP)
        .containsEntry("database", "server")
        .containsEntry("table", "quotes")
        .containsEntry("key", List.of("Q1"))
        .containsEntry("state", "pending")
        .containsKey("reason");
    assertThat(anna.type("status", "--pending").out()).contains("quotes Q1", "pending");
  }

  @Test
  void a_database_that_cannot_be_read_is_an_error_and_exit_5() {
    Office.write(anna.file("server"), "this is no database, however long the text may be");

    Typed status = anna.type("status", "--json");

    assertThat(anna.type("status", "--pending").out())
        .contains("cannot be read")
        .doesNotContain("nothing waits");
    assertThat(status.exitCode()).isEqualTo(5);
    assertThat(status.json()).containsEntry("state", "error");
    assertThat(status.at("databases.server.error.code")).isEqualTo(5L);
  }

  @Test
  void options_that_stand_before_their_command_are_told_where_they_belong() {
    Typed early = anna.typeAsItIs("--config", anna.config().toString(), "status");
    assertThat(early.exitCode()).isEqualTo(2);
    assertThat(early.err()).contains("Options follow the name of their command");
  }

  @Test
  void looking_changes_nothing() {
    String before = anna.db("server").value("SELECT group_concat(sql) FROM sqlite_master");

    anna.type("status");
    anna.type("history");
    anna.type("conflicts");

    assertThat(anna.db("server").value("SELECT group_concat(sql) FROM sqlite_master"))
        .isEqualTo(before);
    assertThat(office.share()).isEmptyDirectory();
  }

  @Test
  void a_local_folder_that_is_not_there_is_an_error_that_names_it() throws Exception {
    Office.Desk anna = office.emptyDesk("anna", "server");
    String config = Files.readString(anna.config());
    String gone = anna.place().resolve("gone/server.db").toString();
    Office.write(anna.config(), config.replace(anna.file("server").toString(), gone));

    Typed status = anna.type("status");

    assertThat(status.exitCode()).isEqualTo(2);
    assertThat(status.out()).contains("error").doesNotContain("connected");
    assertThat(status.err()).contains(gone, "databases.server.local");
  }
}
