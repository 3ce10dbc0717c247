package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tidemark.change.ConflictRule;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** Values that must be unique, and rows that claim one and the same. */
@Tag("anyplace")
class UniqueValuesTest extends FleetTest {
  private static final String OFFERS =
      "CREATE TABLE offers(id TEXT PRIMARY KEY, number TEXT UNIQUE, note TEXT)";
  private static final String PARTS =
      "CREATE TABLE parts(id TEXT PRIMARY KEY, offer TEXT REFERENCES offers(id) ON DELETE CASCADE, name TEXT)";
  private static final String SCREWS =
      "CREATE TABLE screws(id TEXT PRIMARY KEY, part TEXT REFERENCES parts(id) ON DELETE CASCADE)";

  private List<String> offers(Workstation workstation) {
    return workstation.db().rows("SELECT id, number FROM offers ORDER BY id");
  }

  private void put(Workstation workstation, String id, String number, String when) {
    workstation.edit(
        "INSERT INTO offers(id, number, updated_at) VALUES('"
            + id
            + "','"
            + number
            + "','"
            + when
            + "')");
  }

  @Test
  void the_same_quote_number_made_twice_is_one_conflict_and_nobody_is_stuck() {
    everybodyHasTheApplicationsTables();
    anna.edit(
        "INSERT INTO manual_quotes(quoteNumber, type, data, updated_at) VALUES('Q-1','a','anna','2025-01-01 10:00:00')");
    ben.edit(
        "INSERT INTO manual_quotes(quoteNumber, type, data, updated_at) VALUES('Q-1','b','ben','2025-01-01 11:00:00')");
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT quoteNumber, data FROM manual_quotes"))
        .containsExactly("Q-1|ben");
    for (Workstation each : fleet.all()) {
      assertThat(kinds(each)).containsExactly("unique|local");
      assertThat(data(each, "remote_data", "unique")).contains("\"anna\"");
      each.syncWell();
    }
    anna.edit("INSERT INTO manual_quotes(quoteNumber, type, data) VALUES('Q-2','a','next')");
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT count(*) FROM manual_quotes")).isEqualTo("2");
  }

  @Test
  void the_loser_that_was_never_synced_is_kept_in_the_conflict_with_its_children_and_theirs() {
    everybodyHas(OFFERS, PARTS, SCREWS);
    put(anna, "A", "N1", "2025-01-01 11:00:00");
    put(ben, "B", "N1", "2025-01-01 10:00:00");
    ben.edit(
        "INSERT INTO parts(id, offer, name) VALUES('P1','B','pump')",
        "INSERT INTO screws(id, part) VALUES('S1','P1')");
    fleet.settle().assertSame();
    assertThat(offers(cara)).containsExactly("A|N1");
    assertThat(cara.db().value("SELECT count(*) FROM parts")).isEqualTo("0");
    assertThat(kinds(anna)).containsExactly("unique|remote");
    assertThat(data(anna, "local_data", "unique"))
        .contains("\"sync_children\"", "\"pump\"", "\"S1\"", "\"screws\"");
  }

  @Test
  void the_loser_that_others_know_already_is_kept_with_its_children_and_gone_everywhere() {
    everybodyHas(OFFERS, PARTS, SCREWS);
    put(anna, "A", "N1", "2025-01-01 10:00:00");
    anna.edit(
        "INSERT INTO parts(id, offer, name) VALUES('P1','A','pump')",
        "INSERT INTO screws(id, part) VALUES('S1','P1')");
    anna.syncWell();
    put(ben, "B", "N1", "2025-01-01 11:00:00");
    fleet.settle().assertSame();
    assertThat(offers(cara)).containsExactly("B|N1");
    assertThat(cara.db().value("SELECT count(*) FROM screws")).isEqualTo("0");
    assertThat(kinds(anna)).containsExactly("unique|local");
    assertThat(data(anna, "remote_data", "unique"))
        .contains("\"sync_children\"", "\"pump\"", "\"S1\"");
  }

  @Test
  void a_synced_record_edited_into_the_collision_goes_back_to_its_ledger_row() {
    everybodyHas(OFFERS, PARTS, "INSERT INTO offers(id, number) VALUES('B','old')");
    ben.edit("INSERT INTO parts(id, offer, name) VALUES('P','B','kept')");
    ben.syncWell();
    put(anna, "A", "N1", "2025-06-01 11:00:00");
    ben.edit(
        "UPDATE offers SET number='N1', note='mine', updated_at='2025-06-01 10:00:00' WHERE id='B'");
    fleet.settle().assertSame();
    assertThat(offers(cara)).containsExactly("A|N1", "B|old");
    assertThat(cara.db().value("SELECT name FROM parts")).isEqualTo("kept");
    assertThat(kinds(anna)).containsExactly("unique|remote");
    assertThat(data(anna, "local_data", "unique")).contains("\"mine\"");
  }

  @Test
  void a_synced_record_that_lost_after_it_was_posted_goes_back_to_what_it_was() {
    everybodyHas(OFFERS, "INSERT INTO offers(id, number) VALUES('B','old')");
    ben.edit(
        "UPDATE offers SET number='N1', note='mine', updated_at='2025-06-01 10:00:00' WHERE id='B'");
    ben.syncWell();
    put(anna, "A", "N1", "2025-06-01 11:00:00");
    fleet.settle().assertSame();
    assertThat(offers(cara)).containsExactly("A|N1", "B|old");
    assertThat(data(cara, "remote_data", "unique")).contains("\"mine\"");
  }

  @Test
  void two_records_edited_into_one_value_by_two_workstations_leave_the_later_there() {
    everybodyHas(
        OFFERS,
        "INSERT INTO offers(id, number) VALUES('A','a')",
        "INSERT INTO offers(id, number) VALUES('B','b')");
    anna.edit("UPDATE offers SET number='N', updated_at='2025-06-01 10:00:00' WHERE id='A'");
    ben.edit("UPDATE offers SET number='N', updated_at='2025-06-01 11:00:00' WHERE id='B'");
    fleet.settle().assertSame();
    assertThat(offers(cara)).containsExactly("A|a", "B|N");
    assertThat(kinds(cara)).containsExactly("unique|local");
  }

  @Test
  void values_swapped_in_one_posting_are_no_collision() {
    everybodyHas(OFFERS, "INSERT INTO offers(id, number) VALUES('A','1'),('B','2'),('C','3')");
    anna.edit(
        "UPDATE offers SET number='x' WHERE id='A'",
        "UPDATE offers SET number='1' WHERE id='B'",
        "UPDATE offers SET number='2' WHERE id='C'",
        "UPDATE offers SET number='3' WHERE id='A'");
    fleet.settle().assertSame();
    assertThat(offers(cara)).containsExactly("A|3", "B|1", "C|2");
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void the_same_swap_made_on_two_workstations_is_no_collision() {
    everybodyHas(OFFERS, "INSERT INTO offers(id, number) VALUES('A','1'),('B','2')");
    for (Workstation each : List.of(anna, ben)) {
      each.edit(
          "UPDATE offers SET number='x' WHERE id='A'",
          "UPDATE offers SET number='1' WHERE id='B'",
          "UPDATE offers SET number='2' WHERE id='A'");
    }
    fleet.settle().assertSame();
    assertThat(offers(cara)).containsExactly("A|2", "B|1");
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void different_swaps_on_two_workstations_converge_and_lose_no_record() {
    everybodyHas(OFFERS, "INSERT INTO offers(id, number) VALUES('A','1'),('B','2'),('C','3')");
    anna.edit(
        "UPDATE offers SET number='x', updated_at='2025-06-01 10:00:00' WHERE id='A'",
        "UPDATE offers SET number='1', updated_at='2025-06-01 10:00:00' WHERE id='B'",
        "UPDATE offers SET number='2', updated_at='2025-06-01 10:00:01' WHERE id='A'");
    ben.edit(
        "UPDATE offers SET number='x', updated_at='2025-06-01 11:00:00' WHERE id='B'",
        "UPDATE offers SET number='2', updated_at='2025-06-01 11:00:00' WHERE id='C'",
        "UPDATE offers SET number='3', updated_at='2025-06-01 11:00:01' WHERE id='B'");
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT id FROM offers ORDER BY id")).containsExactly("A", "B", "C");
  }

  @Test
  void a_value_given_up_here_and_taken_there_is_no_collision() {
    everybodyHas(OFFERS, "INSERT INTO offers(id, number) VALUES('A','1')");
    anna.edit("UPDATE offers SET number='free' WHERE id='A'");
    anna.syncWell();
    anna.edit("INSERT INTO offers(id, number) VALUES('B','1')");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void a_chain_of_moves_goes_back_link_by_link_when_its_head_loses() {
    everybodyHas(
        OFFERS,
        PARTS,
        "INSERT INTO offers(id, number) VALUES('B','b'),('P','p'),('Q','q')",
        "INSERT INTO parts(id, offer, name) VALUES('1','B','of b'),('2','P','of p'),('3','Q','of q')");
    ben.edit(
        "UPDATE offers SET number='x', updated_at='2025-06-01 10:00:00' WHERE id='B'",
        "UPDATE offers SET number='b', updated_at='2025-06-01 10:00:00' WHERE id='P'",
        "UPDATE offers SET number='p', updated_at='2025-06-01 10:00:00' WHERE id='Q'");
    put(anna, "N", "x", "2025-06-01 11:00:00");
    fleet.settle().assertSame();
    assertThat(offers(cara)).containsExactly("B|b", "N|x", "P|p", "Q|q");
    assertThat(cara.db().value("SELECT count(*) FROM parts")).isEqualTo("3");
    assertThat(kinds(cara)).containsExactly("unique|remote", "unique|remote", "unique|remote");
  }

  @Test
  void keys_that_differ_only_in_case_collide_where_the_table_says_so() {
    everybodyHas("CREATE TABLE codes(code TEXT PRIMARY KEY COLLATE NOCASE, text TEXT)");
    anna.edit(
        "INSERT INTO codes(code, text, updated_at) VALUES('ab','anna','2025-06-01 10:00:00')");
    ben.edit("INSERT INTO codes(code, text, updated_at) VALUES('AB','ben','2025-06-01 11:00:00')");
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT code, text FROM codes")).containsExactly("AB|ben");
    assertThat(kinds(cara)).containsExactly("unique|local");
    anna.edit("UPDATE codes SET code='Ab'");
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT code, text FROM codes")).containsExactly("Ab|ben");
    assertThat(kinds(cara)).hasSize(1);
  }

  @Test
  void unique_values_that_differ_only_in_case_collide_where_the_index_says_so() {
    everybodyHas(
        "CREATE TABLE codes(id TEXT PRIMARY KEY, code TEXT)",
        "CREATE UNIQUE INDEX by_code ON codes(code COLLATE NOCASE)");
    anna.edit("INSERT INTO codes(id, code, updated_at) VALUES('A','ab','2025-06-01 11:00:00')");
    ben.edit("INSERT INTO codes(id, code, updated_at) VALUES('B','AB','2025-06-01 10:00:00')");
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT id, code FROM codes")).containsExactly("A|ab");
    assertThat(kinds(cara)).containsExactly("unique|remote");
  }

  @Test
  void three_claims_to_one_value_leave_one_and_two_conflicts() {
    everybodyHas(OFFERS);
    put(anna, "A", "N", "2025-06-01 10:00:00");
    put(ben, "B", "N", "2025-06-01 12:00:00");
    put(cara, "C", "N", "2025-06-01 11:00:00");
    fleet.settle().assertSame();
    assertThat(offers(anna)).containsExactly("B|N");
    assertThat(kinds(anna)).hasSize(2);
  }

  @Test
  void with_the_rule_manual_both_claims_wait_and_the_choice_ends_it() {
    fleet.all().forEach(each -> each.conflicts = ConflictRule.MANUAL);
    everybodyHas(OFFERS, PARTS);
    put(anna, "A", "N", "2025-06-01 10:00:00");
    put(ben, "B", "N", "2025-06-01 12:00:00");
    ben.edit("INSERT INTO parts(id, offer, name) VALUES('P','B','child')");
    anna.syncWell();
    for (int i = 0; i < 3; i++) {
      assertThat(ben.sync().status()).isEqualTo("partial");
      assertThat(ben.sync().report().held().values().toString()).contains("offers A");
    }
    cara.syncWell();
    assertThat(offers(cara)).containsExactly("A|N");
    assertThat(cara.db().value("SELECT count(*) FROM parts")).isEqualTo("0");
    assertThat(kinds(cara)).containsExactly("unique|null");
    choose(cara, "local");
    fleet.settle().assertSame();
    assertThat(offers(anna)).containsExactly("B|N");
    assertThat(anna.db().value("SELECT name FROM parts")).isEqualTo("child");
    assertThat(kinds(anna)).containsExactly("unique|local");
    assertThat(data(anna, "remote_data", "unique")).contains("\"A\"");
    fleet.all().forEach(Workstation::syncWell);
  }

  @Test
  void with_the_rule_manual_the_other_choice_keeps_the_loser_in_the_conflict() {
    fleet.all().forEach(each -> each.conflicts = ConflictRule.MANUAL);
    everybodyHas(OFFERS, PARTS);
    put(anna, "A", "N", "2025-06-01 10:00:00");
    put(ben, "B", "N", "2025-06-01 12:00:00");
    ben.edit("INSERT INTO parts(id, offer, name) VALUES('P','B','child')");
    anna.syncWell();
    ben.sync();
    cara.syncWell();
    choose(cara, "remote");
    fleet.settle().assertSame();
    assertThat(offers(anna)).containsExactly("A|N");
    assertThat(kinds(anna)).containsExactly("unique|remote");
    assertThat(data(anna, "local_data", "unique")).contains("\"B\"", "\"child\"");
    fleet.all().forEach(Workstation::syncWell);
  }

  private void bothWait() {
    fleet.all().forEach(each -> each.conflicts = ConflictRule.MANUAL);
    everybodyHas(OFFERS, PARTS);
    put(anna, "A", "N", "2025-06-01 10:00:00");
    anna.edit("INSERT INTO parts(id, offer, name) VALUES('PA','A','of a')");
    put(ben, "B", "N", "2025-06-01 12:00:00");
    anna.syncWell();
    assertThat(ben.sync().report().held().keySet()).containsExactly("offers A", "parts PA");
    cara.syncWell();
  }

  @Test
  void an_open_collision_shows_the_present_rows_as_one_conflict() {
    bothWait();
    ben.edit("UPDATE offers SET note='later'");
    anna.edit("UPDATE offers SET note='later too'");
    anna.syncWell();
    ben.sync();
    cara.syncWell();
    assertThat(kinds(cara)).containsExactly("unique|null");
    assertThat(data(cara, "local_data", "unique")).contains("\"later\"");
    assertThat(data(cara, "remote_data", "unique")).contains("\"later too\"");
    choose(cara, "local");
    fleet.settle().assertSame();
    assertThat(offers(anna)).containsExactly("B|N");
    assertThat(cara.db().rows("SELECT local_data, remote_data FROM sync_conflicts").toString())
        .contains("\"of a\"");
    fleet.all().forEach(Workstation::syncWell);
  }

  @Test
  void a_child_added_after_the_choice_is_kept_in_the_conflict_with_its_parent() {
    bothWait();
    choose(cara, "remote");
    cara.syncWell();
    ben.edit("INSERT INTO parts(id, offer, name) VALUES('PB','B','added late')");
    fleet.settle().assertSame();
    assertThat(offers(anna)).containsExactly("A|N");
    assertThat(data(anna, "local_data", "unique")).contains("\"added late\"");
  }

  @Test
  void an_open_collision_ends_when_the_waiting_row_gives_the_value_up() {
    bothWait();
    ben.edit("UPDATE offers SET number='other'");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(offers(cara)).containsExactly("A|N", "B|other");
    assertThat(cara.db().rows("SELECT kind, resolved, resolution FROM sync_conflicts"))
        .containsExactly("unique|1|superseded");
  }

  @Test
  void an_open_collision_ends_when_the_other_row_gives_the_value_up() {
    bothWait();
    anna.edit("UPDATE offers SET number='other'");
    fleet.settle().assertSame();
    assertThat(offers(cara)).containsExactly("A|other", "B|N");
    assertThat(cara.db().rows("SELECT resolved FROM sync_conflicts")).containsExactly("1");
  }

  @Test
  void a_choice_about_earlier_rows_does_not_choose_later_edits_away() {
    bothWait();
    choose(cara, "remote");
    cara.syncWell();
    ben.edit("UPDATE offers SET note='later'");
    assertThat(ben.sync().status()).isEqualTo("partial");
    cara.syncWell();
    assertThat(kinds(cara)).containsExactly("unique|null", "unique|remote");
    choose(cara, "local");
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT id, note FROM offers")).containsExactly("B|later");
  }

  @Test
  void who_took_the_value_of_a_row_that_waits_for_a_person_waits_with_it() {
    fleet.all().forEach(each -> each.conflicts = ConflictRule.MANUAL);
    everybodyHas(OFFERS, "INSERT INTO offers(id, number) VALUES('A','1'),('B','2')");
    anna.edit("UPDATE offers SET note='anna' WHERE id='A'");
    anna.syncWell();
    ben.edit(
        "UPDATE offers SET number='3' WHERE id='A'", "UPDATE offers SET number='1' WHERE id='B'");
    ben.sync();
    cara.syncWell();
    assertThat(offers(cara)).containsExactly("A|1", "B|2");
    choose(cara, "remote");
    cara.syncWell();
    ben.sync();
    cara.syncWell();
    assertThat(kinds(cara)).containsExactly("unique|null", "update|remote");
    choose(cara, "remote");
    fleet.settle().assertSame();
    assertThat(offers(cara)).containsExactly("A|1", "B|2");
    fleet.all().forEach(Workstation::syncWell);
  }

  @Test
  void a_push_does_not_post_who_took_the_value_of_a_contested_row() {
    everybodyHas(OFFERS, "INSERT INTO offers(id, number) VALUES('A','1'),('B','2')");
    anna.edit("UPDATE offers SET note='anna' WHERE id='A'");
    anna.syncWell();
    ben.edit(
        "UPDATE offers SET number='3', updated_at='2025-01-01 10:00:00' WHERE id='A'",
        "UPDATE offers SET number='1', updated_at='2025-01-01 10:00:00' WHERE id='B'");
    ben.sync(tidemark.change.Direction.PUSH);
    cara.syncWell();
    assertThat(offers(cara)).containsExactly("A|1", "B|2");
    fleet.settle().assertSame();
    assertThat(offers(cara)).containsExactly("A|1", "B|2");
    fleet.all().forEach(Workstation::syncWell);
  }

  @Test
  void held_rows_of_two_links_follow_when_the_first_is_free() {
    everybodyHas(OFFERS, "INSERT INTO offers(id, number) VALUES('A','1'),('B','2')");
    anna.edit("UPDATE offers SET number='3' WHERE id='B'");
    anna.edit("UPDATE offers SET number='2' WHERE id='A'");
    anna.syncWell();
    anna.edit("INSERT INTO offers(id, number) VALUES('C','1')");
    anna.syncWell();
    ben.edit("UPDATE offers SET note='seen', updated_at='2024-01-01 10:00:00' WHERE id='B'");
    fleet.settle().assertSame();
    assertThat(offers(cara)).containsExactly("A|2", "B|3", "C|1");
  }

  private static void choose(Workstation at, String winner) {
    at.db()
        .update(
            "UPDATE sync_conflicts SET resolved=1, resolution=?, winner=?, entry=NULL, resolved_by='somebody' WHERE resolved=0",
            winner,
            winner);
  }
}
