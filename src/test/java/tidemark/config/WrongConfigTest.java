package tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tidemark.change.Failure;

class WrongConfigTest {
  @TempDir Path folder;
  private Desk desk;

  @BeforeEach
  void sitDown() {
    desk = new Desk(folder);
  }

  /** What follows four lines with one good database, and what is said about line 5 or later. */
  static Stream<Arguments> wrong() {
    return Stream.of(
        // keys
        says(
            "snyc: { every: 5m }",
            ":5: snyc: is no known key; did you mean sync?",
            "Accepted: user"),
        says("sync:\n  evrey: 5m", ":6: sync.evrey: is no known key; did you mean sync.every?"),
        says("sync:\n  on_start: true", ":6: sync.on_start:", "did you mean sync.onStart?"),
        says("every: 60m", ":5: every: is no known key; did you mean sync.every?"),
        says("colour: blue", ":5: colour: is no known key. Accepted: user, workstation"),
        says(
            "tables:\n  quotes: { confilcts: newest }",
            ":6:",
            "did you mean tables.quotes.conflicts?"),
        says("tray: true\ntray: false", ":6: tray: stands here a second time (first in line 5)"),
        says("tables:\n  Quotes: {}\n  quotes: {}", ":7: tables.quotes: stands here a second time"),
        says("[a, b]: c", ":5: has a key that is no plain text"),
        says("locked: [sync.every]", ":5: locked: is accepted in IT's files only"),
        says("include: /share/fleet.yml", ":5: include: is accepted in IT's files only"),
        // types
        says("sync: often", ":5: sync: has one value, where keys are accepted: every, onStart"),
        says("sync: [every]", ":5: sync: has one value, where keys are accepted"),
        says("tables: all", ":5: tables: has one value", "names of your choice"),
        says("user: [anna]", ":5: user: '[anna]' is a list", "Accepted: text"),
        says("user: { name: anna }", ":5: user: is no plain value. Accepted: text"),
        says("user:", ":5: user: has no value. Accepted: text"),
        says("user: ''", ":5: user: '' is empty"),
        says("contact: null", ":5: contact: has no value"),
        says("    tables: quotes", ":5: databases.server.tables: 'quotes' is no list", "or all"),
        says("    tables: al", ":5:", "'al' is no list; did you mean all? Accepted: a list of"),
        says("    tables: []", ":5: databases.server.tables: '[]' is empty"),
        says("    tables: [a, [b]]", ":5:", "has an item that is no plain value"),
        says("    tables: [a, '']", ":5:", "has an empty name"),
        says("    tables: [a, a]", ":5:", "has a name twice"),
        says("tables: { t: { key: id } }", ":5: tables.t.key: 'id' is no list", "or auto"),
        says("tables: { t: { unique: fullId } }", ":5: tables.t.unique: 'fullId' is no list"),
        // values
        says("sync: { every: " + "9".repeat(900_000) + " }", ":5: sync.every: '999", "Accepted"),
        says("sync: { every: 30s }", "'30s' is too short. Accepted: a duration from 1m to 24h"),
        says("sync: { every: 2d }", "'2d' is too long", "or manual"),
        says("sync: { every: 120 }", "'120' has no unit. Accepted: a duration", "120m"),
        says("sync: { every: soon }", "'soon' is no duration"),
        says("sync: { every: manuel }", "did you mean manual?"),
        says("sync: { watch: 2h }", "sync.watch: '2h' is too long", "1s to 1h", "or off"),
        says("sync: { onStart: maybe }", "'maybe' is not accepted. Accepted: true or false"),
        says(
            "sync: { direction: bth }",
            "'bth' is not accepted; did you mean both? Accepted: both, push, pull"),
        says(
            "sync: { conflicts: newset }", "did you mean newest?", "newest, master, local, manual"),
        says("sync: { conflicts: Newest }", "did you mean newest?"),
        says("sync: { healMaster: never }", "Accepted: auto, ask"),
        says("sync: { bandwidth: 500 }", "'500' is no rate. Accepted: a rate like 500KB/s"),
        says("sync: { bandwidth: 0KB/s }", "would let nothing through"),
        says("schema: ad", "did you mean add? Accepted: add, wait"),
        says("tables: { t: { merge: colums } }", "did you mean columns? Accepted: row, columns"),
        says("tables: { t: { onDuplicate: x } }", "Accepted: report, renumber"),
        says(
            "log: { keepDays: many }",
            "'many' is no whole number. Accepted: a whole number from 1"),
        says(
            "log: { level: verbose }",
            ":5: log.level: 'verbose' is not accepted. Accepted: error, warn, info, debug, trace"),
        says("log: { level: degub }", "did you mean debug?"),
        says("log: { keepDays: 0 }", "log.keepDays: '0' is out of range"),
        says("backup: { at: '25:00' }", "'25:00' is no time of day. Accepted: a time of day like"),
        says(
            "health: { workingHours: '18:00-8' }",
            "'18:00-8' is no span of a day. Accepted: a span"),
        says("health: { workingHours: '18:00-08:00' }", "ends before it begins"),
        says("health: { workingDays: mo-fr }", "'mo-fr' is no span of a week. Accepted: days like"),
        says("health: { freeSpace: 1 }", "'1' is no size. Accepted: a size like 500MB"),
        says("alert: { webhook: chat }", "'chat' is no web address. Accepted: an address like"),
        says("alert: { email: it }", "'it' is no e-mail address"),
        says(
            "alert: { email: it@x }", "smtp.server: is missing, without which no mail can be sent"),
        says("smtp: { server: mail }", "smtp.from: is missing"),
        says("smtp: { server: 'mail:x' }", "'mail:x' is no server"),
        says("control: { port: 70000 }", "'70000' is out of range", "from 1 to 65535, or off"),
        says(
            "user: '%NOBODY%'",
            ":5: user: '%NOBODY%' names the environment variable NOBODY, which is not set"),
        says("user: ${NOBODY}", ":5: user: '${NOBODY}' names the environment variable NOBODY"),
        says("user: '${NOBODY'", ":5: user:", "has ${ without }"),
        says(
            "state: \"D:\\new\"",
            ":5: state:",
            "holds a control character (write Windows paths in"),
        says("state: 'D:\\new'", ":5: state: 'D:\\new' is a Windows path, and this is Linux"),
        says("state: '\\\\nas\\share'", "is a Windows path, and this is Linux"),
        // YAML
        says("\tuser: anna", ":5: is not YAML"),
        says("user: %NAME%", ":5: is not YAML", "(write values with % or \\ in 'single quotes')"),
        says("state: \"%APPDATA%\\craft\"", ":5: is not YAML", "in 'single quotes'"),
        says("sync: { every: 5m", ":6: is not YAML"),
        says("user: anna\n---\nuser: bert", "is not YAML", "a single document"),
        says("user: \u0007", "holds a character that YAML does not allow"),
        // all together
        says(
            "  other:",
            ":5: databases.other.local: is missing",
            ":5: databases.other.master: is missing"),
        says("  other: { local: /o }", ":5: databases.other.master: is missing. Accepted: a path"),
        says("  other: /o", ":5: databases.other: has one value, where keys are accepted: local"),
        says("  a.b: { local: /o, master: /s/o }", ":5: databases.a.b: is no usable name"),
        says(
            "  other: { local: /o, master: /o }",
            ":5: databases.other.master: is the same file as databases.other.local: /o"),
        says(
            "  other: { local: /data/../data/server.db, master: /s/o }",
            ":5: databases.other.local: is the same file as databases.server.local"),
        says(
            "  other: { local: /share/server.db, master: /s/o }",
            "is the same file as databases.server.master"),
        says(
            "  other: { local: /o, master: 'http://tide.example.com/o', key: k }",
            ":5: databases.other.master:",
            "would carry rows and key unprotected"),
        says(
            "  other: { local: /o, master: 'jdbc:postgresql://db/o', key: k }",
            ":5: databases.other.master:",
            "is no place that this version knows"),
        says(
            "  other: { local: /o, master: 'https://anna@tide.example.com/o', key: k }",
            "does not name a server and what it lends"),
        says(
            "  other: { local: /o, master: 'https://tide.example.com', key: k }",
            "does not name a server and what it lends"),
        says(
            "  other: { local: /o, master: 'https://tide.example.com/o' }",
            ":5: databases.other.keyFile: is missing, without which the server opens to nobody"),
        says(
            "  other: { local: /o, master: 'https://tide.example.com/o', key: k, keyFile: /k }",
            ":5: databases.other.key: is said beside keyFile"),
        says("    key: k", ":5: databases.server.key: is for a server, and this master is a path"),
        says(
            "    follow: auto\n    key: k\n    keyFile: /k",
            ":6: databases.server.key: is said beside keyFile"),
        says("    follow: maybe", ":5: databases.server.follow: "),
        says("serve: { listen: everywhere }", ":5: serve.listen: 'everywhere'"),
        says("serve: { listen: '0.0.0.0:99999' }", ":5: serve.listen:", "is no address"),
        says("serve: { tls: maybe }", ":5: serve.tls: 'maybe' is not accepted"),
        says("serve:\n  tls: { certificate: a.pem }", "serve.tls.key: is missing"),
        says(
            "tables: { sever.quotes: { sync: off } }",
            ":5: tables.sever.quotes: speaks of a database 'sever'",
            "did you mean server?"));
  }

  private static Arguments says(String text, String... expected) {
    return arguments(text, expected);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatever_is_wrong_is_named_with_file_line_key_and_what_is_accepted(
      String text, String[] expected) throws IOException {
    desk.write(desk.userFile(), Desk.DATABASES + text + "\n");

    Failure failure = failure();

    assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(failure)
        .hasMessageContaining(desk.userFile() + ":")
        .hasMessageContainingAll(expected);
    assertThat(failure.hint()).contains("tidemark config check");
    assertThat(Files.readString(desk.userFile())).isEqualTo(Desk.DATABASES + text + "\n");
  }

  @Test
  void what_is_only_for_ITs_files_is_offered_in_these_alone() {
    desk.write(desk.userFile(), Desk.DATABASES + "colour: blue\n");
    assertThat(failure().whatFailed()).endsWith(", tray, contact");

    desk.write(desk.userFile(), "");
    desk.write(desk.machineFile(), Desk.DATABASES + "colour: blue\n");
    assertThat(failure().whatFailed()).endsWith(", tray, contact, include, locked");
  }

  @Test
  void one_problem_is_one_line() {
    desk.write(desk.userFile(), Desk.DATABASES + "tray: maybe\n");

    assertThat(failure())
        .hasMessage(desk.userFile() + ":5: tray: 'maybe' is not accepted. Accepted: true or false");
  }

  @Test
  void all_problems_are_told_at_once_in_the_order_of_the_lines() {
    desk.write(
        desk.userFile(),
        """
        tray: maybe
        databases:
          server: { local: /l, master: '%NOBODY%/m' }
        sync:
          evry: 5m
          every: 5
        """);

    assertThat(failure().whatFailed().lines())
        .hasSize(5)
        .first()
        .isEqualTo("The config has 4 problems:");
    assertThat(failure().whatFailed())
        .containsSubsequence(
            ":1: tray", ":3: databases.server.master", ":5: sync.evry", ":6: sync.every");
  }

  @ParameterizedTest
  @MethodSource("empty")
  void a_config_without_databases_says_what_is_missing(String text, int line) {
    desk.write(desk.userFile(), text);

    assertThat(failure())
        .hasMessageContaining(":" + line + ": databases: names no database. Accepted: a name");
  }

  static Stream<Arguments> empty() {
    return Stream.of(
        arguments("", 1),
        arguments("# nothing\n", 1),
        arguments("tray: true\n", 1),
        arguments("tray: true\ndatabases:\n", 2),
        arguments("tray: true\n\ndatabases: {}\n", 3));
  }

  @Test
  void text_that_is_not_utf8_is_refused_with_its_line() throws IOException {
    desk.write(desk.userFile(), "");
    Files.write(
        desk.userFile(), "tray: true\nuser: J\u00fcrgen\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(failure()).hasMessageContaining(":2: is not UTF-8 text; save the file as UTF-8");
  }

  @Test
  void a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    Settings settings = desk.with("");
    desk.write(desk.userFile(), "\uFEFF" + Desk.DATABASES.replace("\n", "\r\n"));

    assertThat(desk.read().settings()).isEqualTo(settings);
  }

  @Test
  void a_file_without_end_is_not_read_as_config() {
    desk.write(desk.userFile(), "# ".repeat(600_000));

    assertThat(failure()).hasMessageContaining("is too large for a config");
  }

  @Test
  void aliases_that_grow_without_bound_do_no_harm() {
    desk.write(desk.userFile(), Desk.DATABASES + "user: &a [*a]\nsync: &b { every: *b }\n");

    assertThat(failure()).hasMessageContaining("The config has 2 problems");
  }

  @Test
  void windows_paths_in_either_quotes_are_the_same() {
    Desk windows = new Desk(folder, "Windows 11").set("APPDATA", folder.toString());
    String single =
        "databases: { a: { local: '%APPDATA%\\b.db', master: '\\\\nas\\share\\b.db' } }";
    String both =
        "databases: { a: { local: \"%APPDATA%\\\\b.db\", master: \"\\\\\\\\n"
            + "as\\\\share\\\\b.db\" } }";

    windows.write(windows.userFile(), single);
    DatabaseSettings database = windows.read().settings().database("a");
    windows.write(windows.userFile(), both);

    assertThat(windows.read().settings().database("a")).isEqualTo(database);
    assertThat(database.place().file()).contains(Path.of("\\\\nas\\share\\b.db"));
  }

  @Test
  void on_windows_case_does_not_make_two_files_of_one() {
    Desk windows = new Desk(folder, "Windows 11").set("APPDATA", folder.toString());
    windows.write(
        windows.userFile(),
        "databases: { a: { local: 'C:\\Data\\b.db', master: 'c:/data/B.db' } }");

    desk = windows;
    assertThat(failure()).hasMessageContaining("is the same file as databases.a.local");
  }

  private Failure failure() {
    return catchThrowableOfType(Failure.class, desk::read);
  }
}
