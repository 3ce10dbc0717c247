package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;

/** init, config check. */
class ConfigCommandsTest {
  @TempDir Path folder;
  private Office office;
  private Office.Desk anna;

  @BeforeEach
  void open() throws Exception {
    office = new Office(folder);
    anna = office.emptyDesk("anna", "server");
    Files.delete(anna.config());
    anna.db("server").execute("CREATE TABLE seeds(id TEXT PRIMARY KEY)");
  }

  private Typed init(String... more) {
    return initWith(office.share().resolve("server.db").toString(), more);
  }

  private Typed initWith(String master, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "init",
                "--local",
                anna.file("server").toString(),
                "--master",
                master,
                "--state",
                anna.place().resolve("state").toString()));
    args.addAll(List.of(more));
    return anna.type(args.toArray(String[]::new));
  }

  @Test
  void init_writes_a_config_that_syncs() {
    Typed init = init();
    anna.db("server").script("/tidemark/app/demo/server.sql");

    assertThat(init.exitCode()).isZero();
    assertThat(init.out()).contains("Wrote " + anna.config());
    assertThat(anna.type("sync", "--json").at("databases")).asString().contains("server=");
    assertThat(office.share().resolve("server.db")).exists();
  }

  @Test
  void init_writes_nothing_where_a_path_leads_to_nothing_unless_it_is_meant() throws Exception {
    Files.delete(anna.file("server"));

    Typed refused = init();
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("neither " + anna.file("server"), "--create");
    assertThat(anna.config()).doesNotExist();

    assertThat(init("--create").exitCode()).isZero();
    assertThat(anna.type("sync", "--create").exitCode()).isZero();
  }

  @Test
  void init_takes_names_and_variables() {
    Typed init =
        anna.type(
            "init",
            "--local",
            "main=${HERE}/a.db",
            "--master",
            "main=" + office.share().resolve("b.db"),
            "--state",
            "${HERE}/state",
            "--create");

    assertThat(init.exitCode()).isZero();
    assertThat(init.out()).contains("Next: tidemark sync --create");
    assertThat(anna.config()).content().contains("main:", "'${HERE}/a.db'");
  }

  @Test
  void init_does_not_write_over_a_config_unless_forced_and_then_keeps_it() {
    Office.write(anna.config(), "mine");

    Typed refused = init();
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("--force");
    assertThat(anna.config()).hasContent("mine");

    assertThat(init("--force").exitCode()).isZero();
    assertThat(anna.place().resolve("tidemark.yml.bak")).hasContent("mine");
  }

  @Test
  void init_refuses_a_share_that_is_not_there_and_writes_nothing() {
    Typed init = initWith(folder.resolve("nowhere/server.db").toString());

    assertThat(init.exitCode()).isEqualTo(3);
    assertThat(init.err()).contains("nowhere", "share");
    assertThat(anna.config()).doesNotExist();
    assertThat(office.share()).isEmptyDirectory();
  }

  @Test
  void init_refuses_what_is_no_database_and_what_does_not_fit_together() {
    Office.write(anna.file("server"), "no database at all, however long it is");

    assertThat(init().exitCode()).isEqualTo(5);
    assertThat(anna.type("init", "--local", "a=/x.db", "--master", "b=/y.db").exitCode())
        .isEqualTo(2);
    assertThat(anna.type("init", "--local", "a=/x.db").exitCode()).isEqualTo(2);
    assertThat(anna.config()).doesNotExist();
  }

  @Test
  void config_check_tells_every_value_with_its_origin_and_tries_the_paths() {
    init();
    anna.configured("sync:\n  every: 30m\n");

    Typed text = anna.type("config", "check");
    Typed json = anna.type("config", "check", "--json");

    assertThat(text.exitCode()).isZero();
    assertThat(text.out())
        .containsPattern("sync.every +30m +.*tidemark.yml:\\d+")
        .containsPattern("sync.conflicts +newest +default")
        .contains("its folder can be written");
    assertThat(json.json()).containsEntry("success", true);
    assertThat((List<?>) json.at("settings"))
        .anyMatch(
            setting ->
                setting instanceof Map<?, ?> map
                    && "sync.every".equals(map.get("key"))
                    && "30m".equals(map.get("value")));
    assertThat(office.share()).isEmptyDirectory();
  }

  @Test
  void a_table_that_no_database_has_is_named_and_stops_nothing() throws Exception {
    anna.db("server").execute("CREATE TABLE quotes(id TEXT PRIMARY KEY)");
    anna.configured(
        "tables:\n  qoutes: { merge: columns }\n  Quotes: { conflicts: master }\n"
            + "  server.sede: { sync: off }\n");
    String global = "tables.qoutes: no table 'qoutes' is in server; did you mean quotes?";
    String ofOne = "tables.server.sede: no table 'sede' is in server; did you mean seeds?";

    for (String[] command : new String[][] {{"config", "check"}, {"sync"}, {"config", "check"}}) {
      Typed typed = anna.type(command);
      assertThat(typed.exitCode()).as(typed.err()).isZero();
      assertThat(typed.err().lines()).containsExactly("tidemark: " + global, "tidemark: " + ofOne);
    }
    assertThat(anna.type("config", "check", "--json").json())
        .containsEntry("warnings", List.of(global, ofOne));
    assertThat(anna.type("sync", "--json").err()).contains(global);
  }

  @Test
  void a_table_that_is_chosen_and_not_there_is_named_until_it_comes() throws Exception {
    init();
    Files.writeString(
        anna.config(),
        Files.readString(anna.config())
            .replaceFirst("( +)master:", "$1tables: [seeds, quots]\n$1master:"));

    assertThat(anna.type("sync").err())
        .contains("databases.server.tables: no table 'quots' is in server");
    anna.db("server").execute("CREATE TABLE Quots(id TEXT PRIMARY KEY)");
    assertThat(anna.type("sync").err()).isEmpty();
  }

  @Test
  void config_check_is_exit_3_where_the_share_is_away_and_5_where_a_file_is_no_database() {
    anna.configured("");
    office.unplug();
    Typed away = anna.type("config", "check");
    assertThat(away.exitCode()).isEqualTo(3);
    assertThat(away.err().lines()).hasSize(2);

    office.plug();
    Office.write(anna.file("server"), "no database at all, however long it is");
    assertThat(anna.type("config", "check").exitCode()).isEqualTo(5);
  }

  @Test
  void config_check_gives_up_a_share_that_hangs() throws Exception {
    String pipe = office.share().resolve("server.db").toString();
    assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
    anna.configured("sync: { shareTimeout: 1s }\n");

    Typed check = anna.type("config", "check");

    assertThat(check.exitCode()).isEqualTo(3);
    assertThat(check.err()).contains("has not answered for 1 s", "Check that the share");
  }

  @Test
  void config_check_and_init_name_a_local_folder_that_is_not_there() {
    String nowhere = folder.resolve("anna/misspelt/server.db").toString();

    Typed made =
        anna.type("init", "--local", nowhere, "--master", office.share() + "/server.db", "--force");
    assertThat(made.exitCode()).isEqualTo(2);
    assertThat(made.err()).contains(nowhere, "create the folder");

    Office.write(
        anna.config(),
        "databases: {server: {local: '" + nowhere + "', master: '" + office.share() + "/s.db'}}");
    Typed check = anna.type("config", "check");
    assertThat(check.exitCode()).isEqualTo(2);
    assertThat(check.err()).contains(nowhere, "create the folder");
    assertThat(folder.resolve("anna/misspelt")).doesNotExist();
  }

  @Test
  void a_wrong_config_is_exit_2_with_line_and_key() {
    anna.configured("sync:\n  evry: 30m\n");

    Typed check = anna.type("config", "check");

    assertThat(check.exitCode()).isEqualTo(2);
    assertThat(check.err()).contains("tidemark.yml:9", "evry", "every");
  }
}
