package tidemark.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is not well, and rows that go back. */
class CarePageTest extends PageTest {
  @Test
  void what_the_doctor_finds_is_told_with_what_to_do() throws Exception {
    well(anna.type("sync"));
    daemon(anna);
    Browser page = page(anna).go("health");
    page.press("Examine now").sees("share", "ledger", "Examined");

    office.unplug();
    page.press("Examine now").sees("not well", "What to do:");

    assertThat(page.complaints()).isEmpty();
  }

  @Test
  void a_row_goes_back_to_a_version_of_its_life() throws Exception {
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q1', 'first')");
    well(anna.type("sync"));
    anna.edit("UPDATE quotes SET projectName='spoilt' WHERE quoteId='Q1'");
    well(anna.type("sync"));
    daemon(anna);
    Browser page = page(anna).go("audit").sees("spoilt");
    page.go("audit?database=server&table=quotes&key=%5B%22Q1%22%5D").sees("This row's life");

    page.press("Restore this version").sees("quotes Q1 is as it was at entry 1", "Entry 3");
    page.until("the row", () -> projectName(anna, "Q1").equals("first"));

    well(ben.type("sync"));
    assertThat(projectName(ben, "Q1")).isEqualTo("first");
  }
}
