package tidemark.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The config, looked at and changed on the page. */
class SettingsPageTest extends PageTest {
  private static final String EVERY = "setting-sync.every";

  private static final String IS_SEEN =
      """
      const said = document.querySelector(".wrong p.error").getBoundingClientRect();
      return [said.top + 1, said.bottom - 1].every(y =>
          document.elementFromPoint(said.left + 5, y)?.closest("p.error"));""";

  @Test
  void a_change_is_in_the_file_with_its_comments_and_in_force_at_once() throws Exception {
    anna.configured("# ours\nsync:\n  every: 60m # as agreed\n  onStart: false\n");
    well(anna.type("sync"));
    daemon(anna);
    Browser page = page(anna).go("settings").sees("Interval", anna.config().toString());

    page.write(EVERY, "45m").press("Save 1 change").sees("Saved", "Nothing to save");

    assertThat(Files.readString(anna.config())).contains("# ours", "every: 45m", "# as agreed");
    page.go("overview").sees("every 45 minutes");
    assertThat(page.complaints()).isEmpty();
  }

  @Test
  void a_wrong_value_is_named_at_its_field_and_nothing_is_written() throws Exception {
    well(anna.type("sync"));
    daemon(anna);
    String before = Files.readString(anna.config());
    Browser page = page(anna).go("settings").sees("Interval");

    page.write(EVERY, "often").press("Save 1 change");

    assertThat(page.find(".wrong[data-key='sync.every'] p.error").getText())
        .contains("often", "1m to 24h");
    assertThat(page.find("#setting-sync\\.every").getAttribute("aria-invalid")).isEqualTo("true");
    assertThat(Files.readString(anna.config())).isEqualTo(before);
    page.write(EVERY, "45m");
    page.until("the complaint to go", () -> page.all(".wrong").isEmpty());
  }

  /** The bar at the window's foot, and what a person has scrolled to, must not lie over it. */
  @Test
  void what_is_wrong_with_a_value_is_to_be_seen_wherever_its_field_is() throws Exception {
    well(anna.type("sync"));
    daemon(anna);
    Browser page = page(anna).go("settings").sees("Interval");

    for (int width : List.of(1280, 400)) {
      page.looksAt("light", width);
      page.write("setting-sync.shareTimeout", "often");
      page.script(
          """
          const field = document.getElementById("setting-sync.shareTimeout").getBoundingClientRect();
          const bar = document.querySelector(".savebar").getBoundingClientRect();
          scrollBy(0, field.bottom - bar.top + 2);""");
      page.press("Save 1 change").find(".wrong p.error");

      page.until("the message", () -> (Boolean) page.script(IS_SEEN));
      page.write("setting-sync.shareTimeout", "31s");
      page.until("the complaint to go", () -> page.all(".wrong").isEmpty());
    }
  }

  @Test
  void a_rule_that_would_settle_what_waits_is_asked_about_first() throws Exception {
    conflict("Q1", "Q2");
    daemon(anna);
    String before = Files.readString(anna.config());
    Browser page = page(anna).go("settings").sees("quotes: conflicts");

    page.choose("quotes: conflicts", "newest").press("Save 1 change");
    page.sees("2 conflicts that wait for a choice", "2 in quotes of server by `newest`");
    assertThat(Files.readString(anna.config())).isEqualTo(before);
    page.press("Not now").seesNoMore("wait for a choice");
    assertThat(Files.readString(anna.config())).isEqualTo(before);
    page.press("Save 1 change").press("Save, and let them be settled").sees("Saved");

    assertThat(Files.readString(anna.config())).contains("newest");
    assertThat(page.complaints()).isEmpty();
  }

  @Test
  void the_connection_is_tried_before_anything_is_saved() throws Exception {
    well(anna.type("sync"));
    daemon(anna);
    Browser page = page(anna).go("settings").sees("Test the connection");
    page.press("Test the connection").sees(office.share().toString());
    page.until("all is well", () -> page.find(".savebar").getText().contains("well"));
    assertThat(page.find(".savebar").getText()).doesNotContain("not well");

    page.write("setting-databases.server.master", folder.resolve("nowhere/server.db").toString());
    page.press("Test the connection").sees("not well");

    assertThat(Files.readString(anna.config())).doesNotContain("nowhere");
  }

  @Test
  void a_table_gets_a_rule_of_its_own() throws Exception {
    well(anna.type("sync"));
    daemon(anna);
    Browser page = page(anna).go("settings").sees("A rule for another table");

    page.choose("A rule for another table", "quotes").sees("quotes: conflicts");
    page.choose("quotes: conflicts", "manual").press("Save 1 change").sees("Saved");

    assertThat(well(anna.type("config", "check")).out()).contains("tables.quotes.conflicts");
    assertThat(Files.readString(anna.config())).contains("manual");
  }
}
