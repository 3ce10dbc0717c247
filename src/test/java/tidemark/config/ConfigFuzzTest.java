package tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.testing.Folders;
import tidemark.testing.Fuzz;
import tidemark.testing.Mutator;
import tidemark.testing.QuickFolder;

/** Whatever a config says: it holds, or it is refused with its file, line and key. */
class ConfigFuzzTest {
  private static final Duration MOST = Duration.ofSeconds(60);

  /** What a value may be, right or wrong. */
  private static final List<String> VALUES =
      List.of(
          "60m",
          "0s",
          "-1m",
          "1.5h",
          "99999999999999999999d",
          "1y",
          "9223372036854775807s",
          "1e9",
          "manual",
          "off",
          "on",
          "yes",
          "~",
          "null",
          "''",
          "\"\"",
          "true",
          "all",
          "[]",
          "{}",
          "[a]",
          "[a, a]",
          "[[a]]",
          "{a: b}",
          "'%HOME%'",
          "%HOME%",
          "${HOME}",
          "${}",
          "${:}",
          "${A:}",
          "${A:b}",
          "${A:${B:${C:d}}}",
          "$",
          "$$",
          "%%",
          "%",
          "${",
          "50%",
          "C:\\x",
          "\"C:\\x\"",
          "'C:\\x'",
          "//nas/x",
          "/a/b",
          ".",
          "..",
          "~/x",
          "\"\\u0000\"",
          "\"a\\nb\"",
          "|\n  a\n  b",
          ">\n  a",
          "&x a",
          "*x",
          "!!binary aGk=",
          "!!int 7",
          "!!set {a}",
          "!evil x",
          "2026-01-01",
          "02:00",
          "'25:61'",
          "0x1F",
          "0o17",
          "1_000",
          ".inf",
          ".nan",
          "8737",
          "70000",
          "-1",
          "1MB",
          "0",
          "newest",
          "local",
          "mon",
          "mon-fri",
          "[mon, tue]",
          "08:00-17:00",
          "a@b.example",
          "https://x.example/?a=%41",
          "jdbc:x",
          "\u00e4\u00f6\u00fc",
          "\ud83d\ude00",
          "x # c",
          "- a");

  @TempDir(factory = QuickFolder.class)
  Path folder;

  private Desk desk;
  private String sample;

  @BeforeEach
  void sitDown() throws IOException {
    desk = new Desk(folder).set("HOME", "/home/anna");
    // wherever a config says its state is, a folder would be made
    desk.write(desk.machineFile(), "state: '" + folder.resolve("state") + "'\nlocked: [state]\n");
    sample = Files.readString(Path.of("config/tidemark.example.yml"));
  }

  private byte[] config(Mutator mutator) {
    String text = mutator.chance(2) ? sample : Desk.DATABASES + "sync:\n  every: 60m\n";
    for (int i = mutator.few(); i > 0; i--) {
      text = changed(text, mutator);
    }
    if (mutator.chance(10)) {
      text = text.replace("\n", "\r\n");
    }
    if (mutator.chance(20)) {
      text = "\ufeff" + text;
    }
    byte[] bytes =
        text.getBytes(mutator.chance(30) ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
    return mutator.chance(8) ? mutator.bytes(bytes) : bytes;
  }

  private static String changed(String text, Mutator mutator) {
    List<String> keys = AllKeys.ALL.stream().map(Key::path).toList();
    return switch (mutator.one(List.of(0, 1, 2, 3, 4, 5, 6))) {
      case 0 -> mutator.text(text);
      case 1 -> text.replaceFirst("(?m)^#\\s?(\\s*[a-zA-Z]+:)", "$1");
      case 2 -> text + bomb(mutator);
      case 3, 4 -> text + line(mutator.one(keys), mutator.one(VALUES), mutator);
      default -> otherValue(text, mutator);
    };
  }

  private static String otherValue(String text, Mutator mutator) {
    String[] lines = text.split("\n", -1);
    List<Integer> keys = new java.util.ArrayList<>();
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].matches("\\s*[\\w.]+:.*")) {
        keys.add(i);
      }
    }
    if (!keys.isEmpty()) {
      int at = mutator.one(keys);
      lines[at] = lines[at].substring(0, lines[at].indexOf(':') + 1) + " " + mutator.one(VALUES);
    }
    return String.join("\n", lines);
  }

  /** `a.b.c: value`, in blocks or in braces. */
  private static String line(String path, String value, Mutator mutator) {
    String[] words = path.replace("*", "server").split("\\.");
    StringBuilder text = new StringBuilder();
    boolean braces = mutator.chance(3);
    for (int i = 0; i < words.length; i++) {
      text.append(braces ? "" : "  ".repeat(i)).append(words[i]).append(':');
      boolean last = i == words.length - 1;
      text.append(last ? " " + value : braces ? " {" : "\n");
    }
    return text + (braces ? "}".repeat(words.length - 1) : "") + "\n";
  }

  private static String bomb(Mutator mutator) {
    return switch (mutator.one(List.of(0, 1, 2, 3, 4, 5, 6))) {
      case 0 -> "contact: '" + "${A:".repeat(20_000) + "}".repeat(20_000) + "'\n";
      case 1 -> "contact: " + "[".repeat(30_000) + "]".repeat(30_000) + "\n";
      case 2 -> {
        StringBuilder laughs = new StringBuilder("a: &a0 [x, x]\n");
        for (int i = 1; i < 60; i++) {
          laughs.append("a").append(i).append(": &a").append(i);
          laughs.append(" [*a").append(i - 1).append(", *a").append(i - 1).append("]\n");
        }
        yield laughs + "contact: *a59\n";
      }
      case 3 -> "tables: &t\n  x: *t\n";
      case 4 -> "<<: &m { <<: *m }\n";
      case 5 -> "contact: '" + "x".repeat(900_000) + "'\n";
      default -> "tables:\n" + "  t: {}\n".repeat(20_000);
    };
  }

  @Test
  void any_config_holds_or_is_refused_with_what_is_wrong_where() {
    Fuzz.cases("configs", 200, MOST, random -> readOrRefused(config(new Mutator(random))));
  }

  private void readOrRefused(byte[] config) throws IOException {
    Files.createDirectories(desk.userFile().getParent());
    Files.write(desk.userFile(), config);
    try {
      SettingsInForce read = desk.read();
      assertThat(read.settings().databases()).isNotEmpty();
      assertThat(read.list()).isNotEmpty();
    } catch (Failure failure) {
      isAboutTheFile(failure);
    }
  }

  private void isAboutTheFile(Failure failure) {
    assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(failure.whatFailed()).contains("tidemark.yml").doesNotContain("Exception");
    assertThat(failure.whatFailed().length()).isLessThan(20_000);
  }

  @Test
  void any_edit_changes_its_key_alone_or_nothing() {
    Fuzz.cases("edits of configs", 100, MOST, this::edit);
  }

  private void edit(Random random) throws IOException {
    Mutator mutator = new Mutator(random);
    Path file = desk.userFile();
    Files.createDirectories(file.getParent());
    Files.write(file, config(mutator));
    byte[] before = Files.readAllBytes(file);
    Optional<List<SettingInForce>> former = settings();
    try {
      new SettingsEdit(new SettingsFile(desk.surroundings(), Optional.empty()), desk.surroundings())
          .set("sync.every", mutator.one(List.of("30m", "manual", "2h")));
    } catch (Failure failure) {
      assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
      assertThat(failure.hint()).isNotNull();
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
      return;
    }
    assertThat(Folders.in(file.getParent())).containsExactly("tidemark.yml");
    assertThat(others(settings().orElseThrow())).isEqualTo(others(former.orElseThrow()));
    assertThat(withoutInterval(Files.readAllBytes(file))).isEqualTo(withoutInterval(before));
  }

  private Optional<List<SettingInForce>> settings() {
    try {
      return Optional.of(desk.read().list());
    } catch (Failure failure) {
      return Optional.empty();
    }
  }

  private static List<String> others(List<SettingInForce> settings) {
    return settings.stream()
        .filter(setting -> !setting.key().equals("sync.every"))
        .map(setting -> setting.key() + "=" + setting.value())
        .toList();
  }

  /** All but the lines that tell of it, or may have been made for it. */
  private static List<String> withoutInterval(byte[] config) {
    return new String(config, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.contains("every:") && !line.matches("\\W*sync\\W*:.*"))
        .toList();
  }
}
