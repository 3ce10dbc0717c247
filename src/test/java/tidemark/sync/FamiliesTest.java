package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.ConflictRule;
import tidemark.change.Json;
import tidemark.change.TableRule;
import tidemark.past.Resolution;
import tidemark.testing.Workstation;

/** What a child refers to is a record: it goes where that record goes, whatever its values are. */
@Tag("anyplace")
class FamiliesTest extends FamilyTest {
  private static final String PARTS =
      "CREATE TABLE part(id TEXT PRIMARY KEY, item TEXT REFERENCES item(id) ON DELETE CASCADE, name TEXT)";
  private static final TableRule MANUAL =
      new TableRule(ConflictRule.MANUAL, false, List.of(), false, List.of(), false, true);

  // ---- two records, one value

  private void twoQuotesWithOneNumber() {
    everybodyHas(QUOTES, ITEMS, PARTS);
    anna.edit(
        "INSERT INTO q(id,no,name) VALUES('A','7','anna')",
        "INSERT INTO item(id,no) VALUES('a1','7'),('a2','7')",
        "INSERT INTO part(id,item) VALUES('pa','a1')");
    ben.edit(
        "INSERT INTO q(id,no,name) VALUES('B','7','ben')",
        "INSERT INTO item(id,no) VALUES('b1','7')",
        "INSERT INTO part(id,item) VALUES('pb','b1')");
  }

  @Test
  void only_the_losers_items_go_with_it_and_the_winners_stay() {
    twoQuotesWithOneNumber();
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT id FROM q")).containsExactly("B");
    assertThat(items(cara)).containsExactly("b1|7|B");
    assertThat(rows(cara, "SELECT id FROM part")).containsExactly("pb");
    assertThat(kinds(cara)).containsExactly("unique|local");
    assertThat(data(cara, "remote_data", "unique"))
        .contains("a1", "a2", "pa")
        .doesNotContain("b1", "pb");
  }

  @Test
  void the_same_where_the_later_quote_is_posted_first() {
    twoQuotesWithOneNumber();
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT id FROM q")).containsExactly("B");
    assertThat(items(cara)).containsExactly("b1|7|B");
    assertThat(data(cara, "local_data", "unique"))
        .contains("a1", "a2", "pa")
        .doesNotContain("b1", "pb");
  }

  @Test
  void restoring_the_loser_brings_each_item_back_under_its_own_quote() {
    twoQuotesWithOneNumber();
    anna.syncWell();
    fleet.settle();
    String id = cara.db().value("SELECT id FROM sync_conflicts");
    new Resolution(cara.plan(), cara.clock()).restore(id);
    fleet.settle().assertSame();
    assertThat(rows(anna, "SELECT id FROM q")).containsExactly("A");
    assertThat(items(anna)).containsExactly("a1|7|A", "a2|7|A");
    assertThat(rows(anna, "SELECT id FROM part")).containsExactly("pa");
    String swapped = anna.db().value("SELECT id FROM sync_conflicts WHERE id<>?", id);
    new Resolution(anna.plan(), anna.clock()).restore(swapped, Json.row("{\"no\":\"8\"}"));
    fleet.settle().assertSame();
    assertThat(items(ben)).containsExactly("a1|7|A", "a2|7|A", "b1|8|B");
    fleet.assertNoOrphans();
  }

  @Test
  void restoring_under_another_number_does_so_where_items_hold_it_as_text() {
    everybodyHas(
        "CREATE TABLE q(id TEXT PRIMARY KEY, no INTEGER UNIQUE, name TEXT)",
        "CREATE TABLE item(id TEXT PRIMARY KEY, no TEXT REFERENCES q(no) ON DELETE CASCADE ON UPDATE CASCADE, name TEXT)");
    anna.edit("INSERT INTO q(id,no) VALUES('A',7)", "INSERT INTO item(id,no) VALUES('a1','7')");
    ben.edit("INSERT INTO q(id,no) VALUES('B',7)", "INSERT INTO item(id,no) VALUES('b1','7')");
    anna.syncWell();
    fleet.settle();
    String id = cara.db().value("SELECT id FROM sync_conflicts");
    new Resolution(cara.plan(), cara.clock()).restore(id, Json.row("{\"no\":8}"));
    fleet.settle().assertSame();
    assertThat(items(anna)).containsExactly("a1|8|A", "b1|7|B");
    fleet.assertNoOrphans();
  }

  @Test
  void restoring_a_version_with_another_number_takes_the_items_along() {
    everybodyHas(
        QUOTES,
        ITEMS,
        "INSERT INTO q(id,no) VALUES('A','X')",
        "INSERT INTO item(id,no) VALUES('a1','X')");
    anna.edit("UPDATE q SET no='Y'");
    ben.edit("UPDATE q SET name='ben'");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(items(cara)).containsExactly("a1|X|A");
    cara.rule("private", new TableRule(null, false, List.of(), false, List.of(), false, false));
    cara.edit(
        "CREATE TABLE private(id TEXT PRIMARY KEY, no TEXT REFERENCES q(no))",
        "INSERT INTO private(id,no) VALUES('p','X')");
    String id = cara.db().value("SELECT id FROM sync_conflicts WHERE table_name='q'");
    new Resolution(cara.plan(), cara.clock()).restore(id);
    fleet.settle().assertSameRows("q").assertSameRows("item");
    assertThat(items(anna)).containsExactly("a1|Y|A");
    assertThat(rows(cara, "SELECT no FROM private")).containsExactly("Y");
    fleet.assertNoOrphans();
  }

  @Test
  void a_quote_that_has_to_give_its_new_number_back_takes_its_items_along() {
    everybodyHas(
        QUOTES,
        ITEMS,
        "INSERT INTO q(id,no) VALUES('A','X')",
        "INSERT INTO item(id,no) VALUES('a1','X')");
    anna.edit("UPDATE q SET no='Y' WHERE id='A'");
    ben.edit("INSERT INTO q(id,no) VALUES('B','Y')", "INSERT INTO item(id,no) VALUES('b1','Y')");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(items(cara)).containsExactly("a1|X|A", "b1|Y|B");
  }

  @Test
  void the_same_where_the_renumbering_was_posted_first() {
    everybodyHas(
        QUOTES,
        ITEMS,
        "INSERT INTO q(id,no) VALUES('A','X')",
        "INSERT INTO item(id,no) VALUES('a1','X')");
    anna.edit("UPDATE q SET no='Y' WHERE id='A'", "INSERT INTO item(id,no) VALUES('a2','Y')");
    anna.syncWell();
    ben.edit("INSERT INTO q(id,no) VALUES('B','Y')", "INSERT INTO item(id,no) VALUES('b1','Y')");
    anna.edit("INSERT INTO item(id,no) VALUES('a3','Y')");
    fleet.settle().assertSame();
    assertThat(items(cara)).containsExactly("a1|X|A", "a2|X|A", "a3|X|A", "b1|Y|B");
  }

  private static void exchange(Workstation at, String one, String other) {
    at.edit(
        "UPDATE q SET no='" + one + other + "' WHERE no='" + one + "'",
        "UPDATE q SET no='" + one + "' WHERE no='" + other + "'",
        "UPDATE q SET no='" + other + "' WHERE no='" + one + other + "'");
  }

  private static void resolve(Workstation at, String quote) {
    String open =
        at.db()
            .value(
                "SELECT id FROM sync_conflicts WHERE resolved=0 AND kind='update' AND row_key=?",
                quote);
    new Resolution(at.plan(), at.clock()).resolve(open, Resolution.Side.REMOTE);
  }

  @Test
  void who_has_to_wait_for_a_number_keeps_its_own_and_its_items_meanwhile() {
    everybodyHas(
        QUOTES,
        ITEMS,
        "INSERT INTO q(id,no) VALUES('A','1'),('B','2'),('C','3')",
        "INSERT INTO item(id,no) VALUES('a1','1'),('b1','2'),('c1','3')");
    anna.rule("q", MANUAL);
    exchange(anna, "1", "2");
    cara.edit("UPDATE q SET name='cara' WHERE id='A'");
    cara.syncWell();
    anna.sync();
    exchange(ben, "2", "3");
    ben.syncWell();
    resolve(anna, "[\"A\"]");
    anna.sync(); // A's 1 is B's here, so that A's 2, which is C's by now, is not free either
    assertThat(items(anna)).containsExactly("a1|2|A", "b1|1|B", "c1|3|C");
    resolve(anna, "[\"B\"]");
    fleet.settle().assertSame();
    assertThat(items(anna)).containsExactly("a1|1|A", "b1|3|B", "c1|2|C");
    fleet.assertNoOrphans();
  }

  @Test
  void of_two_choices_about_one_quote_each_can_be_made() {
    everybodyHas(QUOTES, "INSERT INTO q(id,no) VALUES('B','2')");
    anna.rule("q", MANUAL);
    anna.edit("UPDATE q SET no='1' WHERE id='B'");
    cara.edit("INSERT INTO q(id,no) VALUES('A','1')");
    cara.syncWell();
    anna.sync();
    ben.edit("UPDATE q SET name='ben' WHERE id='B'");
    ben.syncWell();
    anna.sync();
    assertThat(rows(anna, "SELECT kind FROM sync_conflicts WHERE resolved=0 ORDER BY 1"))
        .containsExactly("unique", "update");
    resolve(anna, "[\"B\"]");
    fleet.settle().assertSame();
    assertThat(rows(anna, "SELECT id, no, name FROM q ORDER BY 1"))
        .containsExactly("A|1|null", "B|2|ben");
    assertThat(rows(cara, "SELECT 1 FROM sync_conflicts WHERE resolved=0")).isEmpty();
  }

  @Test
  void whatever_a_person_chooses_no_item_is_taken_away() {
    fleet.all().forEach(each -> each.rule("q", MANUAL));
    everybodyHas(QUOTES, ITEMS);
    for (Resolution.Side side : Resolution.Side.values()) {
      String n = side.word();
      everybodyHas(
          "INSERT INTO q(id,no) VALUES('A" + n + "','X" + n + "')",
          "INSERT INTO item(id,no) VALUES('i0" + n + "','X" + n + "')");
      anna.edit(
          "UPDATE q SET no='Y" + n + "' WHERE no='X" + n + "'",
          "INSERT INTO item(id,no) VALUES('i1" + n + "','Y" + n + "')");
      ben.edit(
          "UPDATE q SET no='Z" + n + "' WHERE no='X" + n + "'",
          "INSERT INTO item(id,no) VALUES('i2" + n + "','Z" + n + "')");
      anna.syncWell();
      assertThat(ben.sync().status()).isEqualTo("partial");
      cara.syncWell();
      String open =
          ben.db().value("SELECT id FROM sync_conflicts WHERE resolved=0 AND table_name='q'");
      new Resolution(ben.plan(), ben.clock()).resolve(open, side);
      fleet.settle().assertSame();
      String no = (side == Resolution.Side.LOCAL ? "Z" : "Y") + n;
      String quote = "|" + no + "|A" + n;
      assertThat(
              rows(
                  cara,
                  "SELECT item.id, item.no, q.id FROM item LEFT JOIN q USING(no) WHERE item.id LIKE '%"
                      + n
                      + "' ORDER BY 1"))
          .containsExactly("i0" + n + quote, "i1" + n + quote, "i2" + n + quote);
    }
    fleet.assertNoOrphans();
  }

  @Test
  void a_child_of_a_numbered_record_follows_it_by_two_columns_too() {
    everybodyHas(
        "CREATE TABLE q(id INTEGER PRIMARY KEY AUTOINCREMENT, rev INTEGER NOT NULL DEFAULT 1, name TEXT, UNIQUE(id, rev))",
        "CREATE TABLE item(q INTEGER, rev INTEGER, n INTEGER, name TEXT, PRIMARY KEY(q, rev, n), FOREIGN KEY(q, rev) REFERENCES q(id, rev) ON DELETE CASCADE ON UPDATE CASCADE)",
        "CREATE TABLE part(id TEXT PRIMARY KEY, q INTEGER, rev INTEGER, n INTEGER, FOREIGN KEY(q, rev, n) REFERENCES item(q, rev, n) ON DELETE CASCADE ON UPDATE CASCADE)");
    for (Workstation each : List.of(anna, ben)) {
      String name = each.name();
      each.edit(
          "INSERT INTO q(name) VALUES('" + name + "')",
          "INSERT INTO item(q,rev,n,name) VALUES(1,1,1,'" + name + "')",
          "INSERT INTO part(id,q,rev,n) VALUES('" + name + "',1,1,1)");
    }
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(
            rows(
                cara,
                "SELECT q.name, item.name, part.id FROM q JOIN item ON item.q=q.id JOIN part ON part.q=q.id ORDER BY 1"))
        .containsExactly("anna|anna|anna", "ben|ben|ben");
    fleet.assertNoOrphans();
  }

  // ---- what SQLite holds for equal

  @Test
  void a_text_that_refers_to_a_number_brings_its_parent_back_whoever_syncs_first() {
    for (boolean annaFirst : List.of(true, false)) {
      String t = annaFirst ? "1" : "2";
      everybodyHas(
          "CREATE TABLE p" + t + "(id INTEGER PRIMARY KEY, a TEXT)",
          "CREATE TABLE c"
              + t
              + "(id TEXT PRIMARY KEY, p TEXT REFERENCES p"
              + t
              + "(id) ON DELETE CASCADE)",
          "INSERT INTO p" + t + "(id,a) VALUES(5,'five')",
          "INSERT INTO c" + t + "(id,p) VALUES('c0','5')");
      anna.edit("DELETE FROM p" + t);
      ben.edit("INSERT INTO c" + t + "(id,p) VALUES('c1','5')");
      (annaFirst ? anna : ben).syncWell();
      fleet.settle().assertSame();
      assertThat(rows(cara, "SELECT id, a FROM p" + t)).containsExactly("5|five");
      assertThat(rows(cara, "SELECT id, p FROM c" + t)).containsExactly("c1|5");
    }
    fleet.assertNoOrphans();
  }

  // ---- cost

  @Test
  void many_rows_that_refer_to_one_another_in_rings_cost_no_more_than_they_are() {
    everybodyHas(
        "CREATE TABLE a(id INTEGER PRIMARY KEY, b INTEGER REFERENCES b(id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE b(id INTEGER PRIMARY KEY, a INTEGER REFERENCES a(id) DEFERRABLE INITIALLY DEFERRED)");
    anna.edit(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<900) INSERT INTO a(id,b) SELECT i, i FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<900) INSERT INTO b(id,a) SELECT i, i%900+1 FROM n");
    fleet.all().forEach(Workstation::syncWell);
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT count(*) FROM a JOIN b ON b.id=a.b")).containsExactly("900");
  }

  @Test
  void rows_that_refer_to_their_own_nullable_number_travel_together() {
    everybodyHas(
        "CREATE TABLE n(id TEXT PRIMARY KEY, no TEXT UNIQUE, above TEXT REFERENCES n(no))");
    anna.edit(
        "WITH RECURSIVE n0(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n0 WHERE i<50) INSERT INTO n(id) SELECT 'x'||i FROM n0",
        "INSERT INTO n(id,no,above) VALUES('z','1',NULL),('b','2','1'),('a','3','2')");
    anna.syncWell();
    assertThat(anna.db().value("SELECT max(number) FROM sync_entries"))
        .isEqualTo(String.valueOf(before() + 1));
    fleet.settle().assertSame();
  }

  private long before() {
    return Long.parseLong(ben.db().value("SELECT max(number) FROM sync_entries"));
  }

  private void annaSwapsTwoAndDeletesTheRootOfOne() {
    everybodyHas(
        "CREATE TABLE branch(id TEXT PRIMARY KEY, no TEXT UNIQUE, up TEXT REFERENCES branch(no) ON DELETE CASCADE ON UPDATE CASCADE)",
        "INSERT INTO branch(id,no,up) VALUES('root','1',NULL),('mid','2','1'),('leaf','3','2'),('other','9',NULL)");
    anna.edit(
        "UPDATE branch SET no='0' WHERE id='other'",
        "UPDATE branch SET no='9' WHERE id='mid'",
        "UPDATE branch SET no='2' WHERE id='other'",
        "DELETE FROM branch WHERE id='root'");
    ben.edit("INSERT INTO branch(id,no,up) VALUES('new','4','3')");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void all_come_back_where_the_other_one_has_its_own_number_again(boolean annaFirst) {
    annaSwapsTwoAndDeletesTheRootOfOne();
    ben.edit("UPDATE branch SET up='4' WHERE id='other'");
    (annaFirst ? anna : ben).syncWell();
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT id, no, up FROM branch"))
        .containsExactly("root|1|null", "mid|2|1", "leaf|3|2", "other|9|4", "new|4|3");
    fleet.assertNoOrphans();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void who_is_brought_back_does_not_fall_to_who_has_its_parents_number_by_now(boolean annaFirst) {
    annaSwapsTwoAndDeletesTheRootOfOne();
    (annaFirst ? anna : ben).syncWell();
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT id, no, up FROM branch")).containsExactly("other|2|null");
    assertThat(kinds(cara)).contains("foreign key|remote");
    assertThat(rows(cara, "SELECT local_data, remote_data FROM sync_conflicts").toString())
        .contains("\"new\"");
  }

  /** The parent's change waits for a person; a child that others edit meanwhile waits with it. */
  @ParameterizedTest
  @EnumSource(Resolution.Side.class)
  void a_child_of_what_waits_for_a_person_is_no_orphan_whatever_is_chosen(Resolution.Side side) {
    fleet.all().forEach(each -> each.rule("q", MANUAL));
    everybodyHas(
        QUOTES,
        ITEMS,
        "INSERT INTO q(id,no) VALUES('A','7')",
        "INSERT INTO item(id,no) VALUES('a1','7')");
    anna.edit("DELETE FROM q");
    ben.edit("UPDATE q SET no='8'", "UPDATE item SET name='ben'");
    ben.syncWell();
    assertThat(anna.sync().status()).isEqualTo("partial");
    String open = anna.db().value("SELECT id FROM sync_conflicts WHERE resolved=0");
    new Resolution(anna.plan(), anna.clock()).resolve(open, side);
    fleet.settle().assertSame();
    fleet.assertNoOrphans();
    assertThat(items(cara)).containsExactly("a1|8|A");
  }

  /** To SQLite two spellings are one name, and only one of the two can have it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void who_is_renamed_to_a_name_that_is_new_here_keeps_a_new_child(boolean edited) {
    everybodyHas(
        "CREATE TABLE label(name TEXT COLLATE NOCASE PRIMARY KEY, a TEXT)",
        "CREATE TABLE labelled(id TEXT PRIMARY KEY, label TEXT REFERENCES label(name) ON DELETE CASCADE ON UPDATE CASCADE)",
        "INSERT INTO label(name,a) VALUES('n4','0'),('gone','0')");
    anna.edit("UPDATE label SET name='N1' WHERE name='n4'", "DELETE FROM label WHERE name='gone'");
    ben.edit(
        edited ? "UPDATE label SET a='ben' WHERE name='n4'" : "SELECT 1",
        "INSERT INTO labelled(id,label) VALUES('of one that comes back','gone')",
        "INSERT INTO labelled(id,label) VALUES('c','N4')",
        "INSERT INTO label(name,a) VALUES('n1','ben')");
    anna.syncWell();
    fleet.all().forEach(each -> each.conflicts = ConflictRule.MASTER);
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT id, name, a FROM labelled JOIN label ON name=label"))
        .containsExactlyInAnyOrder("c|N1|0", "of one that comes back|gone|0");
  }

  // ---- rings

  private static final String PLUGS =
      "CREATE TABLE plug(id TEXT PRIMARY KEY, no INTEGER UNIQUE, mate INTEGER REFERENCES socket(no) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)";
  private static final String SOCKETS =
      "CREATE TABLE socket(id TEXT PRIMARY KEY, no INTEGER UNIQUE, mate INTEGER REFERENCES plug(no) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)";

  private static TableRule rule(ConflictRule conflicts) {
    return new TableRule(conflicts, false, List.of(), false, List.of(), false, true);
  }

  /** Each fight is one of two rings, whoever wins it, and in whatever order they are fought. */
  @ParameterizedTest
  @CsvSource({"MASTER,LOCAL", "LOCAL,MASTER", "MASTER,MASTER", "LOCAL,LOCAL"})
  void of_two_rings_that_fight_for_both_their_numbers_one_stays_whole(
      ConflictRule plugs, ConflictRule sockets) {
    for (Workstation each : fleet.all()) {
      each.rule("plug", rule(plugs));
      each.rule("socket", rule(sockets));
    }
    everybodyHas(PLUGS, SOCKETS);
    for (Workstation each : List.of(anna, ben)) {
      each.edit(
          "INSERT INTO plug(id,no,mate) VALUES('" + each.name() + "',5,101)",
          "INSERT INTO socket(id,no,mate) VALUES('" + each.name() + "',101,5)");
    }
    anna.syncWell();
    fleet.settle().assertSame();
    List<String> left = rows(cara, "SELECT id FROM plug");
    assertThat(left).hasSize(1);
    assertThat(rows(cara, "SELECT id FROM socket")).isEqualTo(left);
    assertThat(kinds(cara)).isNotEmpty();
    fleet.assertNoOrphans();
  }

  /** Each socket is under the other plug then: the two rings are one, and go as one. */
  @Test
  void rings_whose_plugs_exchanged_their_numbers_go_and_come_back_together() {
    everybodyHas(PLUGS, SOCKETS);
    anna.foreignKeys = false;
    anna.edit(
        "INSERT INTO plug(id,no,mate) VALUES('a',3,5),('b',2,4)",
        "INSERT INTO socket(id,no,mate) VALUES('a',5,3),('b',4,2)",
        "UPDATE plug SET no=0 WHERE id='b'",
        "UPDATE plug SET no=2 WHERE id='a'",
        "UPDATE plug SET no=3 WHERE id='b'");
    ben.edit(
        "INSERT INTO plug(id,no,mate) VALUES('c',2,1)",
        "INSERT INTO socket(id,no,mate) VALUES('c',1,2)");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT id FROM plug UNION ALL SELECT id FROM socket"))
        .containsExactly("c", "c");

    String id = cara.db().value("SELECT id FROM sync_conflicts");
    new Resolution(cara.plan(), cara.clock()).restore(id);
    fleet.settle().assertSame();
    assertThat(rows(anna, "SELECT id, no, mate FROM plug ORDER BY id"))
        .containsExactly("a|2|5", "b|3|4");
    assertThat(rows(anna, "SELECT id, no, mate FROM socket ORDER BY id"))
        .containsExactly("a|5|3", "b|4|2");
  }
}
