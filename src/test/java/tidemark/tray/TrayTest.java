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
            folder,
            env,
            List.of(),
            Tidemark.class,
            "run",
            "--config",
            anna.config().toString());
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
    return text(anna.place().resolve("state/logs/tidemark.log"));
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
        () ->
            !office.master("server").rows("SELECT 1 FROM quotes WHERE quoteId='Q77'").isEmpty());
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
}
