package tidemark.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.cli.Office;

/** The page that `report --html` writes, opened from the disk in a real browser. */
@Tag("browser")
@Timeout(300)
class ReportPageTest {
  private static final String EVIL = "</script><script>document.title='broken in'</script>";

  /** Whether every plot shows more than its background. */
  private static final String DRAWN =
      "return [...document.querySelectorAll('.plot canvas')].filter(c => new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size > 2).length";

  @TempDir Path folder;
  private Browser browser;

  @BeforeEach
  void openAReport() {
    browser = Browser.start();
    Office office = new Office(folder);
    Office.Desk anna = office.desk("anna");
    anna.type("sync");
    for (int day = 0; day < 40; day++) {
      anna.db("server")
          .update(
              "INSERT INTO quotes(quoteId, updated_by, updated_at) VALUES(?, ?, datetime('now', ?))",
              "Q" + day,
              day % 3 == 0 ? EVIL : "anna",
              "-" + day + " days");
    }
    anna.type("sync");
    office
        .master("server")
        .execute(
            "INSERT INTO sync_log(timestamp, direction, status, records_pulled, records_pushed, conflicts, duration_ms, workstation, username, \"trigger\", run_id) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<600) SELECT strftime('%Y-%m-%d %H:%M:%f','now','-'||(i%60)||' days'), 'bidirectional', CASE i%17 WHEN 0 THEN 'offline' WHEN 1 THEN 'error' WHEN 2 THEN 'partial' ELSE 'success' END, i%23, i%11, i%29=0, 100+i%400, 'PC-'||(i%7), 'anna', 'schedule', 'run'||i FROM n");
    Path report = folder.resolve("report.html");
    anna.type("report", "--html", report.toString());
    browser.open(report.toUri().toString());
  }

  @AfterEach
  void close() {
    browser.close();
  }

  @Test
  void all_plots_are_drawn_from_the_page_alone_on_light_and_dark_wide_and_narrow()
      throws Exception {
    for (String colours : new String[] {"light", "dark"}) {
      for (int width : new int[] {1280, 400}) {
        browser.looksAt(colours, width);
        browser.reload();
        browser.until("the plots", () -> Long.valueOf(6).equals(browser.script(DRAWN)));
        browser.screenshot("report-" + colours + "-" + width);
        assertThat(browser.isWiderThanTheWindow()).as(colours + width).isFalse();
        assertThat(browser.obstacles()).as(colours + width).isEmpty();
      }
    }
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.script("return performance.getEntriesByType('resource').length"))
        .isEqualTo(0L);
  }

  @Test
  void a_name_with_a_script_in_it_is_a_name() {
    browser.sees(EVIL);

    assertThat(browser.title()).isEqualTo("Tidemark report");
  }

  @Test
  void on_paper_it_is_light_and_every_day_is_to_be_read() {
    browser.looksAt("dark", 1280);

    browser.script("dispatchEvent(new Event('beforeprint'))");
    assertThat(browser.script("return document.querySelector('details').open")).isEqualTo(true);
    assertThat(browser.script("return getComputedStyle(document.documentElement).colorScheme"))
        .isEqualTo("light");
    assertThat(browser.script(DRAWN)).isEqualTo(6L);

    browser.script("dispatchEvent(new Event('afterprint'))");
    assertThat(browser.script("return getComputedStyle(document.documentElement).colorScheme"))
        .isEqualTo("dark");
  }
}
