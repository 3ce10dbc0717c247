package tidemark.tray;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Tidemark;
import tidemark.cli.Office;
import tidemark.testing.JavaProcess;

/** A real daemon's icon on a real display, and what somebody does with mouse and keyboard there. */
@Tag("tray")
@Timeout(300)
class TrayTest {
  private static final String QUIET = "sync:\n  every: manual\n  onStart: false\n";
  private static final int SYNC_NOW = 1;
  private static final int OPEN = 2;
  private static final int PAUSE = 3;
  private static final int QUIT = 4;

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private Office office;
  private Office.Desk anna;

  @BeforeEach
  void anOffice() {
    office = new Office(folder);
    anna = office.desk("anna").configured(QUIET);
  }

  @AfterEach
  void nobodyIsLeft() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private Desktop desktop() throws IOException {
    Desktop desktop = Desktop.start(folder);
    open.add(desktop);
    return desktop;
  }

  private JavaProcess daemon(Map<String, String> env) throws Exception {
    JavaProcess daemon =
        new JavaProcess(
            folder, env, List.of(), Tidemark.class, "run", "--config", anna.config().toString());
    open.add(daemon);
    return daemon.said("Tidemark runs for");
  }

  /** A browser that writes down what it is to show. */
  private Map<String, String> before(Desktop desktop) throws IOException {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    Path browser = tools.resolve("xdg-open");
    Files.writeString(browser, "#!/bin/sh\necho \"$1\" >>'" + folder.resolve("shown") + "'\n");
    Files.setPosixFilePermissions(browser, PosixFilePermissions.fromString("rwxr-xr-x"));
    Map<String, String> env = new HashMap<>();
    env.put("DISPLAY", desktop.display());
    env.put("PATH", tools + ":" + System.getenv("PATH"));
    return env;
  }

  private String shown() {
    return text(folder.resolve("shown"));
  }

  private String log() {
    try (Stream<Path> files = Files.list(anna.place().resolve("state/logs"))) {
      return files.map(TrayTest::text).collect(Collectors.joining());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void type(String... args) {
    assertThat(anna.type(args).err()).isEmpty();
  }

  @Test
  void the_icon_shows_how_it_stands() throws Exception {
    type("sync");
    Desktop desktop = desktop();
    JavaProcess daemon = daemon(before(desktop));
    desktop.sees(Face.CONNECTED);
    type("pause");
    desktop.sees(Face.PAUSED);
    type("resume");
    desktop.sees(Face.CONNECTED);

    office.unplug();
    anna.type("sync");
    desktop.sees(Face.OFFLINE);
    office.plug();
    type("sync");
    desktop.sees(Face.CONNECTED);

    Path local = anna.place().resolve("server.db");
    Files.move(local, folder.resolve("kept.db"));
    Files.writeString(local, "no database, but of a length at which one could be".repeat(100));
    anna.type("sync");
    desktop.sees(Face.ERROR);
    anna.type("stop");
    assertThat(daemon.ended(30)).as(daemon.err()).isZero();
    desktop.seesNoIcon();
  }

  @Test
  void the_menu_does_what_it_says() throws Exception {
    type("sync");
    Desktop desktop = desktop();
    JavaProcess daemon = daemon(before(desktop));
    desktop.sees(Face.CONNECTED);

    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q77')");
    desktop.choose(Face.CONNECTED, SYNC_NOW);
    desktop.until(
        "the sync",
        () -> !office.master("server").rows("SELECT 1 FROM quotes WHERE quoteId='Q77'").isEmpty());
    desktop.sees(Face.CONNECTED);

    desktop.choose(Face.CONNECTED, OPEN);
    desktop.until("the page", () -> shown().startsWith("http://127.0.0.1:"));
    desktop.doubleClick(Face.CONNECTED);
    desktop.until("the page again", () -> shown().lines().count() == 2);

    desktop.choose(Face.CONNECTED, PAUSE).sees(Face.PAUSED);
    desktop.choose(Face.PAUSED, PAUSE).sees(Face.CONNECTED);

    desktop.choose(Face.CONNECTED, QUIT);
    assertThat(daemon.ended(30)).as(daemon.err()).isZero();
    assertThat(daemon.err()).isEmpty();
    desktop.seesNoIcon();
  }

  @Test
  void a_notice_is_shown_as_the_desktops_message() throws Exception {
    Office.Desk ben = office.desk("ben").configured(QUIET);
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q1', 'Shed')");
    type("sync");
    assertThat(ben.type("sync").err()).isEmpty();
    Desktop desktop = desktop();
    daemon(before(desktop));
    desktop.sees(Face.CONNECTED);
    anna.edit("UPDATE quotes SET projectName='of anna' WHERE quoteId='Q1'");
    ben.edit(
        "UPDATE quotes SET projectName='of ben', updated_at='2099-01-01 00:00:00' WHERE quoteId='Q1'");
    assertThat(ben.type("sync").err()).isEmpty();
    assertThat(desktop.isSomethingOpen()).isFalse();

    type("sync");
    desktop.until("the message", desktop::isSomethingOpen);
    assertThat(log()).contains("Your change of quotes");
  }

  @Test
  void what_was_chosen_and_failed_is_said() throws Exception {
    type("sync");
    Desktop desktop = desktop();
    daemon(before(desktop));
    desktop.sees(Face.CONNECTED);
    Path control = anna.place().resolve("state/control.json");
    Files.writeString(control, text(control).replaceFirst("\"port\":\\d+", "\"port\":1"));

    desktop.press(Face.CONNECTED, OPEN);
    desktop.until("the failure", () -> log().contains("Open, from the icon: "));
    desktop.until("the message", desktop::isSomethingOpen);
    assertThat(shown()).isEmpty();
  }

  @Test
  void the_config_takes_it_away_and_brings_it_while_the_daemon_runs() throws Exception {
    type("sync");
    Desktop desktop = desktop();
    anna.configured(QUIET + "tray: false\n");
    JavaProcess daemon = daemon(before(desktop));
    anna.type("status");
    assertThat(threads(daemon)).doesNotContain("AWT");
    desktop.seesNoIcon();

    anna.configured(QUIET);
    desktop.sees(Face.CONNECTED);
    anna.configured(QUIET + "tray: false\n");
    desktop.seesNoIcon();
    assertThat(daemon.runs()).isTrue();
  }

  @Test
  void without_a_display_nothing_of_the_desktop_is_loaded() throws Exception {
    JavaProcess daemon = daemon(Map.of("DISPLAY", ""));
    anna.type("sync");
    assertThat(threads(daemon)).contains("control-").doesNotContain("AWT");
    assertThat(log()).doesNotContain("icon");
  }

  @Test
  void a_display_that_is_not_there_is_said_once_and_the_daemon_goes_on() throws Exception {
    Desktop desktop = desktop();
    daemon(Map.of("DISPLAY", ":4711"));
    desktop.until("the word", () -> log().contains("there is no icon beside the clock"));
    type("sync");
    type("sync");
    assertThat(log()).containsOnlyOnce("icon");
  }

  @Test
  void where_the_display_goes_the_daemon_goes_like_a_lamp_and_starts_again() throws Exception {
    Desktop desktop = desktop();
    anna.configured("sync:\n  every: manual\n");
    JavaProcess daemon = daemon(before(desktop));
    type("sync");
    desktop.sees(Face.CONNECTED);
    desktop.goesDark();
    assertThat(daemon.ended(30)).as("what systemd starts anew").isEqualTo(1);
    daemon(Map.of("DISPLAY", ""));
    type("sync");
  }

  /** The names of its threads, which the desktop's are among once it is loaded. */
  private static String threads(JavaProcess daemon) throws IOException {
    StringBuilder names = new StringBuilder();
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + daemon.pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        names.append(text(thread.resolve("comm")));
      }
    }
    return names.toString();
  }
}
