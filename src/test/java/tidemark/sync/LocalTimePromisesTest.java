package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

/** An application that stamps its rows in local time, or with a day, has its later edit win too. */
class LocalTimePromisesTest extends PairTest {
  private static final String TITLE = "SELECT title FROM quotes WHERE id='Q1'";

  @BeforeEach
  void two_know_a_quote() {
    everybodyHas(
        "CREATE TABLE quotes(id TEXT PRIMARY KEY, title TEXT, created_at DATETIME, updated_at DATETIME)",
        "INSERT INTO quotes VALUES('Q1','first','2025-01-01 08:00:00','2025-01-01 08:00:00')");
  }

  /** As the application writes the time it has on its clock, so long ago. */
  private static String local(String offset, String ago) {
    return "strftime('%Y-%m-%d %H:%M:%S','now','" + ago + "','" + offset + "')";
  }

  /** An edit made so long ago, and captured then. */
  private static void edit(Workstation who, String title, String stamp, String ago) {
    who.edit("UPDATE quotes SET title='" + title + "', updated_at=" + stamp + " WHERE id='Q1'");
    who.edit(
        "UPDATE sync_rows_quotes SET moment=strftime('%Y-%m-%d %H:%M:%f', moment, '"
            + ago
            + "') WHERE edits IS NOT NULL");
  }

  private void wins(String title, boolean annaFirst) {
    (annaFirst ? anna : ben).syncWell();
    (annaFirst ? ben : anna).syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().value(TITLE)).isEqualTo(title);
    assertThat(anna.conflicts()).singleElement().asString().startsWith("update");
  }

  // ---- without a zone

  @ParameterizedTest
  @CsvSource({
    "+2 hours, true", "+2 hours, false", "+345 minutes, true", "+345 minutes, false",
    "+13 hours, true", "+13 hours, false", "-5 hours, true", "-5 hours, false",
    "-210 minutes, true", "-210 minutes, false", "+0 hours, true", "+0 hours, false"
  })
  void of_two_edits_in_local_time_the_later_wins(String offset, boolean annaFirst) {
    edit(anna, "earlier", local(offset, "-50 minutes"), "-50 minutes");
    edit(ben, "later", local(offset, "-20 minutes"), "-20 minutes");
    wins("later", annaFirst);
  }

  @ParameterizedTest
  @CsvSource({
    "+2 hours, true",
    "+2 hours, false",
    "+345 minutes, true",
    "+13 hours, false",
    "-5 hours, true",
    "-5 hours, false"
  })
  void an_edit_in_local_time_and_one_that_nobody_stamped_go_by_when_they_were_made(
      String offset, boolean annaFirst) {
    edit(anna, "earlier", local(offset, "-50 minutes"), "-50 minutes");
    edit(ben, "later", "updated_at", "-20 minutes");
    wins("later", annaFirst);
  }

  @ParameterizedTest
  @CsvSource({"+2 hours, true", "+2 hours, false", "-5 hours, true", "-5 hours, false"})
  void an_edit_in_local_time_that_is_the_later_wins(String offset, boolean annaFirst) {
    edit(anna, "earlier", "updated_at", "-50 minutes");
    edit(ben, "later", local(offset, "-20 minutes"), "-20 minutes");
    wins("later", annaFirst);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_hour_that_is_set_back_in_autumn_turns_nothing_round(boolean annaFirst) {
    edit(anna, "earlier", local("+2 hours", "-50 minutes"), "-50 minutes");
    edit(ben, "later", local("+1 hours", "-20 minutes"), "-20 minutes");
    wins("later", annaFirst);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_clock_ten_minutes_fast_in_local_time_does_not_win(boolean annaFirst) {
    anna.clock().setError(Duration.ofMinutes(10));
    anna.edit(
        "UPDATE quotes SET title='earlier', updated_at="
            + local("+2 hours", "-40 minutes")
            + " WHERE id='Q1'");
    anna.edit(
        "UPDATE sync_rows_quotes SET moment=strftime('%Y-%m-%d %H:%M:%f', moment, '-40 minutes') WHERE edits IS NOT NULL");
    edit(ben, "later", local("+2 hours", "-45 minutes"), "-45 minutes");
    wins("later", annaFirst);
  }

  @Test
  void what_was_written_is_what_is_posted() {
    edit(anna, "local", local("+2 hours", "-50 minutes"), "-50 minutes");
    String stamp = anna.db().value("SELECT updated_at FROM quotes");
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT updated_at FROM quotes")).isEqualTo(stamp);
  }

  // ---- what is exact stays exact

  @ParameterizedTest
  @CsvSource({
    "'%Y-%m-%dT%H:%M:%SZ', true",
    "'%Y-%m-%dT%H:%M:%SZ', false",
    "'%s', true",
    "'%s', false"
  })
  void an_older_time_that_names_an_instant_is_kept(String form, boolean annaFirst) {
    edit(anna, "older", "strftime('" + form + "','now','-5 hours')", "-10 minutes");
    edit(ben, "younger", local("+0 hours", "-50 minutes"), "-50 minutes");
    wins("younger", annaFirst);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_older_time_that_is_no_zone_away_is_kept(boolean annaFirst) {
    edit(anna, "older", local("-127 minutes", "-10 minutes"), "-10 minutes");
    edit(ben, "younger", local("+0 hours", "-50 minutes"), "-50 minutes");
    wins("younger", annaFirst);
  }

  @ParameterizedTest
  @CsvSource({
    "'+1 years', true",
    "'+1 years', false",
    "'+26 hours', true",
    "'+26 hours', false",
    "'+7 minutes', true",
    "'+7 minutes', false"
  })
  void an_edit_is_never_later_than_it_was_captured(String ahead, boolean annaFirst) {
    edit(anna, "earlier", "strftime('%Y-%m-%dT%H:%M:%SZ','now','" + ahead + "')", "-50 minutes");
    edit(ben, "later", local("+0 hours", "-20 minutes"), "-20 minutes");
    wins("later", annaFirst);
  }

  // ---- a day

  @ParameterizedTest
  @CsvSource({"-50, -20, true", "-50, -20, false", "-20, -1, true", "-20, -1, false"})
  void of_two_edits_that_say_but_the_day_the_later_wins(int first, int second, boolean annaFirst) {
    String earlier = first + " minutes";
    String later = second + " minutes";
    edit(anna, "earlier", "date('now','" + earlier + "')", earlier);
    edit(ben, "later", "date('now','" + later + "')", later);
    wins("later", annaFirst);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_edit_that_says_the_day_and_one_of_that_day_go_by_when_they_were_made(boolean annaFirst) {
    edit(anna, "earlier", "updated_at", "-50 minutes");
    edit(ben, "later", "date('now')", "-20 minutes");
    wins("later", annaFirst);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_day_long_past_is_kept(boolean annaFirst) {
    edit(anna, "older", "date('now','-9 days')", "-10 minutes");
    edit(ben, "younger", local("+0 hours", "-50 minutes"), "-50 minutes");
    wins("younger", annaFirst);
  }

  // ---- at first contact

  @ParameterizedTest
  @CsvSource({"+2 hours", "+13 hours", "+1 years"})
  void a_row_that_was_there_before_does_not_win_for_a_time_to_come(String ahead) {
    edit(ben, "by ben", "updated_at", "-10 minutes");
    fleet.settle();
    Workstation carl = fleet.workstation("carl");
    carl.edit(
        "CREATE TABLE quotes(id TEXT PRIMARY KEY, title TEXT, created_at DATETIME, updated_at DATETIME)",
        "INSERT INTO quotes VALUES('Q1','carls','2025-01-01 08:00:00',datetime('now','-9 minutes','"
            + ahead
            + "'))");
    fleet.settle().assertSame();
    assertThat(carl.db().value(TITLE)).isEqualTo("by ben");
  }

  @Test
  void a_row_never_edited_but_stamped_in_local_time_is_one_that_was_never_edited() {
    Workstation carl = fleet.workstation("carl");
    carl.edit(
        "CREATE TABLE quotes(id TEXT PRIMARY KEY, title TEXT, created_at DATETIME, updated_at DATETIME)",
        "INSERT INTO quotes VALUES('Q1','seed','2025-06-01 08:00:00','2025-06-01 10:00:01')");
    fleet.settle().assertSame();
    assertThat(carl.db().value(TITLE)).isEqualTo("first");
  }
}
