package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;

class HistoryCommandTest {
  @TempDir Path folder;
  private Office office;
  private Office.Desk anna;

  @BeforeEach
  void syncTwiceAndOnceOffline() {
    office = new Office(folder);
    anna = office.desk("anna");
    anna.edit("INSERT INTO quotes(quoteId) VALUES('Q1')");
    anna.type("sync");
    office.unplug();
    anna.type("sync", "--direction", "pull");
    office.plug();
  }

  @Test
  void json_is_an_array_of_sync_log_rows_newest_first() {
    var rows = anna.type("history", "--json").rows();

    assertThat(rows).hasSize(2);
    assertThat(rows.get(1))
        .containsEntry("database", "server")
        .containsEntry("direction", "bidirectional")
        .containsEntry("status", "success")
        .containsEntry("records_pulled", 0L)
        .containsEntry("records_pushed", 1L)
        .containsEntry("conflicts", 0L)
        .containsEntry("error_message", null)
        .containsEntry("workstation", "PC-anna")
        .containsEntry("username", "anna")
        .containsEntry("trigger", "manual")
        .containsKeys("id", "timestamp", "duration_ms", "run_id");
    assertThat(rows.get(1).get("timestamp").toString()).endsWith("Z").contains("T");
    assertThat(rows.get(1).get("details")).isInstanceOf(Map.class);
    assertThat(rows.get(0))
        .containsEntry("status", "offline")
        .containsEntry("direction", "pull")
        .hasEntrySatisfying("error_message", why -> assertThat(why).isNotNull());
  }

  @Test
  void it_can_be_limited_by_number_status_and_time() {
    assertThat(anna.type("history", "--last", "1", "--json").rows()).hasSize(1);
    assertThat(anna.type("history", "--status", "success", "--json").rows()).hasSize(1);
    assertThat(anna.type("history", "--since", "1h", "--json").rows()).hasSize(2);
    assertThat(anna.type("history", "--since", "2100-01-15 10:30", "--json").rows()).isEmpty();
  }

  @Test
  void csv_has_a_heading_and_a_line_for_each_run() {
    var lines = anna.type("history", "--csv").out().lines().toList();

    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith("database,id,timestamp,direction,status,records_pulled");
    assertThat(lines.get(2)).startsWith("server,1,").contains(",\"{\"\"tables\"\":");
  }

  @Test
  void everybodys_runs_are_read_from_the_master() {
    Office.Desk ben = office.emptyDesk("ben", "server");
    ben.type("sync");
    ben.edit("INSERT INTO quotes(quoteId) VALUES('Q2')");
    ben.type("sync");

    assertThat(anna.type("history", "--everyone", "--json").rows())
        .extracting(row -> row.get("username"))
        .contains("anna", "ben");
  }

  @Test
  void everybodys_runs_without_the_share_are_exit_3() {
    office.unplug();

    assertThat(anna.type("history", "--everyone").exitCode()).isEqualTo(3);
  }

  @Test
  void people_read_local_times() {
    String out = anna.type("history").out();

    assertThat(out).contains("when", "success", "offline, pull", "anna at PC-anna, manual");
  }

  @Test
  void wrong_usage_is_exit_2_with_what_is_accepted() {
    Typed time = anna.type("history", "--since", "yesterday");
    Typed status = anna.type("history", "--status", "fine");
    Typed last = anna.type("history", "--last", "0");

    assertThat(time.exitCode()).isEqualTo(2);
    assertThat(time.err()).contains("yesterday", "2025-01-15");
    assertThat(status.exitCode()).isEqualTo(2);
    assertThat(status.err()).contains("success, partial, offline, error");
    assertThat(last.exitCode()).isEqualTo(2);
  }

  @Test
  void everyones_has_what_workstations_told_since_the_masters_log_was_written() {
    Office.Desk ben = office.desk("ben");
    ben.type("sync");
    ben.type("sync"); // changes nothing in the master: it hears of it within an hour
    anna.type("sync");
    long known = anna.type("history", "--json").rows().size();

    var rows = anna.type("history", "--everyone", "--json").rows();

    assertThat(rows).extracting(row -> row.get("run_id")).doesNotHaveDuplicates();
    assertThat(rows.stream().filter(row -> row.get("username").equals("anna")))
        .hasSize((int) known);
    assertThat(rows).extracting(row -> row.get("username")).contains("ben");
    assertThat(anna.type("history", "--everyone", "--last", "1", "--json").rows())
        .singleElement()
        .satisfies(row -> assertThat(row).containsEntry("username", "anna"));
    assertThat(anna.type("history", "--everyone").out())
        .contains("as the master's log was at ", "anna at PC-anna, ", "ben at PC-ben, ");
  }
}
