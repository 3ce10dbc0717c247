package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.serve.AccessKey;
import tidemark.testing.Database;
import tidemark.testing.LentShare;

/** `migrate`, and what people see at the former place. */
class MigrateCommandTest {
  private static final String ADD = "INSERT INTO quotes(quoteId) VALUES('%s')";
  private static final String ALL = "SELECT quoteId FROM quotes ORDER BY 1";

  @TempDir Path folder;
  private Office office;
  private Office.Desk anna;
  private Office.Desk ben;
  private Path former;
  private Path elsewhere;

  @BeforeEach
  void twoWhoMeet() throws IOException {
    office = new Office(folder);
    anna = office.desk("anna");
    ben = office.desk("ben");
    well(anna.edit(ADD.formatted("Q1")).type("sync"));
    well(ben.type("sync"));
    former = office.share().resolve("server.db");
    elsewhere = Files.createDirectories(folder.resolve("elsewhere")).resolve("server.db");
  }

  @AfterEach
  void nobodyServes() {
    LentShare.closeAll();
  }

  private static Typed well(Typed typed) {
    assertThat(typed.exitCode()).as(typed.out() + typed.err()).isZero();
    return typed;
  }

  private Typed migrate(Office.Desk desk) {
    return desk.type("migrate", "--db", "server", "--to", elsewhere.toString());
  }

  private static void says(Office.Desk desk, Path master, String more) throws IOException {
    says(desk, "'" + master + "'", more);
  }

  /** The config, with more about the database. */
  private static void says(Office.Desk desk, String master, String more) throws IOException {
    String user = desk.place().getFileName().toString();
    Files.writeString(
        desk.config(),
        "user: %s\nworkstation: PC-%s\nstate: '%s'\ndatabases:\n  server:\n    local: '%s'\n    master: %s\n%s"
            .formatted(
                user, user, desk.place().resolve("state"), desk.file("server"), master, more));
  }

  @Test
  void it_says_where_the_ledger_is_now_and_what_everybody_is_to_change() {
    Typed moved = well(migrate(anna));

    assertThat(moved.out())
        .contains("server: the ledger is now at " + elsewhere, "master: " + elsewhere)
        .contains("`follow: auto`");
    assertThat(new Database(elsewhere).rows(ALL)).containsExactly("Q1");
    assertThat(well(migrate(anna)).out()).contains("had been moved to " + elsewhere);
  }

  @Test
  void as_json_it_is_for_programs() {
    Typed moved =
        well(anna.type("migrate", "--db", "server", "--to", elsewhere.toString(), "--json"));

    Map<String, ?> said = Json.object(moved.out());
    assertThat(said.get("success")).isEqualTo(true);
    assertThat(said.get("to")).isEqualTo(elsewhere.toString());
    assertThat(said.get("from")).isEqualTo(former.toString());
    assertThat((Long) said.get("entries")).isPositive();
    assertThat(said.get("again")).isEqualTo(false);
  }

  @Test
  void without_a_word_in_the_config_a_workstation_waits_and_every_command_says_what_to_change()
      throws IOException {
    well(migrate(anna));

    Typed sync = ben.edit(ADD.formatted("Q2")).type("sync");

    assertThat(sync.exitCode()).isEqualTo(Failure.USAGE);
    String change = "Set `master: " + elsewhere + "`";
    assertThat(sync.out() + sync.err()).contains("was moved to " + elsewhere, change);
    assertThat(ben.type("status").out()).contains("error", "was moved to " + elsewhere, change);
    Map<String, ?> status = Json.object(ben.type("status", "--json").out());
    assertThat(status.get("state")).isEqualTo("error");
    assertThat(status.get("databases").toString()).contains(change);
    Typed check = ben.type("config", "check");
    assertThat(check.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(check.err()).contains("databases.server.master: ", change);
    Typed doctor = ben.type("doctor");
    assertThat(doctor.exitCode()).isNotZero();
    assertThat(doctor.out()).contains("was moved to " + elsewhere);
    assertThat(ben.type("ledger", "rebuild").err()).contains("was moved to " + elsewhere);
    assertThat(Files.exists(ben.place().resolve("state/server/followed.json"))).isFalse();

    says(ben, elsewhere, "");
    well(ben.type("sync"));
    assertThat(new Database(elsewhere).rows(ALL)).containsExactly("Q1", "Q2");
  }

  @Test
  void with_follow_auto_it_goes_on_at_the_new_path_by_itself_and_says_so() throws IOException {
    well(migrate(anna));
    says(ben, former, "    follow: auto\n");

    well(ben.edit(ADD.formatted("Q2")).type("sync"));

    assertThat(new Database(elsewhere).rows(ALL)).containsExactly("Q1", "Q2");
    assertThat(new Database(former).rows(ALL)).containsExactly("Q1");
    Typed status = well(ben.type("status"));
    assertThat(status.out()).contains("connected", "followed it; set `master: " + elsewhere + "`");
    Map<String, ?> told = Json.object(ben.type("status", "--json").out());
    assertThat(told.get("databases").toString())
        .contains("master=" + elsewhere, "followedFrom=" + former);
    Typed check = well(ben.type("config", "check"));
    assertThat(check.err()).contains("where this workstation followed it");
    well(ben.type("verify"));
  }

  @Test
  void who_followed_does_not_need_the_former_place_any_more() throws IOException {
    well(migrate(anna));
    says(ben, former, "    follow: auto\n");
    well(ben.type("sync"));

    office.unplug();

    well(ben.edit(ADD.formatted("Q2")).type("sync"));
    assertThat(new Database(elsewhere).rows(ALL)).containsExactly("Q1", "Q2");
  }

  @Test
  void what_the_config_names_later_has_the_last_word() throws IOException {
    well(migrate(anna));
    says(ben, former, "    follow: auto\n");
    well(ben.type("sync"));
    Path third = Files.createDirectories(folder.resolve("third")).resolve("server.db");
    says(anna, elsewhere, "");
    well(anna.type("migrate", "--db", "server", "--to", third.toString()));

    says(ben, third, "    follow: auto\n");

    well(ben.edit(ADD.formatted("Q3")).type("sync"));
    assertThat(new Database(third).rows(ALL)).containsExactly("Q1", "Q3");
    assertThat(ben.type("status").out()).doesNotContain("followed");
    assertThat(Files.exists(ben.place().resolve("state/server/followed.json"))).isFalse();
    says(ben, former, "    follow: ask\n");
    assertThat(ben.type("sync").exitCode()).isEqualTo(Failure.USAGE);
  }

  @Test
  void it_follows_from_place_to_place_and_back() throws IOException {
    well(migrate(anna));
    says(ben, former, "    follow: auto\n");
    well(ben.type("sync"));
    says(anna, elsewhere, "");
    well(anna.type("migrate", "--db", "server", "--to", former.toString()));

    well(ben.edit(ADD.formatted("Q2")).type("sync"));

    assertThat(Files.exists(ben.place().resolve("state/server/followed.json"))).isFalse();
    assertThat(new Database(former).rows(ALL)).containsExactly("Q1", "Q2");
    assertThat(well(ben.type("config", "check")).err()).doesNotContain("moved");
  }

  @Test
  void it_follows_nobody_to_another_ledger() throws IOException {
    well(migrate(anna));
    Files.move(elsewhere.resolveSibling("server.db-ledger"), folder.resolve("gone"));
    Files.delete(elsewhere);
    Office.Desk dora = office.desk("dora");
    says(dora, elsewhere, "");
    well(dora.edit(ADD.formatted("Q9")).type("sync"));
    says(ben, former, "    follow: auto\n");

    Typed sync = ben.edit(ADD.formatted("Q2")).type("sync");

    assertThat(sync.exitCode()).isEqualTo(Failure.REFUSED);
    assertThat(sync.out() + sync.err()).contains("is not that ledger");
    assertThat(new Database(elsewhere).rows(ALL)).containsExactly("Q9");
    assertThat(Files.exists(ben.place().resolve("state/server/followed.json"))).isFalse();
  }

  @Test
  void to_a_server_it_follows_with_a_key_for_it_and_else_says_what_it_needs() throws IOException {
    LentShare server = LentShare.of(elsewhere);
    String address = server.address().toString();
    Path key = folder.resolve("anna.key");
    Files.writeString(key, server.secret("anna"));
    well(anna.type("migrate", "--db", "server", "--to", address, "--key-file", key.toString()));
    server.looksAfterTheMaster();

    says(ben, former, "    follow: auto\n");
    Typed without = ben.edit(ADD.formatted("Q2")).type("sync");
    assertThat(without.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(without.out() + without.err())
        .contains("Set `master: " + address + "`", "and `key:` to a key of that server");

    says(ben, former, "    follow: auto\n    key: " + server.secret("ben") + "\n");
    well(ben.type("sync"));
    server.looksAfterTheMaster();
    assertThat(new Database(elsewhere).rows(ALL)).containsExactly("Q1", "Q2");
    Typed check = well(ben.type("config", "check"));
    assertThat(check.out() + check.err())
        .contains("where this workstation followed it")
        .doesNotContain(server.secret("ben"));
  }

  @Test
  void a_server_that_cannot_be_reached_yet_keeps_the_edits_here() throws IOException {
    LentShare server = LentShare.of(elsewhere);
    Path key = folder.resolve("anna.key");
    Files.writeString(key, server.secret("anna"));
    String address = server.address().toString();
    well(anna.type("migrate", "--db", "server", "--to", address, "--key-file", key.toString()));
    String secret = server.secret("ben");
    server.close();
    says(ben, former, "    follow: auto\n    key: " + secret + "\n");

    Typed sync = ben.edit(ADD.formatted("Q2")).type("sync");

    assertThat(sync.exitCode()).isEqualTo(Failure.OFFLINE);
    assertThat(sync.out() + sync.err()).contains("was moved to " + address);
    server.restart();
    well(ben.type("sync"));
  }

  @Test
  void what_cannot_be_is_refused_in_words() throws IOException {
    assertThat(anna.type("migrate", "--db", "nobody", "--to", "/x").exitCode())
        .isEqualTo(Failure.USAGE);
    assertThat(anna.type("migrate", "--db", "server").exitCode()).isEqualTo(Failure.USAGE);
    Typed itself = anna.type("migrate", "--to", former.toString());
    assertThat(itself.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(itself.err()).contains("is the place where this ledger is already");
    Typed keyless = anna.type("migrate", "--to", "https://tide.example.com/server");
    assertThat(keyless.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(keyless.err()).contains("--key-file");
    Typed other = anna.type("migrate", "--to", "ftp://tide.example.com/server");
    assertThat(other.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(other.err()).contains("is no place that this version knows");

    LentShare server = LentShare.of(elsewhere);
    server.give("anna", AccessKey.Right.READ);
    Path key = folder.resolve("anna.key");
    Files.writeString(key, server.secret("anna"));
    String address = server.address().toString();
    Typed reader = anna.type("migrate", "--to", address, "--key-file", key.toString());
    assertThat(reader.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(reader.err()).contains("may only read");
    Files.writeString(key, "tmk_wrong_wrong");
    assertThat(anna.type("migrate", "--to", address, "--key-file", key.toString()).err())
        .contains("opens nothing here");
    well(ben.edit(ADD.formatted("Q2")).type("sync"));
  }
}
