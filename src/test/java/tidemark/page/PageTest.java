package tidemark.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Tidemark;
import tidemark.Typed;
import tidemark.cli.Office;
import tidemark.testing.JavaProcess;

/** The page in a real browser, before a real daemon with real databases. */
@Tag("browser")
@Timeout(600)
abstract class PageTest {
  /** Nothing happens by itself. */
  static final String BY_HAND = "sync:\n  every: manual\n  onStart: false\n";

  @TempDir Path folder;
  private final List<AutoCloseable> started = new ArrayList<>();
  Office office;
  Office.Desk anna;
  Office.Desk ben;

  @BeforeEach
  void anOffice() {
    office = new Office(folder);
    anna = office.desk("anna").configured(BY_HAND);
    ben = office.desk("ben").configured(BY_HAND);
  }

  @AfterEach
  void nobodyIsLeft() throws Exception {
    Collections.reverse(started);
    for (AutoCloseable one : started) {
      one.close();
    }
  }

  final JavaProcess daemon(Office.Desk desk, String... options) throws Exception {
    JavaProcess process =
        new JavaProcess(
            folder, List.of(options), Tidemark.class, "run", "--config", desk.config().toString());
    started.add(process);
    return process.said("Tidemark runs for");
  }

  final Browser browser() {
    Browser browser = Browser.start();
    started.add(browser);
    return browser;
  }

  /** A browser that was let in by `tidemark open`. */
  final Browser page(Office.Desk desk) {
    return browser().open(well(desk.type("open", "--print")).out().strip());
  }

  static Typed well(Typed typed) {
    assertThat(typed.exitCode()).as(typed.err()).isZero();
    return typed;
  }

  /** Both have a quote, and both change it before they hear of each other; nobody has chosen. */
  final void conflict(String... quotes) {
    for (Office.Desk desk : List.of(anna, ben)) {
      desk.configured(BY_HAND + "tables:\n  quotes: { conflicts: manual }\n");
    }
    for (String quote : quotes) {
      anna.edit(
          "INSERT INTO quotes(quoteId, projectName, pricing) VALUES('"
              + quote
              + "', 'Line', '{\"margin\":0.2,\"hours\":40}')");
    }
    well(anna.type("sync"));
    well(ben.type("sync"));
    for (String quote : quotes) {
      ben.edit(
          "UPDATE quotes SET projectName='by Ben', status='sent', updated_at=datetime('now'),"
              + " pricing='{\"margin\":0.2,\"hours\":44}' WHERE quoteId='"
              + quote
              + "'");
      anna.edit(
          "UPDATE quotes SET projectName='by Anna', updated_at=datetime('now'),"
              + " pricing='{\"margin\":0.3,\"hours\":40}' WHERE quoteId='"
              + quote
              + "'");
    }
    well(ben.type("sync"));
    anna.type("sync");
  }

  static String projectName(Office.Desk desk, String quote) {
    return desk.db("server").value("SELECT projectName FROM quotes WHERE quoteId='" + quote + "'");
  }
}
