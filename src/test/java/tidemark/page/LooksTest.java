package tidemark.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every view for everybody: light and dark, narrow and wide, seen or read out. */
class LooksTest extends PageTest {
  private static final List<String> VIEWS =
      List.of("overview", "history", "conflicts", "audit", "fleet", "settings", "health");

  private static final String Q1 = "SELECT id FROM sync_conflicts WHERE row_key='[\"Q1\"]'";

  private final List<String> faults = new ArrayList<>();

  @Test
  void nobody_meets_an_obstacle_in_any_view() throws Exception {
    conflict("Q1", "Q2");
    anna.edit("INSERT INTO components(sku, description) VALUES('PLC-1200', 'Controller')");
    daemon(anna);
    Browser page = page(anna).sees("Attention");

    for (String view : VIEWS) {
      page.go(view).until(view, () -> !page.text().contains("One moment"));
      if (view.equals("conflicts")) {
        page.find(".conflict .title").click();
        page.sees("Keep mine");
      }
      if (view.equals("health")) {
        page.press("Examine now").sees("need", "ledger");
      }
      look(page, view);
    }
    page.go("audit?table=quotes&key=%5B%22Q1%22%5D").sees("This row's life");
    look(page, "audit-row");
    page.go("conflicts?id=" + anna.db("server").value(Q1));
    page.find("[aria-label='status: ben\\'s']").click();
    page.press("Keep the fields marked").sees("1 conflict settled").press("Settled");
    page.find(".conflict .title").click();
    page.sees("the row given stands");
    look(page, "conflict-given");
    page.go("settings").sees("quotes: conflicts").choose("quotes: conflicts", "newest");
    page.press("Save 1 change").sees("1 conflict that waits for a choice");
    look(page, "settings-asked");
    page.press("Not now").write("setting-sync.shareTimeout", "often").press("Save 2 changes");
    page.find(".wrong p.error");
    look(page, "settings-wrong");
    page.press("Discard").go("overview");
    office.unplug();
    page.press("Sync now").sees("Offline");
    look(page, "offline");

    assertThat(faults).isEmpty();
    assertThat(page.complaints()).isEmpty();
  }

  private void look(Browser page, String name) throws IOException {
    for (String colours : List.of("light", "dark")) {
      for (int width : List.of(1280, 400)) {
        page.looksAt(colours, width);
        String look = name + "-" + colours + "-" + width;
        page.screenshot(look);
        page.obstacles().forEach(obstacle -> faults.add(look + ": " + obstacle));
        if (page.isWiderThanTheWindow()) {
          faults.add(look + ": wider than the window");
        }
      }
    }
  }
}
