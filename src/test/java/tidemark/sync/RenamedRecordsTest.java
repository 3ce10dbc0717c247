package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.TableRule;
import tidemark.past.Resolution;
import tidemark.testing.Workstation;

/** A record that somebody gives another key, or another number that others refer to. */
@Tag("anyplace")
class RenamedRecordsTest extends FamilyTest {
  private static final TableRule COLUMNS =
      new TableRule(null, true, List.of(), false, List.of(), false, true);

  private void everybodyHasParentAndChild() {
    everybodyHas(
        "CREATE TABLE p(id TEXT PRIMARY KEY, a TEXT)",
        "CREATE TABLE c(id TEXT PRIMARY KEY, p TEXT REFERENCES p(id) ON DELETE CASCADE ON UPDATE CASCADE)",
        "INSERT INTO p(id,a) VALUES('X','0')",
        "INSERT INTO c(id,p) VALUES('c0','X')");
  }

  private static List<String> parents(Workstation at) {
    return rows(at, "SELECT id, a FROM p ORDER BY 1");
  }

  private static List<String> children(Workstation at) {
    return rows(at, "SELECT id, p FROM c ORDER BY 1");
  }

  @Test
  void a_key_spelled_otherwise_costs_no_child() {
    everybodyHas(
        "CREATE TABLE tags(name TEXT COLLATE NOCASE PRIMARY KEY, a TEXT)",
        "CREATE TABLE tagged(id TEXT PRIMARY KEY, tag TEXT REFERENCES tags(name) ON DELETE CASCADE ON UPDATE CASCADE)",
        "INSERT INTO tags(name,a) VALUES('abc','0')",
        "INSERT INTO tagged(id,tag) VALUES('t0','abc')");
    anna.edit("UPDATE tags SET name='ABC'");
    anna.syncWell();
    ben.edit("UPDATE tags SET a='ben'", "INSERT INTO tagged(id,tag) VALUES('t1','abc')");
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT count(*) FROM tags")).containsExactly("1");
    assertThat(rows(cara, "SELECT tagged.id, a FROM tagged JOIN tags ON name=tag ORDER BY 1"))
        .containsExactly("t0|ben", "t1|ben");
    fleet.assertNoOrphans();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void children_of_a_renamed_key_end_under_the_renamed_record(boolean annaFirst) {
    everybodyHasParentAndChild();
    anna.edit("UPDATE p SET id='Y'");
    ben.edit("INSERT INTO c(id,p) VALUES('c1','X')");
    (annaFirst ? anna : ben).syncWell();
    fleet.settle().assertSame();
    assertThat(parents(cara)).containsExactly("Y|0");
    assertThat(children(cara)).containsExactly("c0|Y", "c1|Y");
    assertThat(kinds(cara)).isEmpty();
    fleet.assertNoOrphans();
  }

  private void annaRenames() {
    anna.edit("UPDATE p SET id='Y'", "INSERT INTO c(id,p) VALUES('c2','Y')");
  }

  private void benEdits() {
    ben.edit("UPDATE p SET a='ben'", "INSERT INTO c(id,p) VALUES('c1','X')");
  }

  @ParameterizedTest
  @CsvSource({"true,true", "true,false", "false,true", "false,false"})
  void where_a_renamed_key_meets_another_edit_the_record_is_one_and_its_children_stay_with_it(
      boolean annaFirst, boolean annaLater) {
    everybodyHasParentAndChild();
    if (annaLater) {
      benEdits();
      annaRenames();
    } else {
      annaRenames();
      benEdits();
    }
    (annaFirst ? anna : ben).syncWell();
    fleet.settle().assertSame();
    String id = annaLater ? "Y" : "X";
    assertThat(parents(cara)).containsExactly(annaLater ? "Y|0" : "X|ben");
    assertThat(children(cara)).containsExactly("c0|" + id, "c1|" + id, "c2|" + id);
    assertThat(kinds(cara)).hasSize(1);
    fleet.assertNoOrphans();
  }

  @ParameterizedTest
  @CsvSource({"true,LOCAL", "true,REMOTE", "false,LOCAL", "false,REMOTE"})
  void a_person_chooses_between_a_renamed_key_and_another_edit(
      boolean annaFirst, Resolution.Side side) {
    fleet.all().forEach(each -> each.conflicts = ConflictRule.MANUAL);
    everybodyHasParentAndChild();
    annaRenames();
    benEdits();
    Workstation first = annaFirst ? anna : ben;
    Workstation second = annaFirst ? ben : anna;
    first.syncWell();
    for (int run = 0; run < 2; run++) {
      assertThat(second.sync().status()).isEqualTo("partial");
      cara.syncWell();
      assertThat(parents(cara)).containsExactly(annaFirst ? "Y|0" : "X|ben");
    }
    String open = second.db().value("SELECT id FROM sync_conflicts WHERE resolved=0");
    new Resolution(second.plan(), second.clock()).resolve(open, side);
    fleet.settle().assertSame();
    boolean renamed = annaFirst == (side == Resolution.Side.REMOTE);
    String id = renamed ? "Y" : "X";
    assertThat(parents(cara)).containsExactly(renamed ? "Y|0" : "X|ben");
    assertThat(children(cara)).containsExactly("c0|" + id, "c1|" + id, "c2|" + id);
    assertThat(cara.db().rows("SELECT count(*) FROM sync_conflicts WHERE resolved=0"))
        .containsExactly("0");
    fleet.assertNoOrphans();
  }

  @Test
  void a_record_that_two_workstations_rename_is_still_one() {
    everybodyHasParentAndChild();
    anna.edit("UPDATE p SET id='Y'", "INSERT INTO c(id,p) VALUES('c1','Y')");
    ben.edit("UPDATE p SET id='Z'", "INSERT INTO c(id,p) VALUES('c2','Z')");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(parents(cara)).containsExactly("Z|0");
    assertThat(children(cara)).containsExactly("c0|Z", "c1|Z", "c2|Z");
    fleet.assertNoOrphans();
  }

  /**
   * The last one, too, where its author's clock was put back meanwhile: then that of before counts
   * as the last.
   */
  @ParameterizedTest
  @CsvSource({
    "N1,n1,UPDATE,0",
    "N1,n1,REPLACE,0",
    "X,Y,UPDATE,0",
    "X,Y,REPLACE,0",
    "N1,n1,UPDATE,10",
    "N1,n1,REPLACE,10",
    "X,Y,UPDATE,10",
    "X,Y,REPLACE,10"
  })
  void of_a_rename_and_two_edits_the_last_one_wins(
      String former, String renamed, String last, int minutes) {
    everybodyHas(
        "CREATE TABLE tags(name TEXT COLLATE NOCASE PRIMARY KEY, a TEXT)",
        "CREATE TABLE tagged(id INTEGER PRIMARY KEY AUTOINCREMENT, tag TEXT REFERENCES tags(name) ON DELETE SET NULL ON UPDATE CASCADE)",
        "INSERT INTO tags(name,a) VALUES('" + former + "','0')",
        "INSERT INTO tagged(tag) VALUES('" + former + "')");
    anna.edit("UPDATE tags SET name='" + renamed + "'");
    cara.edit("UPDATE tags SET a='cara'");
    anna.syncWell();
    ben.edit(
        last.equals("UPDATE")
            ? "UPDATE tags SET a='ben'"
            : "INSERT OR REPLACE INTO tags(name,a) VALUES('" + former + "','ben')");
    ben.syncWell();
    cara.clock().setError(Duration.ofMinutes(-minutes));
    cara.syncWell();
    fleet.settle().assertSame();
    String winner = minutes == 0 ? "ben" : "cara";
    assertThat(rows(cara, "SELECT name, a FROM tags")).containsExactly(former + "|" + winner);
    assertThat(rows(cara, "SELECT local_data||remote_data FROM sync_conflicts"))
        .as("the other version")
        .anyMatch(both -> both.contains(minutes == 0 ? "cara" : "ben"));
    assertThat(kinds(cara)).allMatch(kind -> kind.startsWith("update|"));
  }

  @Test
  void a_record_renamed_here_and_deleted_there_is_one_edit_against_one_delete() {
    everybodyHasParentAndChild();
    anna.edit("UPDATE p SET id='Y'");
    ben.edit("DELETE FROM p");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(parents(cara)).isEmpty();
    assertThat(children(cara)).isEmpty();
    assertThat(kinds(cara)).contains("delete|local");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_referenced_number_renamed_elsewhere_takes_new_items_along(boolean annaFirst) {
    everybodyHas(
        QUOTES,
        ITEMS,
        "INSERT INTO q(id,no) VALUES('A','X')",
        "INSERT INTO item(id,no) VALUES('a','X')");
    anna.edit("UPDATE q SET no='Y'");
    ben.edit("INSERT INTO item(id,no) VALUES('b','X')", "UPDATE item SET name='ben' WHERE id='a'");
    (annaFirst ? anna : ben).syncWell();
    fleet.settle().assertSame();
    assertThat(items(cara)).containsExactly("a|Y|A", "b|Y|A");
    assertThat(rows(cara, "SELECT name FROM item WHERE id='a'")).containsExactly("ben");
    fleet.assertNoOrphans();
  }

  @Test
  void where_a_later_edit_brings_the_old_number_back_all_items_come_along() {
    everybodyHas(
        QUOTES,
        ITEMS,
        "INSERT INTO q(id,no) VALUES('A','X')",
        "INSERT INTO item(id,no) VALUES('i0','X')");
    ben.edit("UPDATE q SET no='Y'", "INSERT INTO item(id,no) VALUES('i1','Y')");
    anna.edit("UPDATE q SET name='anna'");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT no, name FROM q")).containsExactly("X|anna");
    assertThat(items(cara)).containsExactly("i0|X|A", "i1|X|A");
    fleet.assertNoOrphans();
  }

  @Test
  void the_same_with_a_key_of_two_columns() {
    everybodyHas(
        "CREATE TABLE q(id INTEGER, rev INTEGER, name TEXT, PRIMARY KEY(id, rev))",
        "CREATE TABLE item(id TEXT PRIMARY KEY, q INTEGER, rev INTEGER, FOREIGN KEY(q, rev) REFERENCES q(id, rev) ON DELETE CASCADE ON UPDATE CASCADE)",
        "INSERT INTO q(id,rev) VALUES(1,1)",
        "INSERT INTO item(id,q,rev) VALUES('i0',1,1)");
    ben.edit("UPDATE q SET rev=2", "INSERT INTO item(id,q,rev) VALUES('i1',1,2)");
    anna.edit("UPDATE q SET name='anna'");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT id, rev, name FROM q")).containsExactly("1|1|anna");
    assertThat(rows(cara, "SELECT id, q, rev FROM item ORDER BY 1"))
        .containsExactly("i0|1|1", "i1|1|1");
    fleet.assertNoOrphans();
  }

  @Test
  void where_two_halves_of_a_reference_are_merged_the_children_have_both() {
    fleet.all().forEach(each -> each.rule("q", COLUMNS));
    everybodyHas(
        "CREATE TABLE q(id TEXT PRIMARY KEY, number TEXT, rev INTEGER, UNIQUE(number, rev))",
        "CREATE TABLE item(id TEXT PRIMARY KEY, number TEXT, rev INTEGER, FOREIGN KEY(number, rev) REFERENCES q(number, rev) ON DELETE CASCADE ON UPDATE CASCADE)",
        "INSERT INTO q(id,number,rev) VALUES('A','X',1)",
        "INSERT INTO item(id,number,rev) VALUES('i0','X',1)");
    anna.edit("UPDATE q SET number='Y'", "INSERT INTO item(id,number,rev) VALUES('i1','Y',1)");
    ben.edit("UPDATE q SET rev=2", "INSERT INTO item(id,number,rev) VALUES('i2','X',2)");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT number, rev FROM q")).containsExactly("Y|2");
    assertThat(rows(cara, "SELECT id, number, rev FROM item ORDER BY 1"))
        .containsExactly("i0|Y|2", "i1|Y|2", "i2|Y|2");
    fleet.assertNoOrphans();
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void a_new_record_renamed_to_a_name_that_others_made_meanwhile_is_theirs_and_has_its_children() {
    everybodyHasParentAndChild();
    anna.edit("INSERT INTO p(id,a) VALUES('N','anna')", "INSERT INTO c(id,p) VALUES('c1','N')");
    ben.edit("INSERT INTO p(id,a) VALUES('M','ben')", "INSERT INTO c(id,p) VALUES('c2','M')");
    ben.edit("UPDATE p SET id='N', a='ben' WHERE id='M'");
    anna.syncWell();
    ben.conflicts = ConflictRule.LOCAL;
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(parents(cara)).containsExactly("N|ben", "X|0");
    assertThat(children(cara)).containsExactly("c0|X", "c1|N", "c2|N");
    assertThat(kinds(cara)).containsExactly("update|local");
    fleet.assertNoOrphans();
  }

  @ParameterizedTest
  @ValueSource(strings = {"X", "Y"})
  void an_edit_of_one_of_two_that_exchanged_their_names_costs_neither(String name) {
    everybodyHasParentAndChild();
    everybodyHas("INSERT INTO p(id,a) VALUES('Y','1')", "INSERT INTO c(id,p) VALUES('c1','Y')");
    anna.edit(
        "UPDATE p SET id='Z' WHERE id='X'",
        "UPDATE p SET id='X' WHERE id='Y'",
        "UPDATE p SET id='Y' WHERE id='Z'");
    anna.syncWell();
    ben.conflicts = ConflictRule.LOCAL;
    ben.edit("UPDATE p SET a='ben' WHERE id='" + name + "'");
    ben.syncWell();
    fleet.settle().assertSame();
    String kept = name.equals("X") ? "Y|0" : "X|1";
    assertThat(parents(cara)).containsExactlyInAnyOrder(name + "|ben", kept);
    assertThat(children(cara)).containsExactly("c0|Y", "c1|X");
    assertThat(kinds(cara)).containsExactly("update|local");
  }

  @Test
  void who_keeps_a_new_name_that_others_gave_to_another_record_has_that_ones_children() {
    everybodyHasParentAndChild();
    anna.edit(
        "UPDATE p SET id='Y' WHERE id='X'",
        "INSERT INTO p(id,a) VALUES('W','anna')",
        "INSERT INTO c(id,p) VALUES('c1','W')");
    anna.syncWell();
    ben.conflicts = ConflictRule.LOCAL;
    ben.edit("UPDATE p SET id='W', a='ben' WHERE id='X'");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(parents(cara)).containsExactly("W|ben");
    assertThat(children(cara)).containsExactly("c0|W", "c1|W");
    assertThat(kinds(cara)).containsExactly("update|local", "update|local");
    assertThat(rows(cara, "SELECT remote_data FROM sync_conflicts").toString())
        .contains("\"anna\"");
  }

  private void everybodyHasQuoteAndItem() {
    everybodyHas(
        QUOTES,
        ITEMS,
        "INSERT INTO q(id,no) VALUES('A','1')",
        "INSERT INTO item(id,no) VALUES('a1','1')");
  }

  @Test
  void items_follow_a_number_though_whoever_changed_it_does_not_sync_them() {
    everybodyHasQuoteAndItem();
    anna.selected = Set.of("q");
    ben.edit("INSERT INTO item(id,no) VALUES('b1','1')");
    ben.syncWell();
    cara.syncWell();
    anna.edit("UPDATE q SET no='2'");
    anna.syncWell();
    cara.syncWell();
    assertThat(items(cara)).containsExactly("a1|2|A", "b1|2|A");
    fleet.settle();
    assertThat(fleet.master().rows("SELECT id, no FROM item ORDER BY 1"))
        .containsExactly("a1|2", "b1|2");
    anna.selected = Set.of();
    fleet.settle().assertSame();
    assertThat(items(anna)).containsExactly("a1|2|A", "b1|2|A");
    fleet.assertNoOrphans();
    assertThat(kinds(anna)).isEmpty();
  }

  @Test
  void a_run_for_the_numbers_alone_leaves_no_item_behind_anywhere() {
    everybodyHasQuoteAndItem();
    anna.edit("UPDATE q SET no='2'", "UPDATE item SET name='anna'");
    anna.sync(Direction.BOTH, "q");
    ben.syncWell();
    assertThat(items(ben)).containsExactly("a1|2|A");
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT id, no, name FROM item")).containsExactly("a1|2|anna");
  }

  @Test
  void items_that_were_left_to_another_quote_on_purpose_stay_with_it() {
    everybodyHas(
        QUOTES,
        "CREATE TABLE item(id TEXT PRIMARY KEY, no TEXT REFERENCES q(no) DEFERRABLE INITIALLY DEFERRED, name TEXT)",
        "INSERT INTO q(id,no) VALUES('A','1')",
        "INSERT INTO item(id,no) VALUES('a1','1')");
    anna.edit("UPDATE q SET no='2' WHERE id='A'", "INSERT INTO q(id,no) VALUES('B','1')");
    fleet.settle().assertSame();
    assertThat(items(ben)).containsExactly("a1|1|B");
    assertThat(kinds(ben)).isEmpty();
  }

  @Test
  void a_rename_that_waits_for_a_choice_to_a_name_that_others_gave_meanwhile_is_told_once() {
    everybodyHas(
        "CREATE TABLE tags(name TEXT COLLATE NOCASE PRIMARY KEY, a TEXT)",
        "INSERT INTO tags(name, a) VALUES('blue','all')");
    anna.rule(
        "tags",
        new TableRule(ConflictRule.MANUAL, false, List.of(), false, List.of(), false, true));
    ben.edit("INSERT INTO tags(name, a) VALUES('RED','ben')").syncWell();
    ben.edit("UPDATE tags SET a='edited' WHERE name='blue'").syncWell();
    anna.edit("UPDATE tags SET name='RED' WHERE name='blue'");
    assertThat(anna.sync().failure()).isNull();
    long head = anna.ledger().last(0);
    assertThat(anna.sync().failure()).isNull();
    assertThat(anna.ledger().last(0)).isEqualTo(head);
    assertThat(anna.db().value("SELECT count(*) FROM sync_conflicts WHERE entry IS NULL"))
        .isEqualTo("0");
  }
}
