package tidemark.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the runs did, who changed what, and from where all that comes. */
class HistoryPageTest extends PageTest {
  @Test
  void runs_are_filtered_plotted_and_taken_away_as_csv() throws Exception {
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1'), ('Q2')");
    well(anna.type("sync"));
    daemon(anna);
    office.unplug();
    Browser page = page(anna);
    page.press("Sync now").sees("Offline");
    office.plug();

    page.go("history").sees("success", "offline", "Rows moved", "Typical duration");
    assertThat(page.all("day-plot canvas")).hasSize(3);
    assertThat(page.fetched(page.find("a[download]").getAttribute("href")))
        .startsWith("database,id,timestamp")
        .contains("success", "offline");

    page.go("history?status=offline");
    page.until("the filter", () -> !page.find("main table tbody").getText().contains("success"));
    assertThat(page.fetched(page.find("a[download]").getAttribute("href")))
        .contains("offline")
        .doesNotContain("success");
    assertThat(page.complaints()).isEmpty();
  }

  @Test
  void a_long_history_comes_in_pages() throws Exception {
    well(anna.type("sync"));
    anna.db("server")
        .execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100000)
            INSERT INTO sync_log(timestamp, direction, status, records_pulled, records_pushed, conflicts,
              duration_ms, workstation, username, trigger, run_id)
            SELECT strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || i || ' minutes'), 'bidirectional', 'success',
              1, 2, 0, 100, 'PC-anna', 'anna', 'schedule', 'run' || i FROM n""");
    daemon(anna);
    Browser page = page(anna);
    page.find("#sync");

    page.go("history").sees("1–25 of 100,001");
    page.press("Older").sees("26–50 of 100,001");
    page.reload();
    page.sees("26–50 of 100,001");
  }

  @Test
  void a_rows_life_is_found_by_its_table_and_key_from_first_to_last() throws Exception {
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q1', 'first'), ('Q2', 'other')");
    well(anna.type("sync"));
    well(ben.type("sync"));
    ben.edit("UPDATE quotes SET projectName='second' WHERE quoteId='Q1'");
    well(ben.type("sync"));
    daemon(anna);
    Browser page = page(anna).go("audit").sees("quotes Q1", "quotes Q2", "first", "second");

    page.go("audit?by=ben").seesNoMore("quotes Q2");
    page.press("quotes Q1").sees("This row's life", "first", "second", "ben at PC-ben");

    assertThat(page.all(".trail li")).hasSize(2);
    assertThat(page.all(".trail li").get(0).getText()).contains("first", "second", "newest");
    assertThat(page.text()).doesNotContain("other");
  }

  @Test
  void every_workstation_is_listed() throws Exception {
    well(anna.type("sync"));
    well(ben.type("sync"));
    daemon(anna);

    Browser page = page(anna).go("fleet").sees("PC-anna", "PC-ben", "this one");

    assertThat(page.complaints()).isEmpty();
  }
}
