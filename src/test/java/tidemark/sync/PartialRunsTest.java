package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.change.TableRule;
import tidemark.testing.PairTest;

/** Push, pull, --table and tables switched off: nothing is skipped for good. */
@Tag("anyplace")
class PartialRunsTest extends PairTest {
  private static final TableRule OFF =
      new TableRule(null, false, List.of(), false, List.of(), false, false);

  @BeforeEach
  void twoThatHaveSynced() {
    everybodyHas(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
        "CREATE TABLE quotes(id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT)",
        "CREATE TABLE items(id INTEGER PRIMARY KEY AUTOINCREMENT, quote INTEGER REFERENCES quotes(id), sku TEXT)",
        "INSERT INTO parts VALUES('S1',1),('S2',2)",
        "INSERT INTO quotes(title) VALUES('first')",
        "INSERT INTO items(quote, sku) VALUES(1,'S1')");
  }

  private void editBoth() {
    anna.edit(
        "UPDATE parts SET price=10 WHERE sku='S1'",
        "INSERT INTO quotes(title) VALUES('annas')",
        "INSERT INTO items(quote, sku) SELECT max(id), 'S1' FROM quotes");
    ben.edit(
        "UPDATE parts SET price=20 WHERE sku='S2'",
        "INSERT INTO quotes(title) VALUES('bens')",
        "INSERT INTO items(quote, sku) SELECT max(id), 'S2' FROM quotes");
  }

  private void assertAllThere() {
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|10.0", "S2|20.0");
    assertThat(
            anna.db()
                .rows("SELECT title, sku FROM quotes JOIN items ON quote=quotes.id ORDER BY title"))
        .containsExactly("annas|S1", "bens|S2", "first|S1");
  }

  @Test
  void a_push_carries_everything_out_and_nothing_in() {
    editBoth();
    anna.syncWell();
    DatabaseSync.Outcome push = ben.sync(Direction.PUSH);
    assertThat(push.failure()).isNull();
    assertThat(push.report().totalPulled()).isZero();
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S1'")).isEqualTo("1.0");
    anna.syncWell();
    assertThat(anna.db().value("SELECT price FROM parts WHERE sku='S2'")).isEqualTo("20.0");
    assertAllThere();
  }

  @Test
  void pushes_again_and_again_repeat_nothing() {
    editBoth();
    anna.syncWell();
    ben.sync(Direction.PUSH);
    ben.sync(Direction.PUSH);
    ben.edit("UPDATE parts SET price=19 WHERE sku='S2'");
    ben.sync(Direction.PUSH);
    ben.edit("UPDATE parts SET price=20 WHERE sku='S2'");
    ben.sync(Direction.PUSH);
    long head = head();
    ben.sync(Direction.PUSH);
    assertThat(head()).isEqualTo(head);
    assertAllThere();
    assertThat(ben.conflicts()).noneMatch(c -> c.contains("parts"));
  }

  private long head() {
    long head = 0;
    while (anna.ledger().read(head + 1) != null) {
      head++;
    }
    return head;
  }

  @Test
  void an_edit_after_a_push_is_no_conflict_with_what_the_push_had_carried() {
    anna.edit("UPDATE parts SET price=10 WHERE sku='S1'");
    anna.sync(Direction.PUSH);
    anna.edit("UPDATE parts SET price=11 WHERE sku='S1'");
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S1'")).isEqualTo("11.0");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void a_pull_brings_everything_in_and_leaves_own_edits_pending() {
    editBoth();
    anna.syncWell();
    long head = head();
    DatabaseSync.Outcome pull = ben.sync(Direction.PULL);
    assertThat(pull.report().totalPushed()).isZero();
    assertThat(head()).isEqualTo(head);
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S1'")).isEqualTo("10.0");
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S2'")).isEqualTo("20.0");
    assertAllThere();
  }

  @Test
  void a_run_for_one_table_takes_its_parents_along_and_the_next_whole_run_the_rest() {
    editBoth();
    anna.sync(Direction.BOTH, "items");
    ben.sync(Direction.BOTH, "items");
    assertThat(ben.db().value("SELECT count(*) FROM items")).isEqualTo("3");
    assertThat(ben.db().rows("PRAGMA foreign_key_check")).isEmpty();
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S1'")).isEqualTo("1.0");
    assertAllThere();
  }

  @Test
  void a_run_for_one_table_does_not_lose_what_it_passes_by() {
    editBoth();
    anna.syncWell();
    ben.sync(Direction.BOTH, "parts");
    assertThat(ben.db().value("SELECT count(*) FROM quotes")).isEqualTo("2");
    ben.sync(Direction.BOTH, "quotes");
    assertAllThere();
  }

  @Test
  void a_table_made_elsewhere_and_passed_by_is_made_with_the_next_whole_run() {
    anna.edit("CREATE TABLE news(id TEXT PRIMARY KEY)", "INSERT INTO news VALUES('n')");
    anna.syncWell();
    ben.sync(Direction.BOTH, "parts");
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM news")).isEqualTo("1");
    anna.edit("ALTER TABLE parts ADD COLUMN note TEXT", "UPDATE parts SET note='x'");
    anna.syncWell();
    ben.sync(Direction.BOTH, "quotes");
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM parts WHERE note='x'")).isEqualTo("2");
  }

  @Test
  void a_table_nobody_knows_is_wrong_usage_and_names_the_tables_there_are() {
    DatabaseSync.Outcome outcome = anna.sync(Direction.BOTH, "partz");
    assertThat(outcome.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(outcome.failure().hint()).contains("parts");
  }

  @Test
  void a_table_switched_off_and_on_again_has_missed_nothing() {
    ben.rule("parts", OFF);
    ben.syncWell();
    editBoth();
    anna.syncWell();
    ben.syncWell();
    anna.edit("INSERT INTO parts(sku, price) VALUES('S3',3)", "DELETE FROM parts WHERE sku='S3'");
    anna.syncWell();
    ben.syncWell();
    assertThat(ben.db().value("SELECT price FROM parts WHERE sku='S1'")).isEqualTo("1.0");
    assertThat(anna.db().value("SELECT price FROM parts WHERE sku='S2'")).isEqualTo("2.0");
    ben.rule("parts", TableRule.DEFAULT);
    ben.syncWell();
    assertAllThere();
  }

  @Test
  void a_selection_that_grows_brings_what_it_had_left_out() {
    ben.selected = Set.of("quotes");
    editBoth();
    anna.syncWell();
    ben.sync();
    assertThat(anna.db().value("SELECT price FROM parts WHERE sku='S2'")).isEqualTo("2.0");
    ben.selected = Set.of();
    assertAllThere();
  }

  @Test
  void a_table_made_while_it_was_switched_off_here_is_made_when_it_is_switched_on() {
    ben.rule("news", OFF);
    anna.edit("CREATE TABLE news(id TEXT PRIMARY KEY)", "INSERT INTO news VALUES('n')");
    anna.syncWell();
    ben.syncWell();
    assertThat(ben.db().hasTable("news")).isFalse();
    anna.edit("INSERT INTO news(id) VALUES('m')");
    anna.syncWell();
    ben.syncWell();
    ben.rule("news", TableRule.DEFAULT);
    ben.syncWell();
    assertThat(ben.db().rows("SELECT id FROM news ORDER BY id")).containsExactly("m", "n");
    fleet.settle().assertSame();
  }

  @Test
  void the_master_holds_every_table_of_the_ledger_whoever_folds_it() {
    anna.edit("CREATE TABLE news(id TEXT PRIMARY KEY)", "INSERT INTO news VALUES('n')");
    ben.selected = Set.of("quotes");
    anna.sync(Direction.PUSH);
    ben.sync();
    ben.rule("news", OFF);
    ben.sync();
    assertThat(fleet.master().rows("SELECT id FROM news")).containsExactly("n");
  }

  @Test
  void parents_come_along_although_they_are_not_chosen_and_not_here() {
    anna.edit(
        "CREATE TABLE papers(id TEXT PRIMARY KEY)",
        "CREATE TABLE pages(id TEXT PRIMARY KEY, paper TEXT REFERENCES papers(id))",
        "INSERT INTO papers VALUES('p')",
        "INSERT INTO pages VALUES('1','p')");
    anna.syncWell();
    ben.selected = Set.of("pages");
    ben.syncWell();
    assertThat(ben.db().rows("SELECT paper FROM pages JOIN papers ON papers.id=paper"))
        .containsExactly("p");
  }

  @Test
  void a_column_made_while_its_table_was_switched_off_here_is_made_when_it_is_switched_on() {
    ben.rule("parts", OFF);
    ben.syncWell();
    anna.edit(
        "ALTER TABLE parts ADD COLUMN note TEXT DEFAULT 'none'",
        "UPDATE parts SET note='x' WHERE sku='S1'");
    anna.syncWell();
    ben.syncWell();
    ben.edit("UPDATE parts SET price=22 WHERE sku='S2'");
    ben.rule("parts", TableRule.DEFAULT);
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT sku, price, note FROM parts ORDER BY sku"))
        .containsExactly("S1|1.0|x", "S2|22.0|none");
  }

  @Test
  void a_child_whose_parents_table_is_switched_off_goes_on() {
    ben.rule("quotes", OFF);
    editBoth();
    anna.syncWell();
    assertThat(ben.sync().failure()).isNull();
    ben.rule("quotes", TableRule.DEFAULT);
    ben.syncWell();
    assertAllThere();
  }
}
