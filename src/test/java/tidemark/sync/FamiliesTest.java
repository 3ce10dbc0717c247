package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.change.ConflictRule;
import tidemark.change.TableRule;
import tidemark.testing.Workstation;

/** What a child refers to is a record: it goes where that record goes, whatever its values are. */
class FamiliesTest extends FleetTest {
  private static final String QUOTES =
      "CREATE TABLE q(id TEXT PRIMARY KEY, no TEXT UNIQUE, name TEXT)";
  private static final String ITEMS =
      "CREATE TABLE item(id TEXT PRIMARY KEY, no TEXT REFERENCES q(no) ON DELETE CASCADE ON UPDATE CASCADE, name TEXT)";
  private static final String PARTS =
      "CREATE TABLE part(id TEXT PRIMARY KEY, item TEXT REFERENCES item(id) ON DELETE CASCADE, name TEXT)";
  private static final TableRule COLUMNS =
      new TableRule(null, true, List.of(), false, List.of(), false, true);
  private static final TableRule MANUAL =
      new TableRule(ConflictRule.MANUAL, false, List.of(), false, List.of(), false, true);

  private static List<String> rows(Workstation at, String select) {
    return at.db().rows(select);
  }

  /** Every item beside the quote it refers to. */
  private static List<String> items(Workstation at) {
    return rows(at, "SELECT item.id, item.no, q.id FROM item LEFT JOIN q USING(no) ORDER BY 1");
  }

  private void noOrphans() {
    for (Workstation each : fleet.all()) {
      assertThat(each.db().rows("SELECT * FROM pragma_foreign_key_check"))
          .as(each.name())
          .isEmpty();
    }
  }

  private static void withoutForeignKeys(Workstation at, String... statements) {
    try (var connection = at.db().connect();
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys=OFF");
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

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
    new Resolution(anna.plan(), anna.clock())
        .restore(swapped, tidemark.change.Json.row("{\"no\":\"8\"}"));
    fleet.settle().assertSame();
    assertThat(items(ben)).containsExactly("a1|7|A", "a2|7|A", "b1|8|B");
    noOrphans();
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

  // ---- a record under another value

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
    noOrphans();
  }

  @Test
  void children_of_a_renamed_key_end_under_the_renamed_record() {
    for (boolean annaFirst : List.of(true, false)) {
      String t = annaFirst ? "one" : "two";
      everybodyHas(
          "CREATE TABLE p" + t + "(id TEXT PRIMARY KEY, a TEXT)",
          "CREATE TABLE c"
              + t
              + "(id TEXT PRIMARY KEY, p TEXT REFERENCES p"
              + t
              + "(id) ON DELETE CASCADE ON UPDATE CASCADE)",
          "INSERT INTO p" + t + "(id,a) VALUES('X','0')",
          "INSERT INTO c" + t + "(id,p) VALUES('c0','X')");
      anna.edit("UPDATE p" + t + " SET id='Y'");
      ben.edit("INSERT INTO c" + t + "(id,p) VALUES('c1','X')");
      (annaFirst ? anna : ben).syncWell();
      fleet.settle().assertSame();
      assertThat(rows(cara, "SELECT id, p FROM c" + t + " ORDER BY 1"))
          .containsExactly("c0|Y", "c1|Y");
      assertThat(rows(cara, "SELECT id FROM p" + t)).containsExactly("Y");
      noOrphans();
    }
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void where_a_renamed_key_meets_a_later_edit_the_record_is_one_and_its_children_stay_with_it() {
    for (boolean annaFirst : List.of(true, false)) {
      for (boolean annaLater : List.of(true, false)) {
        String t = (annaFirst ? "1" : "2") + (annaLater ? "3" : "4");
        everybodyHas(
            "CREATE TABLE p" + t + "(id TEXT PRIMARY KEY, a TEXT)",
            "CREATE TABLE c"
                + t
                + "(id TEXT PRIMARY KEY, p TEXT REFERENCES p"
                + t
                + "(id) ON DELETE CASCADE ON UPDATE CASCADE)",
            "INSERT INTO p" + t + "(id,a) VALUES('X','0')",
            "INSERT INTO c" + t + "(id,p) VALUES('c0','X')");
        if (annaLater) {
          ben.edit(
              "UPDATE p" + t + " SET a='ben'", "INSERT INTO c" + t + "(id,p) VALUES('c1','X')");
        }
        anna.edit("UPDATE p" + t + " SET id='Y'", "INSERT INTO c" + t + "(id,p) VALUES('c2','Y')");
        if (!annaLater) {
          ben.edit(
              "UPDATE p" + t + " SET a='ben'", "INSERT INTO c" + t + "(id,p) VALUES('c1','X')");
        }
        (annaFirst ? anna : ben).syncWell();
        fleet.settle().assertSame();
        String id = annaLater ? "Y" : "X";
        assertThat(rows(cara, "SELECT id, a FROM p" + t))
            .as(t)
            .containsExactly(annaLater ? "Y|0" : "X|ben");
        assertThat(rows(cara, "SELECT id, p FROM c" + t + " ORDER BY 1"))
            .as(t)
            .containsExactly("c0|" + id, "c1|" + id, "c2|" + id);
        noOrphans();
      }
    }
    assertThat(kinds(cara)).hasSize(4);
  }

  @Test
  void a_record_that_two_workstations_rename_is_still_one() {
    everybodyHas(
        "CREATE TABLE p(id TEXT PRIMARY KEY, a TEXT)",
        "CREATE TABLE c(id TEXT PRIMARY KEY, p TEXT REFERENCES p(id) ON DELETE CASCADE ON UPDATE CASCADE)",
        "INSERT INTO p(id,a) VALUES('X','0')",
        "INSERT INTO c(id,p) VALUES('c0','X')");
    anna.edit("UPDATE p SET id='Y'", "INSERT INTO c(id,p) VALUES('c1','Y')");
    ben.edit("UPDATE p SET id='Z'", "INSERT INTO c(id,p) VALUES('c2','Z')");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT id FROM p")).containsExactly("Z");
    assertThat(rows(cara, "SELECT id, p FROM c ORDER BY 1"))
        .containsExactly("c0|Z", "c1|Z", "c2|Z");
    noOrphans();
  }

  @Test
  void a_record_renamed_here_and_deleted_there_is_one_edit_against_one_delete() {
    everybodyHas(
        "CREATE TABLE p(id TEXT PRIMARY KEY, a TEXT)",
        "CREATE TABLE c(id TEXT PRIMARY KEY, p TEXT REFERENCES p(id) ON DELETE CASCADE ON UPDATE CASCADE)",
        "INSERT INTO p(id,a) VALUES('X','0')",
        "INSERT INTO c(id,p) VALUES('c0','X')");
    anna.edit("UPDATE p SET id='Y'");
    ben.edit("DELETE FROM p");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT id FROM p")).isEmpty();
    assertThat(rows(cara, "SELECT id FROM c")).isEmpty();
    assertThat(kinds(cara)).contains("delete|local");
  }

  @Test
  void a_referenced_number_renamed_elsewhere_takes_new_items_along() {
    for (boolean annaFirst : List.of(true, false)) {
      String no = annaFirst ? "1" : "2";
      if (annaFirst) {
        everybodyHas(QUOTES, ITEMS);
      }
      everybodyHas(
          "INSERT INTO q(id,no) VALUES('A" + no + "','X" + no + "')",
          "INSERT INTO item(id,no) VALUES('a" + no + "','X" + no + "')");
      anna.edit("UPDATE q SET no='Y" + no + "' WHERE id='A" + no + "'");
      ben.edit(
          "INSERT INTO item(id,no) VALUES('b" + no + "','X" + no + "')",
          "UPDATE item SET name='ben' WHERE id='a" + no + "'");
      (annaFirst ? anna : ben).syncWell();
      fleet.settle().assertSame();
    }
    assertThat(items(cara)).containsExactly("a1|Y1|A1", "a2|Y2|A2", "b1|Y1|A1", "b2|Y2|A2");
    assertThat(rows(cara, "SELECT name FROM item WHERE id LIKE 'a%'"))
        .containsExactly("ben", "ben");
    noOrphans();
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
    noOrphans();
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
    noOrphans();
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
    noOrphans();
    assertThat(kinds(cara)).isEmpty();
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
    noOrphans();
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
    noOrphans();
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
    noOrphans();
  }

  // ---- orphans that somebody made on purpose

  @Test
  void an_orphan_at_its_authors_is_one_everywhere_and_holds_up_nobody() {
    everybodyHas(QUOTES, ITEMS);
    withoutForeignKeys(
        anna,
        "INSERT INTO item(id,no) VALUES('o1','gone')",
        "INSERT INTO item(id,no) VALUES('o2','')");
    anna.syncWell();
    ben.syncWell();
    cara.syncWell();
    fleet.assertSame();
    assertThat(rows(ben, "SELECT id FROM item ORDER BY 1")).containsExactly("o1", "o2");
    Workstation dora = fleet.workstation("dora");
    dora.syncWell();
    fleet.assertSame();
    assertThat(kinds(ben)).isEmpty();
  }

  @Test
  void orphans_that_were_there_before_are_carried() {
    anna.edit(QUOTES, ITEMS);
    withoutForeignKeys(anna, "INSERT INTO item(id,no) VALUES('o1','gone')");
    ben.edit(QUOTES, ITEMS, "INSERT INTO q(id,no) VALUES('B','1')");
    withoutForeignKeys(ben, "INSERT INTO item(id,no) VALUES('o2','lost')");
    fleet.all().forEach(Workstation::syncWell);
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT id FROM item ORDER BY 1")).containsExactly("o1", "o2");
  }

  @Test
  void a_parent_deleted_with_foreign_keys_off_leaves_the_same_orphan_everywhere() {
    everybodyHas(
        QUOTES,
        ITEMS,
        "INSERT INTO q(id,no) VALUES('A','1')",
        "INSERT INTO item(id,no) VALUES('a1','1')");
    withoutForeignKeys(anna, "DELETE FROM q");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT id FROM q")).isEmpty();
    assertThat(rows(cara, "SELECT id FROM item")).containsExactly("a1");
    fleet.all().forEach(Workstation::syncWell);
  }

  // ---- what is nobody's business

  private static final TableRule OFF =
      new TableRule(null, false, List.of(), false, List.of(), false, false);

  @Test
  void private_rows_are_never_deleted_nor_sent() {
    everybodyHas(QUOTES, ITEMS);
    anna.rule("private", OFF);
    anna.edit(
        "CREATE TABLE private(id TEXT PRIMARY KEY, no TEXT REFERENCES q(no) ON DELETE CASCADE ON UPDATE CASCADE, secret TEXT)");
    anna.edit(
        "INSERT INTO q(id,no) VALUES('A','7')",
        "INSERT INTO private(id,no,secret) VALUES('p','7','secret')");
    ben.edit("INSERT INTO q(id,no) VALUES('B','7')");
    ben.syncWell();
    anna.sync();
    cara.sync();
    ben.sync();
    assertThat(rows(anna, "SELECT secret FROM private")).containsExactly("secret");
    assertThat(rows(ben, "SELECT local_data, remote_data FROM sync_conflicts").toString())
        .doesNotContain("secret");
    assertThat(ben.db().hasTable("private")).isFalse();
  }

  @Test
  void a_private_row_keeps_its_parent_from_going_and_that_is_said() {
    everybodyHas(QUOTES, ITEMS, "INSERT INTO q(id,no) VALUES('A','7')");
    anna.rule("private", OFF);
    anna.edit(
        "CREATE TABLE private(id TEXT PRIMARY KEY, no TEXT REFERENCES q(no) ON DELETE CASCADE ON UPDATE CASCADE)",
        "INSERT INTO private(id,no) VALUES('p','7')");
    anna.syncWell();
    ben.edit("UPDATE q SET no='8'");
    ben.syncWell();
    anna.syncWell();
    assertThat(rows(anna, "SELECT no FROM private")).containsExactly("8");
    ben.edit("DELETE FROM q");
    ben.syncWell();
    for (int run = 0; run < 2; run++) {
      var outcome = anna.sync();
      assertThat(outcome.status()).isEqualTo("partial");
      assertThat(outcome.report().held().values().toString()).contains("private", "not synced");
    }
    assertThat(rows(anna, "SELECT id FROM private")).containsExactly("p");
    assertThat(rows(cara, "SELECT count(*) FROM q")).isNotNull();
    anna.edit("DELETE FROM private");
    fleet.settle();
    anna.syncWell();
    assertThat(rows(anna, "SELECT id FROM q")).isEmpty();
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
}
