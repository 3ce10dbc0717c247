package tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;

/** A setting is changed in the user's file, and nothing else is. */
class SettingsEditTest {
  private static final Logger LOG = LoggerFactory.getLogger("tidemark.testing.SettingsEditTest");

  @TempDir Path folder;
  private Desk desk;

  @BeforeEach
  void sitDown() {
    desk = new Desk(folder);
  }

  private SettingsEdit edit() {
    return new SettingsEdit(
        new SettingsFile(desk.surroundings(), Optional.empty()), desk.surroundings());
  }

  private Failure refused(String key, String value) {
    return catchThrowableOfType(Failure.class, () -> edit().set(key, value));
  }

  private String text() throws IOException {
    return Files.readString(desk.userFile());
  }

  @Test
  void the_interval_that_was_set_is_the_one_in_force() throws IOException {
    desk.write(desk.userFile(), "# mine\n" + Desk.DATABASES + "sync:\n  every: 2h # c\n");

    SettingsEdit.Changed changed = edit().set("sync.every", "60m");

    assertThat(changed.before().orElseThrow().value()).isEqualTo("2h");
    assertThat(changed.before().orElseThrow().origin()).isEqualTo(desk.userFile() + ":7");
    assertThat(changed.after().orElseThrow().value()).isEqualTo("60m");
    assertThat(changed.file()).isEqualTo(desk.userFile());
    assertThat(desk.read().settings().sync().every()).contains(Duration.ofHours(1));
    assertThat(text()).isEqualTo("# mine\n" + Desk.DATABASES + "sync:\n  every: 60m # c\n");

    edit().set("sync.every", "manual");
    assertThat(desk.read().settings().sync().every()).isEmpty();
  }

  @Test
  void a_byte_order_mark_stays() throws IOException {
    desk.write(desk.userFile(), "\uFEFF" + Desk.DATABASES + "sync: {every: 2h}\r\n");

    edit().set("sync.every", "60m");

    assertThat(text()).isEqualTo("\uFEFF" + Desk.DATABASES + "sync: {every: 60m}\r\n");
  }

  @Test
  void the_shipped_example_takes_every_key_it_shows_and_stays_as_it_was() throws IOException {
    Desk windows =
        new Desk(folder, "Windows 11").set("APPDATA", folder.resolve("roaming").toString());
    String shipped = Files.readString(Path.of("config/tidemark.example.yml"));
    for (Key<?> key : AllKeys.SETTINGS) {
      if (key.named() || key.everywhere().isEmpty()) {
        continue;
      }
      windows.write(windows.userFile(), shipped);
      new SettingsEdit(
              new SettingsFile(windows.surroundings(), Optional.empty()), windows.surroundings())
          .set(key.path(), key.everywhere().get());

      List<String> lines = new ArrayList<>(Files.readAllLines(windows.userFile()));
      int added = indexOfAdded(lines, shipped.lines().toList());
      assertThat(lines.get(added - 1).strip())
          .as("beside what explains it")
          .startsWith("# " + key.word() + ": " + key.example());
      lines.remove(added);
      assertThat(String.join("\n", lines) + "\n").isEqualTo(shipped);
      assertThat(windows.origin(key.path())).endsWith(":" + (added + 1));
    }
  }

  private static int indexOfAdded(List<String> lines, List<String> before) {
    for (int i = 0; i < before.size(); i++) {
      if (!lines.get(i).equals(before.get(i))) {
        return i;
      }
    }
    return before.size();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sync.every  | 30s     | sync.every: '30s' is too short                | a duration from 1m to 24h
          sync.every  | 60      | sync.every: '60' has no unit                  | a duration from 1m to 24h
          sync.every  | manuel  | did you mean manual?                          | or manual
          sync.every  | ''      | sync.every: '' is empty                       | or manual
          sync.every  | %X%     | names the environment variable X              | a duration
          sync.evry   | 5m      | sync.evry is no known key; did you mean sync.every? | config check
          sync        | 5m      | sync is no known key                          | config check
          locked      | a       | locked is no known key                        | config check
          databases.server.tables | quotes | 'quotes' is no list             | or all
          databases.other.local   | /x     | databases.other.master: is missing | by hand
          databases.server.local  | /share/server.db | is the same file as   | Nothing was changed
          tables.x.y.conflicts    | newset | did you mean newest?            | newest, master
          tables.sever.a.conflicts | local | speaks of a database 'sever'    | Nothing was changed
          """)
  void what_would_be_wrong_is_refused_with_what_is_accepted(
      String key, String value, String what, String hint) throws IOException {
    desk.write(desk.userFile(), Desk.DATABASES);

    Failure failure = refused(key, value);

    assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(failure.whatFailed()).contains(what);
    assertThat(failure.hint()).contains(hint);
    assertThat(text()).isEqualTo(Desk.DATABASES);
  }

  @Test
  void a_file_that_is_wrong_is_not_touched() throws IOException {
    for (String wrong : List.of("sync: {evry: 5m}\n", "sync: {every: 5m\n", "\tx: y\n")) {
      desk.write(desk.userFile(), Desk.DATABASES + wrong);

      assertThat(refused("sync.every", "60m").exitCode()).isEqualTo(Failure.USAGE);
      assertThat(text()).isEqualTo(Desk.DATABASES + wrong);
    }
    byte[] foreign = "user: J\u00fcrgen\n".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(desk.userFile(), foreign);
    assertThat(refused("sync.every", "60m")).hasMessageContaining("is not UTF-8");
    assertThat(Files.readAllBytes(desk.userFile())).isEqualTo(foreign);
  }

  @Test
  void a_locked_key_is_refused_with_who_locked_it() throws IOException {
    desk.write(desk.machineFile(), Desk.DATABASES + "sync: {every: 4h}\nlocked: [sync.every]\n");
    desk.write(desk.userFile(), "tray: false\n");

    Failure failure = refused("sync.every", "60m");

    assertThat(failure.whatFailed())
        .isEqualTo("sync.every is locked by IT: 4h (" + desk.machineFile() + ":5, locked)");
    assertThat(text()).isEqualTo("tray: false\n");
    edit().set("sync.watch", "10s");
    assertThat(text()).isEqualTo("tray: false\nsync:\n  watch: 10s\n");
  }

  @Test
  void what_only_the_fleet_says_goes_into_the_users_own_file() throws IOException {
    Path fleet = desk.write(folder.resolve("share/fleet.yml"), "sync: {every: 4h}\n");
    desk.write(desk.machineFile(), Desk.DATABASES + "include: " + fleet + "\n");

    SettingsEdit.Changed changed = edit().set("sync.every", "60m");

    assertThat(changed.before().orElseThrow().origin()).isEqualTo(fleet + ":1");
    assertThat(text()).isEqualTo("sync:\n  every: 60m\n");
    assertThat(fleet).hasContent("sync: {every: 4h}");
    assertThat(desk.origin("sync.every")).isEqualTo(desk.userFile() + ":2");
  }

  @Test
  void without_a_config_init_is_named() {
    assertThat(refused("sync.every", "60m").hint()).contains("tidemark init");
    assertThat(desk.userFile()).doesNotExist();
  }

  @Test
  void a_config_beside_the_program_is_changed_where_it_is() {
    desk.write(desk.installedFile(), Desk.DATABASES);
    edit().set("sync.every", "60m");
    assertThat(desk.installedFile()).hasContent(Desk.DATABASES + "sync:\n  every: 60m");
    assertThat(desk.userFile()).doesNotExist();
  }

  @Test
  void the_file_that_was_named_is_the_one_that_is_changed() {
    desk.write(desk.userFile(), Desk.DATABASES);
    Path named = desk.write(folder.resolve("n.yml"), Desk.DATABASES);
    SettingsFile file = new SettingsFile(desk.surroundings(), Optional.of(named));

    new SettingsEdit(file, desk.surroundings()).set("sync.every", "60m");

    assertThat(named).hasContent(Desk.DATABASES + "sync:\n  every: 60m");
    assertThat(desk.userFile()).hasContent(Desk.DATABASES);
    assertThat(file.why()).isEqualTo(", named by --config");

    desk.set("TIDEMARK_CONFIG", named.toString());
    assertThat(new SettingsFile(desk.surroundings(), Optional.empty()).why())
        .isEqualTo(", named by TIDEMARK_CONFIG");
  }

  @Test
  void it_changes_the_machines_file_where_that_is_named() {
    desk.write(desk.machineFile(), Desk.DATABASES + "locked: [sync.every]\n");
    SettingsFile file = new SettingsFile(desk.surroundings(), Optional.of(desk.machineFile()));

    new SettingsEdit(file, desk.surroundings()).set("sync.every", "60m");

    assertThat(desk.origin("sync.every")).isEqualTo(desk.machineFile() + ":7, locked");
  }

  @Test
  void rights_and_links_stay() throws IOException {
    Path real = desk.write(folder.resolve("dotfiles/t.yml"), Desk.DATABASES);
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
    Files.createDirectories(desk.userFile().getParent());
    Files.createSymbolicLink(desk.userFile(), real);

    edit().set("sync.every", "60m");

    assertThat(desk.userFile()).isSymbolicLink();
    assertThat(real).content().endsWith("every: 60m\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
        .isEqualTo("rw-r-----");
    assertThat(real.getParent()).isDirectoryContaining(real::equals);
    try (var left = Files.list(real.getParent())) {
      assertThat(left).containsExactly(real);
    }
  }

  @Test
  void of_several_at_once_none_is_lost() throws Exception {
    desk.write(desk.userFile(), Desk.DATABASES);
    List<String> keys =
        List.of("sync.every", "sync.watch", "sync.leaseTimeout", "sync.shareTimeout");
    ExecutorService people = Executors.newFixedThreadPool(keys.size());
    try {
      for (int round = 1; round <= 20; round++) {
        String value = (60 + round) + "s";
        List<Callable<Object>> edits = new ArrayList<>();
        keys.forEach(key -> edits.add(() -> edit().set(key, value)));
        for (Future<Object> done : people.invokeAll(edits)) {
          done.get();
        }
        SyncSettings sync = desk.read().settings().sync();
        Duration now = Duration.ofSeconds(60 + round);
        assertThat(sync.every()).contains(now);
        assertThat(sync.watch()).contains(now);
        assertThat(sync.leaseTimeout()).isEqualTo(now);
        assertThat(sync.shareTimeout()).isEqualTo(now);
      }
    } finally {
      people.shutdownNow();
    }
  }

  @Test
  void whatever_the_file_looks_like_only_this_setting_changes() throws IOException {
    long seed = System.nanoTime();
    LOG.info("seed {}", seed);
    Random random = new Random(seed);
    int edited = 0;
    for (int i = 0; i < 300; i++) {
      String before = randomConfig(random);
      desk.write(desk.userFile(), before);
      List<SettingInForce> was = desk.read().list();
      String key = random.nextBoolean() ? "sync.every" : "backup.at";
      String value = key.equals("sync.every") ? "61m" : "03:17";

      edit().set(key, value);

      assertThat(desk.value(key)).as(before).isEqualTo(value);
      assertThat(values(desk.read().list(), key)).as(before).isEqualTo(values(was, key));
      List<String> gone = new ArrayList<>(before.lines().toList());
      text().lines().forEach(gone::remove);
      assertThat(gone).as(before + "\n->\n" + text()).hasSizeLessThanOrEqualTo(3);
      assertThat(comments(text())).as(before).containsSequence(comments(before));
      edited++;
    }
    assertThat(edited).isEqualTo(300);
  }

  private static List<String> values(List<SettingInForce> list, String except) {
    return list.stream()
        .filter(setting -> !setting.key().equals(except))
        .map(setting -> setting.key() + "=" + setting.value())
        .toList();
  }

  private static List<String> comments(String text) {
    return text.lines()
        .filter(line -> line.contains("# "))
        .map(line -> line.substring(line.indexOf("# ")))
        .toList();
  }

  /** Sections in any order, style and depth of indentation, with comments wherever they may be. */
  private static String randomConfig(Random random) {
    String end = random.nextInt(4) == 0 ? "\r\n" : "\n";
    String dent = " ".repeat(1 + random.nextInt(5));
    List<String> blocks =
        new ArrayList<>(
            List.of(
                "databases:"
                    + end
                    + dent
                    + "a:"
                    + end
                    + dent
                    + dent
                    + "local: /a"
                    + end
                    + dent
                    + dent
                    + "master: /b"
                    + end,
                section(random, "sync", end, dent, "every: 5m", "watch: 10s", "onStart: no"),
                section(random, "backup", end, dent, "at: '01:00'", "daily: 3", "folder: /f"),
                section(random, "log", end, dent, "keepDays: 3"),
                "contact: |" + end + dent + "sync:" + end + dent + "  every: 1m" + end + end,
                "user: \"\u00fc \ud83d\ude00\"" + comment(random) + end));
    java.util.Collections.shuffle(blocks, random);
    StringBuilder text = new StringBuilder(random.nextInt(5) == 0 ? "---" + end : "");
    for (String block : blocks) {
      text.append(random.nextInt(3) == 0 ? "# every: x: {" + end : "").append(block);
      text.append(random.nextInt(3) == 0 ? end : "");
    }
    return random.nextInt(4) == 0 ? text.toString().stripTrailing() : text.toString();
  }

  private static String section(
      Random random, String name, String end, String dent, String... entries) {
    List<String> chosen = new ArrayList<>();
    for (String entry : entries) {
      if (random.nextInt(3) > 0) {
        chosen.add(entry);
      }
    }
    if (random.nextInt(3) == 0) {
      return name + ": { " + String.join(", ", chosen) + " }" + comment(random) + end;
    }
    StringBuilder text = new StringBuilder(name + ":" + comment(random) + end);
    for (String entry : entries) {
      boolean there = chosen.contains(entry);
      if (there || random.nextBoolean()) {
        text.append(dent).append(there ? "" : "# ").append(entry);
        text.append(comment(random)).append(end);
      }
    }
    return text.toString();
  }

  private static String comment(Random random) {
    return random.nextInt(3) == 0 ? "  # \t\"every: '1m' }" : "";
  }
}
