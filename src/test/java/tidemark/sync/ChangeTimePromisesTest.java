package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.testing.FleetTest;
import tidemark.testing.Wait;
import tidemark.testing.Workstation;

/** When an edit was made, whatever wrote it down and however, decides what becomes of it. */
class ChangeTimePromisesTest extends FleetTest {
  private static final String PROJECT = "SELECT projectName FROM quotes WHERE quoteId='Q1'";
  private static final String STAMP =
      "SELECT updated_at, updated_by FROM quotes WHERE quoteId='Q1'";

  private final TimeZone before = TimeZone.getDefault();

  @BeforeEach
  void three_workstations_know_a_quote() {
    everybodyHasTheApplicationsTables(
        "INSERT INTO quotes(quoteId, projectName, updated_at) VALUES('Q1','Pump station', datetime('now','-30 days'))",
        "INSERT INTO components(sku, description) VALUES('S1','Relay')");
  }

  @AfterEach
  void the_time_zone_is_as_it_was() {
    TimeZone.setDefault(before);
  }

  private static String ago(String modifier) {
    return "strftime('%Y-%m-%dT%H:%M:%fZ','now','" + modifier + "')";
  }

  private void rename(Workstation who, String project, String updatedAt) {
    who.edit(
        "UPDATE quotes SET projectName='"
            + project
            + "', updated_at="
            + updatedAt
            + " WHERE quoteId='Q1'");
  }

  private void othersWorkAndSync() {
    ben.edit(
        "INSERT INTO customers(customerCode, customerName) VALUES(hex(randomblob(4)),'Müller')");
    ben.syncWell();
    cara.edit("UPDATE components SET price=3.5 WHERE sku='S1'");
    cara.syncWell();
    ben.syncWell();
  }

  // ---- made offline, long ago

  @ParameterizedTest
  @ValueSource(
      strings = {
        "datetime('now','-5 days')",
        "strftime('%Y-%m-%dT%H:%M:%fZ','now','-5 days')",
        "strftime('%Y-%m-%dT%H:%M:%f','now','-5 days')||'+00:00'",
        "strftime('%s','now','-5 days')",
        "CAST(strftime('%s','now','-5 days') AS INTEGER)",
        "CAST(strftime('%s','now','-5 days') AS INTEGER)*1000",
        "CAST(strftime('%s','now','-5 days') AS REAL)+0.5",
        "NULL",
        "'some day'",
        "'1999-12-31 23:59:59'"
      })
  void an_edit_made_offline_days_ago_reaches_everybody_however_it_was_stamped(String stamp) {
    othersWorkAndSync(); // everybody's last sync is younger than what the edit says of itself
    rename(anna, "Pump station 2", stamp);
    othersWorkAndSync();
    everywhere(PROJECT, "Pump station 2");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void a_row_made_offline_with_an_old_stamp_reaches_everybody() {
    othersWorkAndSync();
    anna.edit(
        "INSERT INTO quotes(quoteId, projectName, created_at, updated_at) VALUES('Q2','Old one','2020-01-01 00:00:00','2020-01-01 00:00:00')");
    othersWorkAndSync();
    everywhere(
        "SELECT projectName, updated_at FROM quotes WHERE quoteId='Q2'",
        "Old one|2020-01-01 00:00:00");
  }

  @Test
  void an_edit_stamped_by_current_timestamp_reaches_everybody_with_its_stamp() {
    anna.edit("INSERT INTO quotes(quoteId, projectName) VALUES('Q2','New one')");
    String stamp = anna.db().value("SELECT updated_at FROM quotes WHERE quoteId='Q2'");
    assertThat(stamp).hasSize(19);
    everywhere("SELECT updated_at FROM quotes WHERE quoteId='Q2'", stamp);
  }

  @Test
  void an_edit_that_nobody_stamped_reaches_everybody() {
    anna.edit("UPDATE quotes SET projectName='Pump station 2' WHERE quoteId='Q1'");
    everywhere(PROJECT, "Pump station 2");
  }

  @Test
  void rows_of_a_table_without_any_stamp_reach_everybody_and_the_later_edit_wins() {
    anna.edit("INSERT INTO operational_items(quoteId, sku, quantity) VALUES('Q1','S1',1)");
    String items = "SELECT sku, quantity FROM operational_items";
    everywhere(items, "S1|1.0");
    ben.edit("UPDATE operational_items SET quantity=2");
    Wait.aMoment();
    anna.edit("UPDATE operational_items SET quantity=3");
    anna.syncWell();
    everywhere(items, "S1|3.0");
    assertThat(fleet.all()).allSatisfy(w -> assertThat(w.conflicts()).hasSize(1));
  }

  // ---- whose it is, and how it is written

  @Test
  void a_row_never_goes_out_under_the_name_of_its_previous_editor() {
    ben.edit("UPDATE quotes SET projectName='Ben was here', updated_by='Ben' WHERE quoteId='Q1'");
    everywhere("SELECT updated_by FROM quotes", "Ben");
    cara.edit("UPDATE quotes SET status='sent' WHERE quoteId='Q1'");
    everywhere("SELECT updated_by FROM quotes", "cara");
  }

  @Test
  void a_row_written_back_whole_by_another_goes_out_under_the_name_of_the_other() {
    ben.edit("UPDATE quotes SET projectName='Ben was here', updated_by='Ben' WHERE quoteId='Q1'");
    fleet.settle();
    String former = cara.db().value(STAMP);
    cara.edit(
        "UPDATE quotes SET status='sent', updated_at=updated_at, updated_by=updated_by WHERE quoteId='Q1'");
    fleet.settle().assertSame();
    String now = anna.db().value(STAMP);
    assertThat(now).endsWith("|cara").isNotEqualTo(former);
    assertThat(now.compareTo(former)).isPositive();
  }

  @Test
  void a_row_replaced_whole_with_its_old_stamps_goes_out_as_edited_now_by_the_other() {
    ben.edit("UPDATE quotes SET projectName='Ben was here', updated_by='Ben' WHERE quoteId='Q1'");
    fleet.settle();
    String former = cara.db().value(STAMP);
    cara.edit(
        "INSERT OR REPLACE INTO quotes SELECT quoteId, projectName, customer, salesRep, 'sent', projectCodes,"
            + " controlPanelConfig, operationalItems, pricing, bom, created_at, updated_at, updated_by, synced_at"
            + " FROM quotes WHERE quoteId='Q1'");
    fleet.settle().assertSame();
    String now = anna.db().value(STAMP);
    assertThat(now).endsWith("|cara").isNotEqualTo(former);
  }

  @Test
  void a_copy_of_a_row_goes_out_under_the_name_of_who_copied_it() {
    ben.edit("UPDATE quotes SET projectName='Ben was here', updated_by='Ben' WHERE quoteId='Q1'");
    fleet.settle();
    cara.edit(
        "INSERT INTO quotes SELECT 'Q2', projectName, customer, salesRep, status, projectCodes,"
            + " controlPanelConfig, operationalItems, pricing, bom, created_at, updated_at, updated_by, synced_at"
            + " FROM quotes WHERE quoteId='Q1'");
    everywhere("SELECT updated_by FROM quotes WHERE quoteId='Q2'", "cara");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2025-01-15 10:30:00.000",
        "2025-01-15T10:30:00.000Z",
        "1736937000",
        "1736937000000"
      })
  void a_stamp_set_for_an_edit_keeps_the_form_the_row_already_uses(String form) {
    rename(anna, "Pump station 2", "'" + form + "'");
    fleet.settle();
    String type = "SELECT typeof(updated_at), length(updated_at), updated_at FROM quotes";
    String[] before = ben.db().value(type).split("\\|");
    ben.edit("UPDATE quotes SET projectName='Pump station 3' WHERE quoteId='Q1'");
    fleet.settle().assertSame();
    String[] after = anna.db().value(type).split("\\|");
    assertThat(after[0]).isEqualTo(before[0]);
    assertThat(after[1]).isEqualTo(before[1]);
    assertThat(after[2]).isGreaterThan(before[2]);
  }

  @Test
  void a_stamp_in_a_column_that_had_none_is_utc_with_milliseconds() {
    anna.edit("INSERT INTO operational_items(quoteId, sku) VALUES('Q1','S1')");
    anna.syncWell();
    assertThat(anna.db().value("SELECT updated_at FROM operational_items"))
        .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}");
    assertThat(
            anna.db()
                .value(
                    "SELECT abs(julianday(updated_at)-julianday('now'))<0.001 FROM operational_items"))
        .isEqualTo("1");
  }

  // ---- compared

  @ParameterizedTest
  @ValueSource(strings = {"Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu", "UTC"})
  void which_edit_is_later_does_not_depend_on_the_time_zone_of_the_machine(String zone) {
    rename(anna, "The later", "strftime('%Y-%m-%d %H:%M:%S','now','-60 minutes')");
    rename(ben, "The earlier", ago("-90 minutes"));
    TimeZone.setDefault(TimeZone.getTimeZone(zone));
    anna.syncWell();
    TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Pago_Pago"));
    ben.syncWell();
    TimeZone.setDefault(TimeZone.getTimeZone(zone));
    everywhere(PROJECT, "The later");
  }

  @Test
  void which_edit_is_later_does_not_depend_on_how_its_time_is_written() {
    String later = "strftime('%Y-%m-%dT%H:%M:%f','now','-60 minutes','+14 hours')||'+14:00'";
    String[] earlier = {
      "datetime('now','-61 minutes')",
      ago("-61 minutes"),
      "CAST(strftime('%s','now','-61 minutes') AS INTEGER)",
      "CAST(strftime('%s','now','-61 minutes') AS INTEGER)*1000",
      "strftime('%Y-%m-%dT%H:%M:%f','now','-61 minutes','-11 hours')||'-1100'"
    };
    for (int i = 0; i < earlier.length; i++) {
      Workstation first = i % 2 == 0 ? anna : ben;
      Workstation second = i % 2 == 0 ? ben : anna;
      rename(first, "The later " + i, later);
      rename(second, "The earlier " + i, earlier[i]);
      anna.syncWell();
      everywhere(PROJECT, "The later " + i);
      assertThat(cara.conflicts()).as(earlier[i]).hasSize(i + 1);
    }
  }

  @Test
  void equal_times_with_different_values_converge_and_the_other_is_kept_as_a_conflict() {
    rename(anna, "By Anna", "'2025-06-01 12:00:00'");
    rename(ben, "By Ben", "'2025-06-01T12:00:00.000Z'");
    rename(cara, "By Cara", "1748779200");
    anna.syncWell();
    cara.syncWell();
    everywhere(PROJECT, "By Anna");
    for (Workstation workstation : fleet.all()) {
      assertThat(String.join(" ", workstation.conflicts())).contains("By Ben").contains("By Cara");
    }
  }

  // ---- wrong clocks

  @Test
  void a_clock_a_year_fast_does_not_win_for_ever() {
    anna.clock().setError(Duration.ofDays(365));
    anna.editWithWrongClock(
        "UPDATE quotes SET projectName='From the future', updated_at=datetime('now','+365 days') WHERE quoteId='Q1'",
        "UPDATE components SET price=1 WHERE sku='S1'");
    everywhere(PROJECT, "From the future");
    Wait.aMoment();
    ben.edit("UPDATE components SET price=2 WHERE sku='S1'");
    rename(ben, "From the present", ago("+0 days"));
    cara.edit("UPDATE quotes SET salesRep='Cara' WHERE quoteId='Q1'");
    cara.syncWell();
    anna.syncWell();
    everywhere("SELECT price FROM components WHERE sku='S1'", "2.0");
    Wait.aMoment();
    rename(ben, "From later still", ago("+0 days"));
    everywhere(PROJECT, "From later still");
  }

  @Test
  void of_two_edits_the_later_wins_though_the_earlier_came_from_a_clock_a_year_fast() {
    anna.clock().setError(Duration.ofDays(365));
    anna.editWithWrongClock(
        "UPDATE quotes SET projectName='An hour ago', updated_at=datetime('now','+365 days','-61 minutes') WHERE quoteId='Q1'");
    rename(ben, "Half an hour ago", ago("-30 minutes"));
    anna.syncWell();
    everywhere(PROJECT, "Half an hour ago");
  }

  @Test
  void of_two_unstamped_edits_the_later_wins_though_the_earlier_came_from_a_clock_a_year_fast() {
    anna.clock().setError(Duration.ofDays(365));
    anna.editWithWrongClock("UPDATE components SET price=1 WHERE sku='S1'");
    Wait.aMoment();
    ben.edit("UPDATE components SET price=2 WHERE sku='S1'");
    ben.syncWell();
    everywhere("SELECT price FROM components WHERE sku='S1'", "2.0");
  }

  @Test
  void of_two_edits_the_later_wins_though_it_came_from_a_clock_ten_minutes_slow() {
    rename(ben, "Five minutes ago", ago("-5 minutes"));
    ben.syncWell();
    anna.clock().setError(Duration.ofMinutes(-10));
    anna.editWithWrongClock(
        "UPDATE quotes SET projectName='Just now', updated_at=datetime('now','-10 minutes') WHERE quoteId='Q1'");
    everywhere(PROJECT, "Just now");
  }

  @Test
  void a_time_in_the_future_that_an_import_wrote_does_not_win_for_ever() {
    rename(anna, "From an import", "'2099-01-01 00:00:00'");
    anna.syncWell();
    Wait.aMoment();
    rename(ben, "By hand", ago("+0 days"));
    everywhere(PROJECT, "By hand");
  }

  @ParameterizedTest
  @ValueSource(longs = {365 * 24 * 60, -10, -365 * 24 * 60})
  void nothing_is_missed_whichever_workstation_has_the_wrong_clock(long minutes) {
    for (int round = 0; round < 3; round++) {
      Workstation wrong = fleet.all().get(round);
      fleet.all().forEach(w -> w.clock().setError(Duration.ZERO));
      wrong.clock().setError(Duration.ofMinutes(minutes));
      int number = round;
      fleet
          .all()
          .forEach(
              w ->
                  w.editWithWrongClock(
                      "INSERT INTO quotes(quoteId, projectName) VALUES('"
                          + w.name()
                          + number
                          + "','x')"));
      fleet.settle().assertSame();
      assertThat(cara.db().value("SELECT count(*) FROM quotes")).isEqualTo("" + (4 + round * 3));
    }
  }

  @Test
  void a_clock_a_year_fast_takes_nothing_out_of_the_ledger_or_out_of_everybodys_log() {
    long entries = anna.ledger().info().orElseThrow().floor();
    String log = "SELECT count(*) FROM sync_log";
    int before = Integer.parseInt(fleet.master().value(log));
    anna.clock().setError(Duration.ofDays(365));
    anna.edit("UPDATE components SET price=1 WHERE sku='S1'");
    anna.syncWell();
    ben.syncWell();
    assertThat(Integer.parseInt(fleet.master().value(log))).isGreaterThan(before);
    assertThat(anna.ledger().info().orElseThrow().floor()).isEqualTo(entries);
  }
}
