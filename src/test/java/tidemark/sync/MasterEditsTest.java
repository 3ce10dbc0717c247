package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.ConflictRule;
import tidemark.testing.PairTest;
import tidemark.testing.Wait;

/** IT edits the master with any SQLite tool: the next fold posts that, and everybody gets it. */
class MasterEditsTest extends PairTest {
  private static final String RELAY = "SELECT description FROM components WHERE sku='S1'";
  private static final String PARTS =
      "SELECT group_concat(sku||description) FROM (SELECT * FROM components ORDER BY sku)";

  @BeforeEach
  void two_workstations_and_their_master() {
    everybodyHasTheApplicationsTables(
        "INSERT INTO quotes(quoteId, projectName) VALUES('Q1','Pump station')",
        "INSERT INTO operational_items(quoteId, sku) VALUES('Q1','S1')",
        "INSERT INTO components(sku, description) VALUES('S1','Relay'),('S2','Fuse')");
  }

  @Test
  void rows_made_changed_and_deleted_in_the_master_reach_everybody() {
    fleet
        .master()
        .execute(
            "INSERT INTO components(sku, description) VALUES('S3','Lamp')",
            "UPDATE components SET description='Relay 24V' WHERE sku='S1'",
            "DELETE FROM components WHERE sku='S2'",
            "INSERT INTO operational_items(quoteId, sku) VALUES('Q1','S3')");
    everywhere(PARTS, "S1Relay 24V,S3Lamp");
    assertThat(ben.db().value("SELECT count(*) FROM operational_items")).isEqualTo("2");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void an_edit_that_changes_neither_size_nor_time_of_the_masters_file_is_noticed_too()
      throws IOException {
    FileTime coarse = Files.getLastModifiedTime(fleet.master().file());
    fleet.master().execute("UPDATE components SET description='Motor' WHERE sku='S1'");
    Files.setLastModifiedTime(fleet.master().file(), coarse);
    everywhere(RELAY, "Motor");
  }

  @Test
  void the_run_that_folds_brings_the_masters_edits_home_at_once() {
    fleet.master().execute("UPDATE components SET description='Relay 24V' WHERE sku='S1'");
    assertThat(anna.syncWell().report().totalPulled()).isEqualTo(1);
    assertThat(anna.db().value(RELAY)).isEqualTo("Relay 24V");
  }

  @Test
  void an_edit_in_the_master_does_not_go_out_under_the_name_of_the_rows_last_editor() {
    ben.edit("UPDATE components SET description='By Ben' WHERE sku='S1'");
    fleet.settle();
    fleet.master().execute("UPDATE components SET description='By IT' WHERE sku='S1'");
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT description, updated_by FROM components WHERE sku='S1'"))
        .startsWith("By IT|")
        .isNotEqualTo("By IT|ben");
  }

  @Test
  void edits_in_the_master_and_on_workstations_of_different_rows_all_arrive() {
    anna.edit("UPDATE components SET price=1 WHERE sku='S1'");
    fleet.master().execute("UPDATE components SET price=2 WHERE sku='S2'");
    ben.edit("INSERT INTO components(sku, description, price) VALUES('S3','Lamp',3)");
    everywhere(
        "SELECT group_concat(price) FROM (SELECT * FROM components ORDER BY sku)", "1.0,2.0,3.0");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void of_an_edit_in_the_master_and_a_later_one_on_a_workstation_the_later_wins() {
    fleet
        .master()
        .execute(
            "UPDATE components SET description='By IT', updated_at=datetime('now','-1 hours') WHERE sku='S1'");
    Wait.aMoment();
    ben.edit("UPDATE components SET description='By Ben' WHERE sku='S1'");
    ben.syncWell();
    everywhere(RELAY, "By Ben");
    assertThat(fleet.all())
        .allSatisfy(w -> assertThat(String.join("", w.conflicts())).contains("By IT"));
  }

  @Test
  void of_an_edit_on_a_workstation_and_a_later_one_in_the_master_the_later_wins() {
    ben.edit("UPDATE components SET description='By Ben' WHERE sku='S1'");
    Wait.aMoment();
    fleet.master().execute("UPDATE components SET description='By IT' WHERE sku='S1'");
    everywhere(RELAY, "By IT");
    assertThat(fleet.all())
        .allSatisfy(w -> assertThat(String.join("", w.conflicts())).contains("By Ben"));
  }

  @Test
  void a_delete_in_the_master_against_an_edit_goes_by_time_and_the_loser_is_kept() {
    ben.edit("UPDATE components SET description='By Ben' WHERE sku='S1'");
    Wait.aMoment();
    fleet.master().execute("DELETE FROM components WHERE sku='S1'");
    everywhere("SELECT count(*) FROM components WHERE sku='S1'", "0");
    assertThat(fleet.all())
        .allSatisfy(w -> assertThat(String.join("", w.conflicts())).contains("By Ben"));
  }

  @Test
  void the_masters_rule_is_newest_whatever_a_workstations_is() {
    ben.conflicts = ConflictRule.MANUAL;
    anna.conflicts = ConflictRule.MANUAL;
    ben.edit("UPDATE components SET description='By Ben' WHERE sku='S1'");
    ben.syncWell();
    Wait.aMoment();
    fleet.master().execute("UPDATE components SET description='By IT' WHERE sku='S1'");
    everywhere(RELAY, "By IT");
    assertThat(ben.conflicts()).isEmpty();
  }

  @Test
  void a_time_in_the_future_written_in_the_master_does_not_win_for_ever() {
    fleet
        .master()
        .execute(
            "UPDATE components SET description='By IT', updated_at='2099-01-01' WHERE sku='S1'");
    fleet.settle();
    Wait.aMoment();
    ben.edit("UPDATE components SET description='By Ben' WHERE sku='S1'");
    anna.edit("UPDATE components SET price=3, updated_at=datetime('now','-3 days') WHERE sku='S1'");
    anna.syncWell();
    everywhere(RELAY, "By Ben");
  }

  @Test
  void a_number_given_in_the_master_and_on_a_workstation_is_two_records() {
    fleet
        .master()
        .execute("INSERT INTO manual_quotes(quoteNumber, type, data) VALUES('IT-1','t','it')");
    ben.edit("INSERT INTO manual_quotes(quoteNumber, type, data) VALUES('B-1','t','ben')");
    everywhere(
        "SELECT group_concat(data) FROM (SELECT data FROM manual_quotes ORDER BY data)", "ben,it");
  }

  @Test
  void a_delete_of_a_parent_with_its_children_in_the_master_reaches_everybody() {
    fleet.master().execute("DELETE FROM quotes WHERE quoteId='Q1'");
    everywhere("SELECT count(*) FROM operational_items", "0");
    assertThat(anna.db().value("SELECT count(*) FROM quotes")).isEqualTo("0");
  }

  @Test
  void an_edit_by_a_tool_that_switches_the_master_to_wal_mode_is_not_missed() throws SQLException {
    try (Connection tool = fleet.master().connect();
        Statement statement = tool.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("UPDATE components SET description='By IT' WHERE sku='S1'");
      anna.sync(); // the tool is still there
    }
    everywhere(RELAY, "By IT");
    assertThat(fleet.master().value("PRAGMA journal_mode")).isEqualTo("delete");
  }

  @Test
  void a_master_that_a_tool_keeps_locked_stops_nobody_and_catches_up_later() throws SQLException {
    try (Connection tool = DriverManager.getConnection("jdbc:sqlite:" + fleet.master().file());
        Statement statement = tool.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      statement.execute("UPDATE components SET description='By IT' WHERE sku='S2'");
      anna.edit("UPDATE components SET description='By Anna' WHERE sku='S1'");
      assertThat(anna.syncWell().report().masterBehind()).isPositive();
      ben.syncWell();
      assertThat(ben.db().value(RELAY)).isEqualTo("By Anna");
      statement.execute("COMMIT");
    }
    everywhere(PARTS, "S1By Anna,S2By IT");
  }

  @Test
  void a_table_made_in_the_master_is_made_everywhere() {
    fleet
        .master()
        .execute(
            "CREATE TABLE vendors(code TEXT PRIMARY KEY, name TEXT NOT NULL)",
            "INSERT INTO vendors VALUES('V1','Siemens')");
    everywhere("SELECT name FROM vendors", "Siemens");
    ben.edit("UPDATE vendors SET name='Siemens AG'");
    everywhere("SELECT name FROM vendors", "Siemens AG");
  }

  @Test
  void a_column_added_in_the_master_is_added_everywhere_with_its_values() {
    fleet
        .master()
        .execute(
            "ALTER TABLE components ADD COLUMN shelf TEXT",
            "UPDATE components SET shelf='A7' WHERE sku='S1'");
    everywhere("SELECT shelf FROM components WHERE sku='S1'", "A7");
    assertThat(ben.db().value("SELECT shelf FROM components WHERE sku='S2'")).isEqualTo("null");
  }
}
