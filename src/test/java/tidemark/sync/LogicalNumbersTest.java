package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.change.TableRule;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** Numbers that no index guards, and keys that only the config knows. */
class LogicalNumbersTest extends FleetTest {
  private static final String FULL_ID = "CA250115ACM-1234-00";

  private void unique(boolean renumber) {
    TableRule rule =
        new TableRule(null, false, List.of("fullId"), renumber, List.of(), false, true);
    fleet.all().forEach(each -> each.rule("generated_numbers", rule));
    everybodyHasTheApplicationsTables();
  }

  private static void number(Workstation at, String fullId) {
    at.edit(
        "INSERT INTO generated_numbers(type, mainId, fullId, customerName) VALUES('quote','CA250115ACM','"
            + fullId
            + "','"
            + at.name()
            + "')");
  }

  private static List<String> numbers(Workstation at) {
    return at.db().rows("SELECT customerName, fullId FROM generated_numbers ORDER BY customerName");
  }

  @Test
  void one_logical_number_given_twice_is_told_once_and_both_are_kept() {
    unique(false);
    number(anna, FULL_ID);
    number(ben, FULL_ID);
    fleet.settle().assertSame();
    assertThat(numbers(cara)).containsExactly("anna|" + FULL_ID, "ben|" + FULL_ID);
    for (Workstation each : fleet.all()) {
      assertThat(kinds(each)).containsExactly("duplicate|both");
      assertThat(data(each, "local_data||remote_data", "duplicate"))
          .contains("\"anna\"", "\"ben\"");
      each.syncWell();
    }
    cara.edit("UPDATE generated_numbers SET poNumber='1'");
    fleet.settle().assertSame();
    assertThat(kinds(anna)).containsExactly("duplicate|both");
  }

  @Test
  void a_third_holder_of_a_number_is_told_too() {
    unique(false);
    fleet.all().forEach(each -> number(each, FULL_ID));
    fleet.settle().assertSame();
    assertThat(kinds(anna)).containsExactly("duplicate|both", "duplicate|both");
  }

  @Test
  void numbers_with_an_empty_part_collide_with_nothing() {
    TableRule rule = new TableRule(null, false, List.of("a", "b"), true, List.of(), false, true);
    fleet.all().forEach(each -> each.rule("pairs", rule));
    everybodyHas("CREATE TABLE pairs(id TEXT PRIMARY KEY, a TEXT, b TEXT)");
    anna.edit("INSERT INTO pairs(id, a, b) VALUES('A','x',NULL)");
    ben.edit("INSERT INTO pairs(id, a, b) VALUES('B','x',NULL)");
    fleet.settle().assertSame();
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void the_later_of_two_holders_gets_the_next_free_number() {
    unique(true);
    number(anna, FULL_ID);
    number(ben, FULL_ID);
    number(cara, FULL_ID);
    fleet.settle().assertSame();
    assertThat(numbers(anna))
        .containsExactly(
            "anna|CA250115ACM-1234-00", "ben|CA250115ACM-1234-01", "cara|CA250115ACM-1234-02");
    assertThat(kinds(anna)).isEmpty();
  }

  @Test
  void the_next_number_is_one_nobody_holds() {
    unique(true);
    number(anna, FULL_ID);
    number(anna, "CA250115ACM-1234-01");
    number(ben, FULL_ID);
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT fullId FROM generated_numbers WHERE customerName='ben'"))
        .isEqualTo("CA250115ACM-1234-02");
  }

  @Test
  void a_number_counts_on_beyond_its_digits_and_text_behind_them_stays() {
    unique(true);
    number(anna, "A-99-x");
    number(ben, "A-99-x");
    fleet.settle().assertSame();
    assertThat(numbers(cara)).containsExactly("anna|A-99-x", "ben|A-100-x");
  }

  @Test
  void a_number_without_digits_is_told_instead() {
    unique(true);
    number(anna, "none");
    number(ben, "none");
    fleet.settle().assertSame();
    assertThat(numbers(cara)).containsExactly("anna|none", "ben|none");
    assertThat(kinds(cara)).containsExactly("duplicate|both");
  }

  @Test
  void two_holders_that_are_both_known_already_are_renumbered_alike_everywhere() {
    everybodyHasTheApplicationsTables();
    number(anna, FULL_ID);
    number(ben, FULL_ID);
    fleet.settle().assertSame();
    TableRule rule = new TableRule(null, false, List.of("fullId"), true, List.of(), false, true);
    fleet.all().forEach(each -> each.rule("generated_numbers", rule));
    fleet.all().forEach(each -> each.edit("UPDATE generated_numbers SET poNumber=customerName"));
    fleet.settle().assertSame();
    assertThat(numbers(cara))
        .containsExactly("anna|CA250115ACM-1234-00", "ben|CA250115ACM-1234-01");
  }

  @Test
  void a_table_without_a_key_is_synced_by_the_key_the_config_names() {
    TableRule keyed = new TableRule(null, false, List.of(), false, List.of("note_no"), false, true);
    fleet.all().forEach(each -> each.rule("legacy_notes", keyed));
    everybodyHas(
        "CREATE TABLE legacy_notes(note_no INTEGER, text TEXT)",
        "INSERT INTO legacy_notes(note_no, text) VALUES(1,'one'),(2,'two')");
    anna.edit("UPDATE legacy_notes SET text='ONE' WHERE note_no=1");
    ben.edit(
        "DELETE FROM legacy_notes WHERE note_no=2",
        "INSERT INTO legacy_notes(note_no, text) VALUES(3,'three')");
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT note_no, text FROM legacy_notes ORDER BY 1"))
        .containsExactly("1|ONE", "3|three");
  }

  @Test
  void without_a_key_a_table_is_refused_by_name_and_the_others_go_through() {
    anna.edit(
        "CREATE TABLE legacy_notes(note_no INTEGER, text TEXT)",
        "CREATE TABLE good(id TEXT PRIMARY KEY)",
        "INSERT INTO good(id) VALUES('G')");
    assertThat(anna.sync().status()).isEqualTo("partial");
    assertThat(anna.sync().report().held().get("legacy_notes"))
        .contains("no primary key", "config");
    ben.syncWell();
    assertThat(ben.db().value("SELECT id FROM good")).isEqualTo("G");
  }

  @Test
  void a_configured_key_that_is_not_unique_is_refused_by_name_until_it_is() {
    TableRule keyed = new TableRule(null, false, List.of(), false, List.of("note_no"), false, true);
    fleet.all().forEach(each -> each.rule("legacy_notes", keyed));
    everybodyHas(
        "CREATE TABLE legacy_notes(note_no INTEGER, text TEXT)",
        "INSERT INTO legacy_notes(note_no, text) VALUES(1,'one')");
    ben.edit("INSERT INTO legacy_notes(note_no, text) VALUES(1,'another one')");
    anna.edit("INSERT INTO legacy_notes(note_no, text) VALUES(2,'two')");
    anna.syncWell();
    for (int run = 0; run < 2; run++) {
      assertThat(ben.sync().status()).isEqualTo("partial");
      assertThat(ben.sync().report().held().get("legacy_notes"))
          .contains("several rows", "note_no");
    }
    ben.edit("UPDATE legacy_notes SET note_no=3 WHERE text='another one'");
    fleet.settle().assertSame();
    fleet.all().forEach(Workstation::syncWell);
    assertThat(cara.db().rows("SELECT note_no, text FROM legacy_notes ORDER BY 1"))
        .containsExactly("1|one", "2|two", "3|another one");
  }

  @Test
  void a_row_without_its_configured_key_is_refused_by_name() {
    TableRule keyed = new TableRule(null, false, List.of(), false, List.of("note_no"), false, true);
    fleet.all().forEach(each -> each.rule("legacy_notes", keyed));
    everybodyHas(
        "CREATE TABLE legacy_notes(note_no INTEGER, text TEXT)",
        "INSERT INTO legacy_notes(note_no, text) VALUES(1,'one')");
    ben.edit("INSERT INTO legacy_notes(note_no, text) VALUES(NULL,'no number')");
    assertThat(ben.sync().report().held().get("legacy_notes")).contains("NULL");
    ben.edit("UPDATE legacy_notes SET note_no=2 WHERE note_no IS NULL");
    fleet.settle().assertSame();
    assertThat(cara.db().value("SELECT count(*) FROM legacy_notes")).isEqualTo("2");
  }
}
