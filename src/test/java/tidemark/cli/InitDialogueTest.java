package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;
import tidemark.testing.Database;

/** init at a terminal. */
class InitDialogueTest {
  private static final String ALL = "";

  @TempDir Path folder;
  private Office office;
  private Office.Desk anna;
  private Path application;
  private Path config;
  private final List<String> asked = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    office = new Office(folder);
    anna = office.emptyDesk("anna", "server");
    Files.delete(anna.config());
    application = anna.place().resolve("home/.config/craft-tools-hub/database");
    config = anna.place().resolve("home/.config/tidemark/tidemark.yml");
    Files.createDirectories(application);
  }

  private void install(String... names) {
    for (String name : names) {
      new Database(application.resolve(name + ".db")).execute("CREATE TABLE t(a PRIMARY KEY, b)");
    }
  }

  private Typed init(List<String> answers, String... options) {
    Deque<String> left = new ArrayDeque<>(answers);
    List<String> args = new ArrayList<>(List.of("init"));
    args.addAll(List.of(options));
    return anna.answering(
        question -> {
          asked.add(question);
          return left.poll();
        },
        args.toArray(String[]::new));
  }

  private String share() {
    return office.share().toString();
  }

  @Test
  void the_applications_databases_are_found_and_with_three_answers_it_syncs() {
    install("server", "generated_numbers");

    Typed init = init(List.of(ALL, share(), "45m"));

    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(asked)
        .containsExactly(
            "Which are to be synced? Their numbers, or the path of another one [all]: ",
            "The folder on the share where the masters are, or will be: ",
            "Sync how often? 1m to 24h, or manual [120m]: ");
    assertThat(init.out())
        .contains("1  generated_numbers.db", "2  server.db")
        .contains(office.share().resolve("server.db") + " is made by the first sync")
        .contains("Wrote " + config, "Next: tidemark sync\n", "tidemark service install");
    assertThat(config).content().contains("  every: 45m ", "local: " + application + "/server.db");
    assertThat(anna.typeAsItIs("sync").exitCode()).isZero();
    assertThat(office.share().resolve("generated_numbers.db")).exists();
  }

  @Test
  void a_path_that_leads_to_nothing_is_asked_about() {
    String typo = anna.place().resolve("typo.db").toString();

    Typed no = init(List.of(typo, "", share(), "", "no"));
    assertThat(no.exitCode()).isEqualTo(2);
    assertThat(no.out()).contains("neither " + typo, "Nothing was written.");
    assertThat(config).doesNotExist();

    Typed yes = init(List.of(typo, "", share(), "", "yes"));
    assertThat(yes.exitCode()).as(yes.err()).isZero();
    assertThat(yes.out()).contains("Next: tidemark sync --create");
  }

  @Test
  void numbers_choose_among_them() {
    install("a", "b", "c");

    Typed init = init(List.of("4", "0", "3, 1", share(), ""));

    assertThat(init.exitCode()).isZero();
    assertThat(init.out()).containsOnlyOnce("Wrote").contains("Numbers from 1 to 3.");
    assertThat(config).content().contains("  a:\n", "  c:\n").doesNotContain("  b:\n");
  }

  @Test
  void a_path_may_be_given_instead_also_as_the_explorer_copies_it() {
    anna.db("server").execute("CREATE TABLE t(a PRIMARY KEY)");
    anna.db("other").execute("CREATE TABLE t(a PRIMARY KEY)");

    Typed init =
        init(
            List.of(
                "\"" + anna.file("server") + "\"",
                anna.place().resolve("nowhere/x.db").toString(),
                anna.file("other").toString(),
                "",
                share(),
                ""));

    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(init.out())
        .contains("No database was found in " + application)
        .contains("nowhere/x.db its folder is not there", "create the folder");
    assertThat(config).content().contains("  server:\n", "  other:\n");
  }

  @Test
  void a_share_that_will_not_do_is_asked_for_again_with_what_is_wrong() throws Exception {
    install("server");
    Path unfit = Files.createDirectories(folder.resolve("unfit"));
    Office.write(unfit.resolve("server.db"), "no database at all, however long it is");

    Typed init =
        init(
            List.of(
                ALL,
                folder.resolve("nowhere").toString(),
                "${NOBODY}/x",
                unfit.toString(),
                "",
                "  " + share() + "/ ",
                ""));

    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(init.out())
        .contains(folder.resolve("nowhere/server.db") + " its folder is not there")
        .contains("Connect the share, or correct the path.")
        .contains("names the environment variable NOBODY")
        .contains("is no SQLite database")
        .contains("There has to be one");
    assertThat(config).content().contains("master: " + office.share().resolve("server.db"));
    try (var left = Files.list(unfit)) {
      assertThat(left).containsExactly(unfit.resolve("server.db"));
    }
  }

  @Test
  void a_ledger_that_others_have_made_is_named() {
    install("server");
    assertThat(init(List.of(ALL, share(), "")).exitCode()).isZero();
    anna.typeAsItIs("sync");

    Typed again = init(List.of("y", ALL, share(), ""));

    assertThat(again.out())
        .contains(
            "server.db is a SQLite database; its ledger is there, which this workstation joins")
        .contains("The former config is kept as " + config + ".bak");
  }

  @Test
  void one_database_may_have_its_master_named_in_full() {
    install("server");

    assertThat(init(List.of(ALL, share() + "/office.db", "")).exitCode()).isZero();

    assertThat(config).content().contains("master: " + share() + "/office.db");
  }

  @Test
  void an_interval_that_is_none_is_asked_for_again() {
    install("server");

    Typed init = init(List.of(ALL, share(), "30", "manual"));

    assertThat(init.out()).contains("'30' has no unit", "Accepted: a duration from 1m to 24h");
    assertThat(config).content().contains("  every: manual ");
  }

  @Test
  void whoever_ends_it_in_the_middle_finds_nothing_written() {
    install("server");

    for (List<String> answers : List.of(List.<String>of(), List.of(ALL), List.of(ALL, share()))) {
      Typed init = init(answers);
      assertThat(init.exitCode()).isEqualTo(2);
      assertThat(init.err()).contains("init was not finished", "Nothing was written");
    }
    assertThat(config).doesNotExist();
    assertThat(office.share()).isEmptyDirectory();
    assertThat(anna.place().resolve("home/.local")).doesNotExist();
  }

  @Test
  void a_config_that_is_there_stays_unless_the_answer_is_yes() throws Exception {
    install("server");
    Files.createDirectories(config.getParent());
    Office.write(config, "mine");

    for (String no : List.of("", "no", "N")) {
      Typed init = init(List.of(no));
      assertThat(init.exitCode()).isZero();
      assertThat(init.out()).contains("It stays as it is.");
    }
    Typed confused = init(List.of("maybe", "no"));
    assertThat(confused.out()).contains("Say yes or no.");
    assertThat(config).hasContent("mine");

    assertThat(init(List.of("yes", ALL, share(), "")).exitCode()).isZero();
    assertThat(config.resolveSibling("tidemark.yml.bak")).hasContent("mine");
  }

  @Test
  void what_options_say_is_not_asked() {
    anna.db("x").execute("CREATE TABLE t(a PRIMARY KEY)");

    assertThat(init(List.of(share()), "--local", anna.file("x").toString(), "--every", "5m").err())
        .isEmpty();
    assertThat(asked).singleElement().asString().startsWith("The folder on the share");
    assertThat(config).content().contains("  x:\n", "  every: 5m ");
  }

  @Test
  void where_nobody_can_be_asked_the_options_are_named() {
    Typed init = anna.typeAsItIs("init");

    assertThat(init.exitCode()).isEqualTo(2);
    assertThat(init.err()).contains("nobody can be asked here", "--local and --master");
    assertThat(init.err().lines()).hasSize(2);
    assertThat(anna.typeAsItIs("init", "--local", "/x.db").exitCode()).isEqualTo(2);
  }

  @Test
  void a_path_with_signs_of_variables_in_it_is_found_as_it_is() throws Exception {
    application = anna.place().resolve("home/.config/craft-tools-hub/database");
    install("100% $HOME ${x}");

    Typed init = init(List.of("1", share(), ""));

    assertThat(init.exitCode()).as(init.out() + init.err()).isZero();
    assertThat(anna.typeAsItIs("sync").exitCode()).isZero();
    assertThat(office.share().resolve("100% $HOME ${x}.db")).exists();
  }
}
