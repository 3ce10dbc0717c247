package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.Typed;
import tidemark.serve.AccessKey;
import tidemark.serve.AccessKeys;
import tidemark.testing.Wait;

class KeyCommandTest {
  @TempDir Path folder;
  private Office.Desk anna;
  private Path file;

  @BeforeEach
  void aDesk() {
    anna = new Office(folder).emptyDesk("anna", "server", "prices");
    file = anna.place().resolve("state").resolve("keys.json");
  }

  @Test
  void create_prints_the_key_once_and_says_what_it_is_for() throws Exception {
    Typed created =
        anna.type(
            "key",
            "create",
            "--user",
            "shop",
            "--may",
            "write",
            "--db",
            "server",
            "--db",
            "prices",
            "--table",
            "customers",
            "--expires",
            "1y");

    assertThat(created.exitCode()).as(created.err()).isZero();
    List<String> lines = created.out().lines().toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0)).matches("tmk_[0-9a-z]{8}_[0-9A-Za-z]{43}");
    assertThat(lines.get(1)).contains("shop");
    assertThat(lines.get(2)).contains("read and write", "server, prices", "customers");
    assertThat(lines.get(3)).matches("until: +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
    assertThat(lines.get(4)).contains("only now");
    assertThat(created.out()).containsOnlyOnce(lines.get(0));
    assertThat(Files.readString(file)).doesNotContain(lines.get(0).substring(13));
    assertThat(checked(lines.get(0)).mayWrite()).isTrue();
  }

  @Test
  void create_makes_one_to_read_all_that_does_not_end_where_nothing_else_is_said() {
    List<String> lines = anna.type("key", "create", "--user", "shop").out().lines().toList();

    AccessKey key = checked(lines.get(0));
    assertThat(key.mayWrite()).isFalse();
    assertThat(key.databases()).isEmpty();
    assertThat(key.tables()).isEmpty();
    assertThat(key.expires()).isNull();
    assertThat(lines.get(2)).contains("read; databases: all; tables: all");
    assertThat(lines.get(3)).contains("revoked");
  }

  @Test
  void create_tells_programs_the_same() {
    Typed created =
        anna.type(
            "key", "create", "--user", "shop", "--db", "server", "--expires", "30d", "--json");

    AccessKey key = checked(created.at("key").toString());
    assertThat(created.json())
        .containsEntry("id", key.id())
        .containsEntry("user", "shop")
        .containsEntry("may", "read")
        .containsEntry("databases", List.of("server"))
        .containsEntry("tables", List.of())
        .containsEntry("expired", false)
        .doesNotContainKey("sha256");
    Instant began = Instant.parse(created.at("created").toString());
    assertThat(Instant.parse(created.at("expires").toString()))
        .isEqualTo(began.plus(Duration.ofDays(30)));
  }

  @Test
  void list_tells_of_each_without_what_proves_it() {
    assertThat(anna.type("key", "list").out()).contains("There is no key yet");
    assertThat(anna.type("key", "list", "--json").rows()).isEmpty();

    String first = create("shop", "--may", "WRITE", "--table", "customers");
    String second = create("till", "--expires", "1s");
    Wait.until("its end", () -> keys().check(second).isEmpty());

    Typed list = anna.type("key", "list");
    List<String> lines = list.out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .containsSubsequence("id", "user", "may", "databases", "tables", "created", "expires");
    assertThat(lines.get(1))
        .containsSubsequence(id(first), "shop", "write", "all", "customers", "20", "never");
    assertThat(lines.get(2))
        .containsSubsequence(id(second), "till", "read", "all", "all", "20", "expired");
    var rows = anna.type("key", "list", "--json").rows();
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0))
        .containsEntry("id", id(first))
        .containsEntry("tables", List.of("customers"))
        .containsEntry("expires", null)
        .containsEntry("expired", false);
    assertThat(rows.get(1)).containsEntry("expired", true);
    for (AccessKey key : keys().list()) {
      assertThat(list.out() + rows).doesNotContain(key.sha256());
    }
  }

  @Test
  void revoke_ends_one() {
    String key = create("shop");
    String other = create("shop");

    Typed revoked = anna.type("key", "revoke", id(key));

    assertThat(revoked.exitCode()).isZero();
    assertThat(revoked.out()).contains(id(key) + " is revoked");
    assertThat(keys().check(key)).isEmpty();
    assertThat(keys().check(other)).isPresent();
    assertThat(anna.type("key", "revoke", id(other), "--json").json())
        .containsEntry("success", true)
        .containsEntry("id", id(other));
  }

  @Test
  void revoke_takes_a_whole_key_that_was_found_and_does_not_repeat_it() {
    String key = create("shop");

    Typed revoked = anna.type("key", "revoke", key);
    Typed again = anna.type("key", "revoke", key);

    assertThat(revoked.exitCode()).isZero();
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("no key " + id(key), "tidemark key list");
    assertThat(revoked.out() + again.err()).doesNotContain(key.substring(13));
  }

  @ParameterizedTest
  @CsvSource({
    "--db, serve, 'server, prices'",
    "--may, rule, '[read, write]'",
    "--expires, soon, '30d, 1y'",
    "--expires, 0d, '30d, 1y'",
    "--expires, -1d, '30d, 1y'",
    "--expires, 101y, up to 100y",
    "--expires, 999999999y, up to 100y",
    "--table, '', all tables",
    "--user, ' ', accepted"
  })
  void what_is_unknown_is_exit_2_with_what_is_accepted(String option, String value, String said) {
    Typed typed =
        option.equals("--user")
            ? anna.type("key", "create", option, value)
            : anna.type("key", "create", "--user", "shop", option, value);

    assertThat(typed.exitCode()).isEqualTo(2);
    assertThat(typed.err()).contains(said);
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "key, 'create, list, revoke'",
    "key create, --user",
    "key revoke, ID",
    "key make, tidemark key --help"
  })
  void half_a_command_is_exit_2_with_the_other_half(String typed, String said) {
    Typed answer = anna.typeAsItIs(typed.split(" "));

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains(said);
    assertThat(answer.err().lines()).hasSize(2);
  }

  @Test
  void a_damaged_file_is_exit_5_and_stays_as_it_is() throws Exception {
    create("shop");
    Files.writeString(file, "{\"format\":1,\"keys\":[{\"id\":");

    for (String command : List.of("key list", "key create --user shop", "key revoke nobody00")) {
      Typed typed = anna.type(command.split(" "));
      assertThat(typed.exitCode()).as(command).isEqualTo(5);
      assertThat(typed.err()).contains(file.toString(), "damaged", "move it away");
    }
    assertThat(file).hasContent("{\"format\":1,\"keys\":[{\"id\":");
  }

  @Test
  void a_name_that_would_obey_the_terminal_is_shown_and_not_obeyed() {
    assertThat(anna.type("key", "create", "--user", "an\u001b[2Jna").exitCode()).isEqualTo(2);
    create("shop", "--table", "cus\u001b[2Jtomers");

    assertThat(anna.type("key", "list").out()).doesNotContain("\u001b").contains("\\u001b");
  }

  private String create(String user, String... more) {
    String[] args = {"key", "create", "--user", user};
    Typed created = anna.type(Stream.of(args, more).flatMap(Arrays::stream).toArray(String[]::new));
    assertThat(created.exitCode()).as(created.err()).isZero();
    return created.out().lines().findFirst().orElseThrow();
  }

  private AccessKeys keys() {
    return new AccessKeys(file, Clock.systemUTC());
  }

  private AccessKey checked(String text) {
    return keys().check(text).orElseThrow();
  }

  private static String id(String key) {
    return key.split("_")[1];
  }
}
