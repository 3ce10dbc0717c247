package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;

class ReportCommandTest {
  private static final String EVIL = "=1</script><script>alert(1)</script>\"'&{{style}}";

  @TempDir Path folder;
  private Office office;
  private Office.Desk anna;

  @BeforeEach
  void syncTwice() {
    office = new Office(folder);
    anna = office.desk("anna");
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");
    anna.type("sync");
    anna.db("server")
        .update(
            "INSERT INTO quotes(quoteId, updated_by, updated_at) VALUES('Q2', ?, datetime('now'))",
            EVIL);
    anna.type("sync");
    office
        .master("server")
        .update("UPDATE sync_log SET workstation=? WHERE id=(SELECT max(id) FROM sync_log)", EVIL);
  }

  private String page() throws Exception {
    Path file = folder.resolve("new folder/report.html");
    Typed typed = anna.type("report", "--html", file.toString());
    assertThat(typed.exitCode()).as(typed.err()).isZero();
    assertThat(typed.out()).isEqualTo("Wrote " + file + ".\n");
    return Files.readString(file);
  }

  @Test
  void the_text_tells_of_runs_workstations_users_and_tables() {
    Typed typed = anna.type("report");

    assertThat(typed.exitCode()).isZero();
    assertThat(typed.out())
        .contains("days in +02:00", "2 runs at 2 workstations: 2 got through, 0 offline, 0 failed.")
        .contains("2 rows posted", "Runs by workstation", "PC-anna", "Who changed most", "anna")
        .contains("The busiest tables", "quotes");
  }

  @Test
  void its_tables_fit_80_columns_whatever_the_names_and_numbers() {
    office
        .master("server")
        .update(
            "UPDATE sync_log SET records_pushed=987654321, records_pulled=123456, conflicts=99999, duration_ms=5999999, workstation=?",
            "w".repeat(300) + "\u001b[31m");

    List<String> lines = anna.type("report").out().lines().toList();

    List<String> tables = lines.subList(lines.indexOf(""), lines.size());
    assertThat(tables).isNotEmpty().allMatch(line -> line.length() <= 80);
    assertThat(lines).noneMatch(line -> line.contains("\u001b"));
  }

  @Test
  @SuppressWarnings("unchecked")
  void json_has_every_number() {
    Map<String, Object> report = anna.type("report", "--json").rows().get(0);

    assertThat(report)
        .containsEntry("database", "server")
        .containsEntry("zone", "+02:00")
        .containsEntry("everybodys", true)
        .containsEntry("troubles", List.of())
        .containsKeys("since", "until");
    Map<String, Object> runs = (Map<String, Object>) report.get("runs");
    assertThat((Map<String, Object>) runs.get("all"))
        .containsEntry("runs", 2L)
        .containsEntry("success", 2L)
        .containsEntry("pushed", 2L)
        .containsKeys("partial", "offline", "error", "pulled", "conflicts", "medianMs", "p95Ms");
    assertThat(runs.get("workstations")).asInstanceOf(LIST).hasSize(2);
    Map<String, Object> changes = (Map<String, Object>) report.get("changes");
    assertThat(changes.get("users"))
        .asInstanceOf(LIST)
        .extracting(user -> ((Map<String, Object>) user).get("user"))
        .containsExactlyInAnyOrder("anna", EVIL);
    assertThat((Map<String, Object>) report.get("size"))
        .containsEntry("rows", 2L)
        .containsEntry("growth", 2L)
        .containsKeys("localBytes", "masterBytes", "ledgerBytes", "ledgerGrowthBytes", "tables");
  }

  @Test
  void csv_is_a_rectangle_of_runs_changes_and_tables() throws Exception {
    Path file = folder.resolve("report.csv");
    anna.type("report", "--csv", file.toString());
    String text = Files.readString(file);

    assertThat(text.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
    List<String[]> lines =
        text.lines().map(line -> line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)).toList();
    assertThat(lines).allMatch(cells -> cells.length == 21);
    assertThat(lines.get(0)).startsWith("database", "kind", "day", "workstation", "user", "table");
    assertThat(lines).filteredOn(cells -> cells[1].equals("runs")).hasSize(2);
    assertThat(lines)
        .filteredOn(cells -> cells[1].equals("changes"))
        .hasSize(2)
        .allSatisfy(cells -> assertThat(cells).containsSequence("1", "0", "0", "", ""));
    assertThat(lines)
        .filteredOn(cells -> cells[1].equals("table") && cells[5].equals("quotes"))
        .singleElement()
        .satisfies(cells -> assertThat(cells).endsWith("2", "2"));
    assertThat(text).contains("\"'=1</script>").doesNotContain(",=");
  }

  @Test
  void the_page_needs_nothing_but_itself() throws Exception {
    String page = page();

    assertThat(page)
        .contains("default-src 'none'", "prefers-color-scheme: dark", "@media print")
        .contains("var uPlot=", "Copyright (c) 2022 Leon Sorokin")
        .doesNotContainPattern("(src|href)\\s*=")
        .doesNotContain("@import", "url(")
        .doesNotContain("{{runs", "{{title");
  }

  @Test
  void every_plot_has_its_numbers_in_words_and_in_a_table() throws Exception {
    String page = page();

    assertThat(page.split("data-plot=")).hasSize(1 + 6);
    assertThat(page.split("<figcaption><b>[A-Z][^<]+</b>[^<]{5,}</figcaption>")).hasSize(1 + 6);
    assertThat(page)
        .contains("<caption>Workstations</caption>", "<caption>Who changed most</caption>")
        .contains("<caption>Tables</caption>", "Every day in numbers");
  }

  @Test
  void a_name_is_text_on_the_page_whatever_it_contains() throws Exception {
    String page = page();

    assertThat(page)
        .contains("=1&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;{{style}}")
        .doesNotContain("<script>alert");
    assertThat(page.split("<script")).hasSize(1 + 3);
  }

  @Test
  void without_the_share_the_local_part_is_told_and_the_exit_code_is_3() throws Exception {
    office.unplug();
    Path file = folder.resolve("report.html");

    Typed text = anna.type("report");
    Typed html = anna.type("report", "--html", file.toString());

    assertThat(text.exitCode()).isEqualTo(3);
    assertThat(text.out())
        .contains(
            "2 runs at 1 workstation", "this workstation's alone", "ledger could not be read");
    assertThat(text.err()).contains("share");
    assertThat(html.exitCode()).isEqualTo(3);
    assertThat(Files.readString(file)).contains("this workstation&#39;s alone");
  }

  @Test
  void a_database_that_was_never_synced_makes_an_empty_report() throws Exception {
    Office.Desk ben = new Office(folder.resolve("elsewhere")).desk("ben");
    Path file = folder.resolve("report.html");

    Typed text = ben.type("report");
    Typed html = ben.type("report", "--html", file.toString(), "--csv", file + ".csv");

    assertThat(text.exitCode()).as(text.err()).isZero();
    assertThat(text.out()).contains("No runs yet.");
    assertThat(html.exitCode()).isZero();
    assertThat(Files.readString(file)).contains("No runs yet.");
  }

  @Test
  void it_can_begin_at_another_time() {
    assertThat(anna.type("report", "--since", "2100-01-01").out()).contains("No runs yet.");
    assertThat(anna.type("report", "--since", "1h").out()).contains("2 runs at");
    assertThat(anna.type("report", "--since", "whenever").exitCode()).isEqualTo(2);
  }

  @Test
  void a_file_that_cannot_be_written_is_wrong_usage() {
    Typed typed = anna.type("report", "--html", folder.toString());

    assertThat(typed.exitCode()).isEqualTo(2);
    assertThat(typed.err()).contains("the report cannot be written", folder.toString());
  }
}
