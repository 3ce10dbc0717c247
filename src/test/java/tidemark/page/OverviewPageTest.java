package tidemark.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.testing.JavaProcess;

/** How it stands, and what a user does about it. */
class OverviewPageTest extends PageTest {
  @Test
  void sync_now_shows_its_progress_and_what_came_of_it() throws Exception {
    anna.edit(
        """
        INSERT INTO quotes(quoteId, projectName)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<8000)
        SELECT 'Q'||i, hex(randomblob(100)) FROM n""");
    daemon(anna);
    Browser page = page(anna);
    page.find("#sync");
    page.script(
        """
        window.seen = [];
        new MutationObserver(() => window.seen.push(document.querySelector('.standing').textContent))
            .observe(document.body, {subtree: true, childList: true, characterData: true})""");

    page.press("Sync now").sees("8,000 rows pushed", "Connected", "in step");

    assertThat(String.join("\n", strings(page.script("return window.seen"))))
        .contains("Syncing", "changes settled so far");
    assertThat(page.find("table tbody").getText()).contains("quotes", "8,000");
    assertThat(page.title()).startsWith("Connected");
    assertThat(page.complaints()).isEmpty();
  }

  private static List<String> strings(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).toList();
  }

  @Test
  void a_change_elsewhere_appears_without_a_reload() throws Exception {
    well(anna.type("sync"));
    daemon(anna);
    Browser page = page(anna).sees("Connected");
    ben.edit("INSERT INTO customers(customerCode, customerName) VALUES('ACM', 'Acme')");
    well(ben.type("sync"));

    well(anna.type("sync"));

    page.until("the row", () -> page.find("tr[data-key=customers]").getText().contains("1"));
  }

  @Test
  void what_waits_is_told_and_pausing_is_one_press() throws Exception {
    well(anna.type("sync"));
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");
    daemon(anna);
    Browser page = page(anna).sees("1 change of yours will go out with the next sync");

    page.press("Pause").press("until I resume").sees("Paused", "paused until resumed");

    page.press("Resume").seesNoMore("Paused").sees("when you say so");
  }

  @Test
  void offline_is_told_with_what_it_means_and_ends_by_itself() throws Exception {
    well(anna.type("sync"));
    daemon(anna);
    Browser page = page(anna).sees("Connected");

    office.unplug();
    page.press("Sync now").sees("Offline", "your changes are kept");

    office.plug();
    page.press("Sync now").sees("Connected");
  }

  /** It needs more memory than the daemon has. */
  @Test
  void a_run_that_failed_is_told_until_one_gets_through() throws Exception {
    well(anna.type("sync"));
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q1', zeroblob(60000000))");
    daemon(anna, "-Xmx48m");
    Browser page = page(anna).press("Sync now").sees("Error", "the last run failed", "memory");

    anna.edit("DELETE FROM quotes");
    page.press("Sync now").sees("Connected", "in step");
  }

  @Test
  void the_daemon_restarts_and_the_page_comes_back_by_itself() throws Exception {
    well(anna.type("sync"));
    JavaProcess first = daemon(anna);
    Browser page = page(anna).sees("Connected");

    first.kill();
    page.sees("Not running", "Nothing is synced meanwhile");
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");
    daemon(anna);

    page.sees("Connected", "1 change of yours");
    page.press("Sync now").sees("in step");
  }

  @Test
  void a_daemon_that_ends_is_said_to_end_and_nothing_on_the_page_is_undefined() throws Exception {
    well(anna.type("sync"));
    daemon(anna);
    Browser page = page(anna).sees("Connected");
    page.script(
        "window.seen = []; setInterval(() => window.seen.push(document.body.innerText), 5)");
    try (Connection application = anna.db("server").connect()) {
      application.createStatement().execute("BEGIN IMMEDIATE"); // a run waits for it
      page.press("Sync now").sees("Syncing");

      page.script("fetch('api/stop', {method: 'POST'})");
      page.sees("Stopping", "comes to its end");
      application.createStatement().execute("ROLLBACK");
    }

    page.sees("Not running");
    assertThat(String.join("\n", strings(page.script("return window.seen"))))
        .doesNotContain("undefined", "NaN", "Error");
    assertThat(page.complaints()).isEmpty();
  }

  @Test
  void who_was_not_let_in_sees_how_to_get_in_and_nothing_else() throws Exception {
    well(anna.type("sync"));
    daemon(anna);
    String address = well(anna.type("open", "--print")).out().strip();

    Browser stranger = browser().open(address.replaceAll("\\?code=.*", ""));

    stranger.sees("This browser is not let in yet", "tidemark open");
    assertThat(stranger.text()).doesNotContain("quotes", "anna");
  }

  @Test
  void back_and_reload_stay_where_one_is() throws Exception {
    well(anna.type("sync"));
    daemon(anna);
    Browser page = page(anna).sees("Connected");

    page.press("Settings").until("the view", () -> page.find("h1").getText().equals("Settings"));
    page.reload();
    page.until("the view", () -> page.find("h1").getText().equals("Settings"));
    page.script("history.back()");

    page.sees("Everything is in step");
  }

  /** A browser has six connections to a server, for all its tabs together. */
  @Test
  void it_may_be_open_in_many_tabs() throws Exception {
    well(anna.type("sync"));
    daemon(anna);
    Browser page = page(anna).sees("Connected");

    for (int i = 0; i < 8; i++) {
      page.another().sees("Connected").press("History").sees("success");
    }
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");
    page.go("overview").press("Sync now").sees("1 row pushed");
  }
}
