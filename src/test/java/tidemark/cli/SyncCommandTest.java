package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;

class SyncCommandTest {
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

    Typed sync = anna.type("sync", "--json");

    assertThat(sync.exitCode()).isZero();
    assertThat(sync.err()).isEmpty();
    assertThat(sync.json())
        .containsEntry("success", true)
        .containsEntry("status", "success")
        .containsEntry("message", "2 rows pushed")
        .containsEntry(
            "stats", Map.of("pulled", Map.of(), "pushed", Map.of("quotes", 2L), "conflicts", 0L))
        .doesNotContainKey("error");
    assertThat(sync.at("databases.server"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("pulled", Map.of())
        .containsEntry("pushed", Map.of("quotes", 2L))
        .containsEntry("conflicts", 0L)
        .containsEntry("held", 0L)
        .containsEntry("masterBehind", 0L);
    assertThat(sync.at("duration").toString()).matches("\\d+\\.\\d\\ds");
    assertThat(sync.at("durationMs")).isInstanceOf(Long.class);
  }

  @Test
  void people_read_one_line_for_each_database_and_what_moved() {
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");
    anna.type("sync");
    Office.Desk ben = office.emptyDesk("ben", "server");

    assertThat(ben.type("sync").out().lines())
        .hasSize(2)
        .first(org.assertj.core.api.InstanceOfAssertFactories.STRING)
        .startsWith("server: synced, 1 row pulled (");
    assertThat(ben.type("sync").out()).startsWith("server: up to date (");
    assertThat(ben.db("server").rows("SELECT quoteId FROM quotes")).containsExactly("Q1");
  }

  @Test
  void a_share_that_is_away_is_exit_3_and_the_edit_goes_out_once_it_is_back() {
    anna.type("sync");
    office.unplug();
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");

    Typed away = anna.type("sync", "--json");

    assertThat(away.exitCode()).isEqualTo(3);
    assertThat(away.json()).containsEntry("success", false).containsEntry("status", "offline");
    assertThat(away.at("error.code")).isEqualTo(3L);
    assertThat(away.at("error.message").toString()).contains("share");
    assertThat(away.at("error.hint").toString()).isNotBlank();
    assertThat(away.err().lines()).hasSize(2);

    office.plug();
    assertThat(anna.type("sync", "--json").at("stats.pushed")).isEqualTo(Map.of("quotes", 1L));
  }

  @Test
  void whom_to_ask_stands_with_every_error() {
    anna.configured("contact: 'IT help desk, ext. 100'\n");
    office.unplug();

    Typed away = anna.type("sync", "--json");

    assertThat(away.err()).contains("IT help desk, ext. 100");
    assertThat(away.at("error.hint").toString()).contains("IT help desk, ext. 100");
  }

  @Test
  void of_several_databases_the_worst_decides_and_the_others_are_synced_all_the_same() {
    Office.Desk two = office.emptyDesk("carl", "bad", "server");
    Office.write(two.file("bad"), "this is no database, however long the text may be");
    two.db("server").script("/tidemark/app/demo/server.sql");
    two.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");

    Typed sync = two.type("sync", "--json");

    assertThat(sync.exitCode()).isEqualTo(5);
    assertThat(sync.json()).containsEntry("success", false).containsEntry("status", "error");
    assertThat(sync.at("databases.bad.error.code")).isEqualTo(5L);
    assertThat(sync.at("databases.server.pushed")).isEqualTo(Map.of("quotes", 1L));
    assertThat(sync.err()).contains("bad: ");
    assertThat(two.file("bad")).content().startsWith("this is no database");
    assertThat(two.type("sync", "--db", "server").exitCode()).isZero();
  }

  @Test
  void what_is_held_back_is_exit_1_and_named() {
    anna.configured("tables:\n  quotes: { conflicts: manual }\n");
    Office.Desk ben = twoVersions();

    Typed sync = ben.type("sync", "--json");

    assertThat(sync.exitCode()).isEqualTo(1);
    assertThat(sync.json()).containsEntry("success", false).containsEntry("status", "partial");
    assertThat(sync.at("databases.server.held")).isEqualTo(1L);
    assertThat(sync.at("error.code")).isEqualTo(1L);
    Typed text = ben.type("sync");
    assertThat(text.exitCode()).isEqualTo(1);
    assertThat(text.out()).contains("synced in part", "held", "quotes Q1");
  }

  private Office.Desk twoVersions() {
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q1', 'first')");
    anna.type("sync");
    Office.Desk ben = office.emptyDesk("ben", "server");
    ben.configured("tables:\n  quotes: { conflicts: manual }\n");
    ben.type("sync");
    anna.edit("UPDATE quotes SET projectName='Anna'");
    ben.edit("UPDATE quotes SET projectName='Ben'");
    anna.type("sync");
    return ben;
  }

  @Test
  void a_rule_that_settles_what_waits_is_told_of_before_it_does() throws Exception {
    Office.Desk ben = twoVersions();
    ben.configured("sync:\n  conflicts: manual\n");
    ben.type("sync");
    assertThat(ben.type("config", "check").out()).doesNotContain("waits for a choice");

    Typed push = ben.type("sync", "--direction", "push", "--conflicts", "newest");
    assertThat(push.err()).doesNotContain("waits for a choice");
    Typed sync = ben.type("sync", "--conflicts", "newest", "--json");

    assertThat(sync.err())
        .contains("1 conflict that waits for a choice", "1 in quotes of server by `newest`");
    assertThat(sync.exitCode()).isZero();
    assertThat(ben.type("sync", "--conflicts", "newest").err()).isEmpty();
  }

  @Test
  void config_check_tells_what_a_rule_written_by_hand_would_settle() {
    Office.Desk ben = twoVersions();
    ben.type("sync");

    ben.configured("tables:\n  quotes: { conflicts: master }\n");

    assertThat(ben.type("config", "check").out())
        .contains("1 conflict that waits for a choice", "1 in quotes of server by `master`");
    assertThat(ben.type("config", "check", "--json").at("settles"))
        .isEqualTo(
            List.of(
                Map.of(
                    "database", "server", "table", "quotes", "rule", "master", "conflicts", 1L)));
  }

  @Test
  void a_mistyped_path_becomes_no_database_no_master_and_no_ledger() {
    Office.Desk carl = office.emptyDesk("carl", "typo");

    Typed sync = carl.type("sync");

    assertThat(sync.exitCode()).isEqualTo(2);
    assertThat(sync.err()).contains("typo.db", "neither", "databases.typo", "--create");
    assertThat(carl.file("typo")).doesNotExist();
    assertThat(office.share()).isEmptyDirectory();

    assertThat(carl.type("sync", "--create").exitCode()).isZero();
    assertThat(carl.type("sync", "--create").out()).startsWith("typo: up to date");
    assertThat(office.share().resolve("typo.db")).exists();
  }

  @Test
  void where_one_share_is_away_create_goes_on_with_the_others() throws Exception {
    Office.Desk carl = office.emptyDesk("carl", "away", "here");
    String config = Files.readString(carl.config());
    String master = office.share().resolve("away.db").toString();
    Files.writeString(
        carl.config(), config.replace(master, folder.resolve("gone/away.db").toString()));

    Typed sync = carl.type("sync", "--create", "--json");

    assertThat(sync.exitCode()).isEqualTo(3);
    assertThat(sync.json()).containsEntry("status", "offline");
    assertThat(sync.at("databases.here.status")).isEqualTo("success");
    assertThat(sync.err()).contains("away: ", "gone").doesNotContain("here: ");
    assertThat(office.share().resolve("here.db")).exists();
    assertThat(carl.file("away")).doesNotExist();
  }

  @Test
  void a_file_that_the_application_has_not_written_to_yet_is_something_to_begin_with() {
    Office.Desk carl = office.emptyDesk("carl", "early");
    Office.write(carl.file("early"), "");

    assertThat(carl.type("sync").exitCode()).isZero();
  }

  @Test
  void who_joins_needs_not_say_create_and_saying_it_does_no_harm() {
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");
    anna.type("sync");
    Office.Desk ben = office.emptyDesk("ben", "server");

    assertThat(ben.type("sync", "--create").exitCode()).isZero();
    assertThat(ben.db("server").rows("SELECT quoteId FROM quotes")).containsExactly("Q1");
  }

  @Test
  void a_conflict_is_told_with_how_it_ended() {
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q1', 'first')");
    anna.type("sync");
    Office.Desk ben = office.emptyDesk("ben", "server");
    ben.type("sync");
    anna.edit("UPDATE quotes SET projectName='Anna'");
    ben.edit("UPDATE quotes SET projectName='Ben'");
    anna.type("sync");

    Typed sync = ben.type("sync", "--conflicts", "master");

    assertThat(sync.out()).contains("1 conflict", "update (1): the version of the others won");
    assertThat(ben.db("server").rows("SELECT projectName FROM quotes")).containsExactly("Anna");
  }

  @Test
  void only_the_tables_that_are_named_take_part() {
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')", "INSERT INTO projects(id) VALUES('P1')");

    assertThat(anna.type("sync", "--table", "projects", "--json").at("stats.pushed"))
        .isEqualTo(Map.of("projects", 1L));
    assertThat(anna.type("sync", "--json").at("stats.pushed")).isEqualTo(Map.of("quotes", 1L));
  }

  @Test
  void a_table_of_one_database_need_not_be_in_the_others_and_its_case_does_not_matter() {
    Office.Desk two = office.emptyDesk("carl", "server", "generated_numbers");
    two.db("server").script("/tidemark/app/demo/server.sql");
    two.db("generated_numbers").script("/craft/generated_numbers.sql");
    two.type("sync");
    two.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");

    Typed sync = two.type("sync", "--table", "QUOTES", "--json");
    Typed unknown = two.type("sync", "--table", "nix");

    assertThat(sync.exitCode()).isZero();
    assertThat(sync.at("databases.server.pushed")).isEqualTo(Map.of("quotes", 1L));
    assertThat(sync.at("databases.generated_numbers")).isNull();
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("nix", "the tables are:");
  }

  @Test
  void pull_carries_nothing_out() {
    anna.type("sync");
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");

    assertThat(anna.type("sync", "--direction", "pull", "--json").at("stats.pushed"))
        .isEqualTo(Map.of());
    assertThat(anna.type("sync", "--direction", "PUSH", "--json").at("stats.pushed"))
        .isEqualTo(Map.of("quotes", 1L));
  }

  @Test
  void wrong_usage_is_exit_2_with_what_is_accepted() {
    Typed way = anna.type("sync", "--direction", "sideways");
    Typed rule = anna.type("sync", "--conflicts", "mine");
    Typed database = anna.type("sync", "--db", "sever");
    Typed word = anna.typeAsItIs("syn");

    assertThat(way.exitCode()).isEqualTo(2);
    assertThat(way.err()).contains("sideways", "both, push, pull");
    assertThat(rule.err()).contains("newest, master, local, manual");
    assertThat(database.exitCode()).isEqualTo(2);
    assertThat(database.err()).contains("'sever'", "server");
    assertThat(word.exitCode()).isEqualTo(2);
    assertThat(word.err()).contains("`sync`");
  }

  @Test
  void a_config_that_is_wrong_or_missing_is_exit_2_in_json_too() {
    anna.configured("snyc:\n  every: 1h\n");
    Typed wrong = anna.type("sync", "--json");
    Typed missing = anna.typeAsItIs("sync", "--json");

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.at("error.code")).isEqualTo(2L);
    assertThat(wrong.err()).contains("snyc");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.at("error.hint").toString()).contains("tidemark init");
  }

  @Test
  void the_rules_of_the_config_hold_unless_told_otherwise() {
    anna.configured("sync:\n  direction: pull\n");
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");

    assertThat(anna.type("sync", "--json").at("stats.pushed")).isEqualTo(Map.of());
    assertThat(anna.type("sync", "--direction", "both", "--json").at("stats.pushed"))
        .isEqualTo(Map.of("quotes", 1L));
  }

  @Test
  void two_runs_at_once_do_not_meet_in_the_state_folder() throws Exception {
    Path lock = anna.place().resolve("state/server/run.lock");
    anna.configured("sync:\n  shareTimeout: 1s\n");
    anna.type("sync");
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      assertThat(held.isValid()).isTrue();

      Typed sync = anna.type("sync", "--json");

      assertThat(sync.exitCode()).isEqualTo(4);
      assertThat(sync.at("error.code")).isEqualTo(4L);
      assertThat(sync.at("error.message").toString())
          .contains("(anna, process " + ProcessHandle.current().pid() + ", since 20");
    }
    assertThat(anna.type("sync").exitCode()).isZero();
  }
}
