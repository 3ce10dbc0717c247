package tidemark.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Both versions side by side, and which shall stand. */
class ConflictsPageTest extends PageTest {
  @Test
  void both_versions_stand_side_by_side_with_what_differs_also_inside_of_json() throws Exception {
    conflict("Q1");
    daemon(anna);
    Browser page = page(anna).go("conflicts").sees("quotes Q1", "both changed it");

    page.find(".conflict .title").click();

    page.sees("by Anna", "by Ben", "pricing › margin", "pricing › hours", "Mine", "Ben's");
    assertThat(page.find(".versions").getText()).doesNotContain("updated_at", "quoteId");
    assertThat(page.complaints()).isEmpty();
  }

  @Test
  void resolved_in_one_browser_it_is_gone_from_the_other() throws Exception {
    conflict("Q1");
    daemon(anna);
    Browser one = page(anna).go("conflicts").sees("quotes Q1");
    Browser other = page(anna).go("conflicts").sees("quotes Q1");

    one.find(".conflict .title").click();
    one.press("Keep ben's").sees("1 conflict settled");

    other.sees("No open conflicts").seesNoMore("quotes Q1");
    well(anna.type("sync"));
    assertThat(projectName(anna, "Q1")).isEqualTo("by Ben");
  }

  @Test
  void field_by_field_makes_one_row_of_both() throws Exception {
    conflict("Q1");
    daemon(anna);
    Browser page = page(anna).go("conflicts").sees("quotes Q1");
    page.find(".conflict .title").click();

    page.find("[aria-label='pricing › hours: ben\\'s']").click();
    page.find("[aria-label='status: ben\\'s']").click();
    page.press("Keep the fields marked").sees("1 conflict settled");

    well(anna.type("sync"));
    well(ben.type("sync"));
    for (var desk : List.of(anna, ben)) {
      assertThat(desk.db("server").rows("SELECT projectName, status, pricing FROM quotes"))
          .containsExactly("by Anna|sent|{\"margin\":0.3,\"hours\":44}");
    }
  }

  @Test
  void of_a_row_made_of_both_all_three_are_shown_and_each_comes_back() throws Exception {
    conflict("Q1");
    daemon(anna);
    Browser page = page(anna).go("conflicts").sees("quotes Q1");
    page.find(".conflict .title").click();
    page.find("[aria-label='pricing › hours: ben\\'s']").click();
    page.press("Keep the fields marked").sees("1 conflict settled");
    well(anna.type("sync"));

    page.press("Settled").sees("the row given stands").seesNoMore("mine stands");
    page.find(".conflict .title").click();
    page.sees("Mine", "Ben's", "The row given");
    assertThat(page.find(".versions tbody").getText()).contains("pricing › hours\n40\n44\n44");
    page.press("Bring back ben's").sees("1 conflict brought back", "ben's stands");
    well(anna.type("sync"));
    assertThat(projectName(anna, "Q1")).isEqualTo("by Ben");
    page.press("Bring back the row given").sees("the row given stands");

    well(anna.type("sync"));
    assertThat(anna.db("server").rows("SELECT projectName, pricing FROM quotes"))
        .containsExactly("by Anna|{\"margin\":0.3,\"hours\":44}");
    assertThat(page.complaints()).isEmpty();
  }

  /** How much of the page's questions came over the wire, at most at once. */
  private static long largestAnswer(Browser page) {
    return (Long)
        page.script(
            "return Math.max(...performance.getEntriesByType('resource').map(e => e.decodedBodySize))");
  }

  @Test
  void a_value_of_five_megabytes_is_told_of_by_its_beginning_and_comes_whole_when_asked_for()
      throws Exception {
    conflict("Q1");
    String much = "replace(hex(zeroblob(2500000)), '0', '%s')";
    ben.edit("UPDATE quotes SET customer=" + much.formatted("b"));
    anna.edit("UPDATE quotes SET customer=" + much.formatted("a"));
    well(ben.type("sync"));
    anna.type("sync");
    daemon(anna);
    Browser page = page(anna).go("conflicts").sees("quotes Q1");

    page.find(".conflict .title").click();
    page.sees("aaaa", "bbbb", "Show all 5,000,000 characters");
    page.go("audit?table=quotes&key=%5B%22Q1%22%5D").sees("bbbb", "Show all 5,000,000 characters");
    assertThat(largestAnswer(page)).isLessThan(1_000_000);

    page.press("Show all 5,000,000 characters");
    page.until("all of it", () -> isWhole(page, "b"));
    page.go("conflicts").find(".conflict .title").click();
    page.press("Show all 5,000,000 characters").until("all of it", () -> isWhole(page, "a"));
    page.find("[aria-label='customer: ben\\'s']").click();
    page.press("Keep the fields marked").find(".empty"); // the words of this page are many
    well(anna.type("sync"));
    assertThat(
            anna.db("server")
                .value("SELECT projectName, length(customer), substr(customer, -1) FROM quotes"))
        .isEqualTo("by Anna|5000000|b");
    assertThat(page.complaints()).isEmpty();
  }

  private static boolean isWhole(Browser page, String of) {
    return (Boolean)
        page.script(
            "return document.querySelector('.whole')?.textContent === arguments[0].repeat(5_000_000)",
            of);
  }

  @Test
  void many_are_settled_at_once() throws Exception {
    conflict("Q1", "Q2", "Q3");
    daemon(anna);
    Browser page = page(anna).go("conflicts").sees("quotes Q1", "quotes Q2", "quotes Q3");

    page.find(".bulk input").click();
    page.press("Keep theirs").sees("3 conflicts settled", "No open conflicts");

    well(anna.type("sync"));
    for (String quote : List.of("Q1", "Q2", "Q3")) {
      assertThat(projectName(anna, quote)).isEqualTo("by Ben");
    }
  }

  @Test
  void the_loser_comes_back() throws Exception {
    conflict("Q1");
    daemon(anna);
    Browser page = page(anna).go("conflicts?state=open").sees("quotes Q1");
    page.find(".conflict .title").click();
    page.press("Keep ben's").sees("No open conflicts");

    page.press("Settled").sees("ben's stands");
    page.find(".conflict .title").click();
    page.press("Bring back mine").sees("1 conflict brought back");

    well(anna.type("sync"));
    well(ben.type("sync"));
    assertThat(projectName(ben, "Q1")).isEqualTo("by Anna");
  }

  @Test
  void the_keyboard_is_enough_to_settle_a_conflict() throws Exception {
    conflict("Q1");
    daemon(anna);
    Browser page = page(anna).sees("Attention", "1 conflict waits for a choice");
    assertThat(page.title()).startsWith("Attention");
    page.until("the count", () -> page.find("#views").getText().contains("1"));

    page.tabTo("Conflicts 1 open conflict").type(Keys.ENTER).sees("quotes Q1");
    page.tabTo("quotes Q1 by Anna · both changed it").type(Keys.ENTER).sees("by Ben");
    page.tabTo("Keep ben's").type(Keys.ENTER).sees("1 conflict settled");
    page.until(
        "the focus", () -> page.script("return document.activeElement.tagName").equals("H1"));

    well(anna.type("sync"));
    assertThat(projectName(anna, "Q1")).isEqualTo("by Ben");
  }

  @Test
  void a_script_in_a_name_is_text() throws Exception {
    String script = "<script>document.title='taken over'</script><img src=x onerror=alert(1)>";
    conflict("Q1");
    ben.edit("UPDATE quotes SET customer='" + script.replace("'", "''") + "'");
    anna.edit("UPDATE quotes SET projectName='" + script.replace("'", "''") + "'");
    well(ben.type("sync"));
    anna.type("sync");
    daemon(anna);
    Browser page = page(anna).go("conflicts").sees(script);

    page.find(".conflict .title").click();
    page.sees("customer");
    page.go("audit").sees("quotes Q1");

    assertThat(page.all("main img")).isEmpty();
    assertThat(page.title()).doesNotContain("taken over");
    assertThat(page.complaints()).isEmpty();
  }

  @Test
  void a_thousand_conflicts_stay_quick() throws Exception {
    conflict("Q1");
    String same =
        "table_name, kind, local_data, remote_data, local_by, remote_by, local_at, remote_at, winner,"
            + " workstation, resolved, local_token, remote_entry, timestamp";
    anna.db("server")
        .execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<999)"
                + " INSERT INTO sync_conflicts(id, row_key, "
                + same
                + ") SELECT 'c' || i, '[\"R' || i || '\"]', "
                + same
                + " FROM n, sync_conflicts WHERE row_key='[\"Q1\"]'");
    daemon(anna);
    Browser page = page(anna);
    page.find("#sync");

    page.go("conflicts").sees("1–20 of 1,000");
    page.press("Older").sees("21–40 of 1,000");
  }
}
