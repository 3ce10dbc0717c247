package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.change.TableRule;
import tidemark.past.Resolution;
import tidemark.testing.Workstation;

/** Rows whose parent is not there, or whose table is nobody's business: nobody is held up. */
class OrphansOnPurposeTest extends FamilyTest {
  // ---- orphans that somebody made on purpose

  @Test
  void an_orphan_at_its_authors_is_one_everywhere_and_holds_up_nobody() {
    everybodyHas(QUOTES, ITEMS);
    anna.db()
        .withoutForeignKeys()
        .execute(
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
    anna.db().withoutForeignKeys().execute("INSERT INTO item(id,no) VALUES('o1','gone')");
    ben.edit(QUOTES, ITEMS, "INSERT INTO q(id,no) VALUES('B','1')");
    ben.db().withoutForeignKeys().execute("INSERT INTO item(id,no) VALUES('o2','lost')");
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
    anna.db().withoutForeignKeys().execute("DELETE FROM q");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT id FROM q")).isEmpty();
    assertThat(rows(cara, "SELECT id FROM item")).containsExactly("a1");
    fleet.all().forEach(Workstation::syncWell);
  }

  @Test
  void who_reads_of_a_parent_and_of_its_delete_at_once_leaves_the_orphan_too() {
    everybodyHas(QUOTES, ITEMS);
    ben.edit("INSERT INTO q(id,no) VALUES('A','1')", "INSERT INTO item(id,no) VALUES('a1','1')");
    ben.syncWell();
    ben.db().withoutForeignKeys().execute("DELETE FROM q");
    ben.syncWell();
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(items(cara)).containsExactly("a1|1|null");
    assertThat(kinds(cara)).isEmpty();
  }

  @Test
  void nobody_waits_for_a_parent_whose_key_and_number_another_one_has_by_now() {
    everybodyHas(
        "CREATE TABLE branch(id INTEGER PRIMARY KEY AUTOINCREMENT, no TEXT UNIQUE, up TEXT REFERENCES branch(no), name TEXT)");
    anna.edit("INSERT INTO branch(no,name) VALUES('n1','anna')");
    ben.edit(
        "INSERT INTO branch(no,name) VALUES('n1','ben')",
        "INSERT INTO branch(no,up,name) VALUES('n2','n1','child')");
    ben.syncWell();
    ben.db().withoutForeignKeys().execute("DELETE FROM branch WHERE no='n1'");
    ben.syncWell();
    anna.syncWell();
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT no, up, name FROM branch ORDER BY 1"))
        .containsExactly("n1|null|anna", "n2|n1|child");
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
    anna.edit("DELETE FROM private");
    fleet.settle();
    anna.syncWell();
    assertThat(rows(anna, "SELECT id FROM q")).isEmpty();
  }

  @Test
  void who_loses_a_number_stays_while_private_rows_hang_on_what_is_its_own() {
    TableRule on = new TableRule(null, false, List.of(), false, List.of(), false, true);
    anna.rule("part", OFF);
    everybodyHas(
        QUOTES,
        ITEMS,
        "CREATE TABLE part(id TEXT PRIMARY KEY, item TEXT REFERENCES item(id) ON DELETE CASCADE)");
    anna.edit(
        "INSERT INTO q(id,no) VALUES('A','7')",
        "INSERT INTO item(id,no) VALUES('a1','7')",
        "INSERT INTO part(id,item) VALUES('p','a1')");
    ben.edit("INSERT INTO q(id,no) VALUES('B','7')");
    ben.syncWell();
    for (int run = 0; run < 2; run++) {
      var outcome = anna.sync();
      assertThat(outcome.status()).isEqualTo("partial");
      assertThat(outcome.report().held().values().toString())
          .contains("rows of part, which is not synced, refer to item a1");
    }
    assertThat(items(anna)).containsExactly("a1|7|A");
    anna.rule("part", on);
    fleet.settle().assertSame();
    assertThat(rows(cara, "SELECT id FROM q")).containsExactly("B");
    assertThat(rows(cara, "SELECT id FROM part")).isEmpty();
    assertThat(data(cara, "local_data", "unique")).contains("a1", "\"p\"");
    fleet.assertNoOrphans();
  }

  @Test
  void nobody_is_brought_back_in_the_place_of_who_has_private_rows() {
    everybodyHas(QUOTES, ITEMS);
    anna.edit("INSERT INTO q(id,no) VALUES('A','7')");
    ben.edit("INSERT INTO q(id,no) VALUES('B','7')", "INSERT INTO item(id,no) VALUES('b1','7')");
    anna.syncWell();
    fleet.settle();
    ben.rule("part", OFF);
    ben.edit(
        "CREATE TABLE part(id TEXT PRIMARY KEY, item TEXT REFERENCES item(id) ON DELETE CASCADE)",
        "INSERT INTO part(id,item) VALUES('p','b1')");
    ben.syncWell();
    String id = ben.db().value("SELECT id FROM sync_conflicts");
    assertThatThrownBy(() -> new Resolution(ben.plan(), ben.clock()).restore(id))
        .hasMessageContaining("rows of part, which is not synced, refer to item b1");
    assertThat(rows(ben, "SELECT id FROM part")).containsExactly("p");
    assertThat(items(ben)).containsExactly("b1|7|B");
  }

  private static final String PARTS_OF_ITEMS =
      "CREATE TABLE part(id TEXT PRIMARY KEY, item TEXT REFERENCES item(id) ON DELETE CASCADE)";
  private static final String PARTS_OF_QUOTES =
      "CREATE TABLE part(id TEXT PRIMARY KEY, q TEXT REFERENCES q(id) ON DELETE CASCADE)";

  /** Of ben's, in a table that he does not sync; said on every run until it is gone. */
  private void aPrivateRowOfBensKeeps(String record) {
    for (int run = 0; run < 2; run++) {
      var outcome = ben.sync();
      assertThat(outcome.status()).isEqualTo("partial");
      assertThat(outcome.report().held().values().toString())
          .contains("rows of part, which is not synced, refer to " + record);
    }
    assertThat(rows(ben, "SELECT id FROM part")).containsExactly("p");
  }

  private void thePrivateRowGoes() {
    ben.edit("DELETE FROM part");
    fleet.settle().assertSame();
    fleet.assertNoOrphans();
    fleet.all().forEach(Workstation::syncWell);
  }

  @Test
  void a_parent_whose_number_is_taken_stays_while_private_rows_hang_on_a_new_child() {
    everybodyHas(QUOTES, ITEMS, "INSERT INTO q(id,no) VALUES('A','7')");
    ben.rule("part", OFF);
    ben.edit(
        PARTS_OF_ITEMS,
        "INSERT INTO item(id,no) VALUES('a1','7')",
        "INSERT INTO part(id,item) VALUES('p','a1')");
    anna.edit("DELETE FROM q", "INSERT INTO q(id,no) VALUES('B','7')");
    anna.syncWell();
    aPrivateRowOfBensKeeps("item a1");
    assertThat(items(ben)).containsExactly("a1|7|A");
    thePrivateRowGoes();
    assertThat(rows(cara, "SELECT id FROM q")).containsExactly("B");
    assertThat(items(cara)).isEmpty();
    assertThat(data(cara, "local_data", "foreign key")).contains("a1");
  }

  @Test
  void a_child_that_comes_in_under_who_was_deleted_here_waits_while_private_rows_hang_on_it() {
    everybodyHas(
        QUOTES,
        ITEMS,
        "INSERT INTO q(id,no) VALUES('A','1')",
        "INSERT INTO q(id,no) VALUES('B','7')",
        "INSERT INTO item(id,no) VALUES('a1','1')");
    ben.rule("part", OFF);
    ben.edit(
        PARTS_OF_ITEMS,
        "INSERT INTO part(id,item) VALUES('p','a1')",
        "DELETE FROM q WHERE id='B'",
        "INSERT INTO q(id,no) VALUES('C','7')");
    anna.edit("UPDATE item SET no='7'");
    anna.syncWell();
    aPrivateRowOfBensKeeps("item a1");
    assertThat(items(ben)).containsExactly("a1|1|A");
    thePrivateRowGoes();
    assertThat(items(cara)).isEmpty();
    assertThat(data(cara, "local_data", "foreign key")).contains("a1");
  }

  @Test
  void who_loses_a_number_and_its_former_one_stays_while_private_rows_hang_on_it() {
    everybodyHas(
        QUOTES, "INSERT INTO q(id,no) VALUES('L','1')", "INSERT INTO q(id,no) VALUES('M','2')");
    anna.edit("UPDATE q SET no='7' WHERE id='L'", "UPDATE q SET no='1' WHERE id='M'");
    ben.rule("part", OFF);
    ben.edit(
        PARTS_OF_QUOTES,
        "INSERT INTO q(id,no) VALUES('R','7')",
        "INSERT INTO part(id,q) VALUES('p','L')");
    anna.syncWell();
    aPrivateRowOfBensKeeps("q L");
    assertThat(rows(ben, "SELECT id, no FROM q ORDER BY 1")).containsExactly("L|1", "M|2", "R|7");
    thePrivateRowGoes();
    assertThat(rows(cara, "SELECT id, no FROM q ORDER BY 1")).containsExactly("M|1", "R|7");
    assertThat(data(cara, "remote_data", "unique")).contains("\"L\"");
  }

  @Test
  void who_came_to_a_new_one_that_loses_its_number_stays_while_private_rows_hang_on_it() {
    everybodyHas(
        QUOTES,
        ITEMS,
        "INSERT INTO q(id,no) VALUES('A','1')",
        "INSERT INTO item(id,no) VALUES('a1','1')");
    anna.edit("INSERT INTO q(id,no) VALUES('L','7')", "UPDATE item SET no='7'");
    ben.rule("part", OFF);
    ben.edit(
        PARTS_OF_ITEMS,
        "INSERT INTO q(id,no) VALUES('R','7')",
        "INSERT INTO part(id,item) VALUES('p','a1')");
    anna.syncWell();
    aPrivateRowOfBensKeeps("item a1");
    assertThat(items(ben)).containsExactly("a1|1|A");
    thePrivateRowGoes();
    assertThat(rows(cara, "SELECT id, no FROM q ORDER BY 1")).containsExactly("A|1", "R|7");
    assertThat(data(cara, "remote_data", "unique")).contains("\"L\"", "a1");
  }

  @Test
  void a_number_is_not_given_to_another_record_while_private_rows_hang_on_the_former_one() {
    everybodyHas("CREATE TABLE notes(id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT)");
    anna.edit("INSERT INTO notes(text) VALUES('old')").syncWell();
    ben.syncWell();
    ben.rule("part", OFF);
    ben.edit(
        "CREATE TABLE part(id TEXT PRIMARY KEY, note INTEGER REFERENCES notes(id) ON DELETE CASCADE)",
        "INSERT INTO part(id,note) VALUES('p',1)");
    cara.edit("INSERT INTO notes(text) VALUES('new')");
    anna.edit("UPDATE notes SET text='older'").syncWell();
    ben.syncWell();
    anna.edit("DELETE FROM notes").syncWell();
    cara.syncWell();
    aPrivateRowOfBensKeeps("notes 1");
    assertThat(rows(ben, "SELECT id, text FROM notes")).containsExactly("1|older");
    thePrivateRowGoes();
    assertThat(rows(ben, "SELECT id, text FROM notes")).containsExactly("1|new");
  }

  @Test
  void a_delete_is_not_restored_while_private_rows_hang_on_who_would_go() {
    everybodyHas(
        QUOTES,
        ITEMS,
        "INSERT INTO q(id,no) VALUES('A','7')",
        "INSERT INTO item(id,no) VALUES('a1','7')");
    ben.rule("part", OFF);
    ben.edit(PARTS_OF_ITEMS, "INSERT INTO part(id,item) VALUES('p','a1')");
    anna.edit("DELETE FROM q").syncWell();
    ben.edit("UPDATE q SET name='bens'", "UPDATE item SET name='bens'").syncWell();
    String id = ben.db().value("SELECT id FROM sync_conflicts WHERE table_name='q'");
    assertThatThrownBy(() -> new Resolution(ben.plan(), ben.clock()).restore(id))
        .hasMessageContaining("rows of part, which is not synced, refer to item a1");
    assertThat(rows(ben, "SELECT id FROM part")).containsExactly("p");
    ben.edit("DELETE FROM part");
    new Resolution(ben.plan(), ben.clock()).restore(id);
    fleet.settle().assertSame();
    assertThat(items(cara)).isEmpty();
  }
}
