package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.Failure;
import tidemark.change.TableRule;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

class SchemaAcceptTest extends PairTest {
  private static final TableRule OFF =
      new TableRule(null, false, List.of(), false, List.of(), false, false);

  @BeforeEach
  void twoWorkstations() {
    everybodyHas(
        "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, name TEXT, old TEXT)",
        "CREATE TABLE other(id TEXT PRIMARY KEY)",
        "INSERT INTO quotes VALUES('Q1','one','x'),('Q2','two','y')");
  }

  private static void accept(Workstation workstation, String table) {
    new SchemaAccept(workstation.plan()).run(table);
  }

  private static String refused(Workstation workstation) {
    return String.join(";", workstation.sync().report().held().values());
  }

  private static String quotes(Workstation workstation) {
    return String.join(
        ",", workstation.db().rows("SELECT quoteId||'='||name FROM quotes ORDER BY 1"));
  }

  @Test
  void a_dropped_column_is_refused_by_name_and_the_other_tables_go_on() {
    anna.edit("ALTER TABLE quotes DROP COLUMN old", "INSERT INTO other(id) VALUES('o')");
    assertThat(refused(anna)).contains("column old").contains("schema accept");
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM other")).isEqualTo("1");
  }

  @Test
  void a_column_dropped_here_and_then_at_the_others_syncs_on_once_it_is_accepted() {
    anna.edit("ALTER TABLE quotes DROP COLUMN old");
    anna.sync();
    accept(anna, "quotes");
    anna.edit("UPDATE quotes SET name='one, edited' WHERE quoteId='Q1'");
    ben.edit("UPDATE quotes SET name='two, edited' WHERE quoteId='Q2'");
    anna.syncWell();
    ben.syncWell();
    anna.syncWell();
    assertThat(quotes(ben)).isEqualTo("Q1=one, edited,Q2=two, edited");
    assertThat(quotes(anna)).isEqualTo("Q1=one, edited,Q2=two, edited");
    assertThat(ben.db().rows("SELECT old FROM quotes ORDER BY quoteId")).containsExactly("x", "y");
    ben.edit("ALTER TABLE quotes DROP COLUMN old");
    ben.syncWell(); // accepted already
    fleet.settle();
    assertThat(ben.db().content("quotes")).isEqualTo(anna.db().content("quotes"));
    assertThat(anna.db().rows("SELECT name FROM pragma_table_info('quotes')"))
        .doesNotContain("old");
  }

  @Test
  void an_edit_made_before_at_another_workstation_beats_rows_that_were_only_reshaped() {
    ben.edit("UPDATE quotes SET name='bens offline' WHERE quoteId='Q2'");
    anna.edit("ALTER TABLE quotes RENAME COLUMN old TO fresh");
    anna.sync();
    accept(anna, "quotes");
    anna.syncWell();
    ben.sync();
    anna.syncWell();
    assertThat(quotes(anna)).isEqualTo("Q1=one,Q2=bens offline");
    assertThat(anna.db().rows("SELECT fresh FROM quotes ORDER BY 1")).containsExactly("x", "y");
  }

  @Test
  void a_column_renamed_here_and_then_at_the_others_keeps_its_values() {
    anna.edit("ALTER TABLE quotes RENAME COLUMN old TO fresh");
    assertThat(refused(anna)).contains("column old");
    accept(anna, "quotes");
    anna.edit("UPDATE quotes SET fresh='changed' WHERE quoteId='Q1'");
    anna.syncWell();
    assertThat(refused(ben)).contains("fresh is awaited");
    ben.edit("ALTER TABLE quotes RENAME COLUMN old TO fresh");
    ben.edit("INSERT INTO quotes(quoteId, name, fresh) VALUES('Q3','three','z')");
    ben.syncWell();
    fleet.settle();
    assertThat(ben.db().rows("SELECT fresh FROM quotes ORDER BY quoteId"))
        .containsExactly("changed", "y", "z");
    assertThat(anna.db().content("quotes")).isEqualTo(ben.db().content("quotes"));
    assertThat(fleet.master().rows("SELECT fresh FROM quotes ORDER BY quoteId"))
        .containsExactly("changed", "y", "z");
  }

  @Test
  void a_table_chosen_later_brings_no_retired_column_of_another_back() {
    ben.rule("other", OFF).syncWell();
    anna.edit("ALTER TABLE quotes ADD COLUMN shelf TEXT").syncWell();
    ben.syncWell();
    String rename = "ALTER TABLE quotes RENAME COLUMN shelf TO place";
    anna.edit(rename).sync();
    accept(anna, "quotes");
    anna.syncWell();
    ben.sync();
    ben.edit(rename).syncWell();
    ben.rule("other", TableRule.DEFAULT).syncWell();
    fleet.settle();
    assertThat(ben.db().content("quotes")).isEqualTo(anna.db().content("quotes"));
    assertThat(ben.db().rows("SELECT name FROM pragma_table_info('quotes')"))
        .contains("place")
        .doesNotContain("shelf");
  }

  @Test
  void a_table_with_another_key_goes_on_once_all_have_it() {
    String rebuild =
        "CREATE TABLE q2(quoteId TEXT, name TEXT, old TEXT, updated_at DATETIME, updated_by TEXT, synced_at DATETIME, PRIMARY KEY(quoteId, name))";
    for (Workstation workstation : fleet.all()) {
      workstation.edit(
          rebuild,
          "INSERT INTO q2 SELECT quoteId, name, old, updated_at, updated_by, synced_at FROM quotes",
          "DROP TABLE quotes",
          "ALTER TABLE q2 RENAME TO quotes");
      assertThat(refused(workstation)).contains("its key was quoteId");
    }
    fleet
        .master()
        .execute(
            rebuild,
            "INSERT INTO q2 SELECT quoteId, name, old, updated_at, updated_by, synced_at FROM quotes",
            "DROP TABLE quotes",
            "ALTER TABLE q2 RENAME TO quotes");
    fleet.all().forEach(w -> accept(w, "quotes"));
    anna.edit("INSERT INTO quotes(quoteId, name) VALUES('Q1','second name')");
    for (int i = 0; i < 3; i++) {
      fleet.all().forEach(Workstation::sync);
    }
    assertThat(quotes(ben)).isEqualTo("Q1=one,Q1=second name,Q2=two");
    assertThat(quotes(anna)).isEqualTo(quotes(ben));
  }

  @Test
  void an_unknown_table_is_wrong_usage() {
    assertThatThrownBy(() -> accept(anna, "nonsense"))
        .satisfies(e -> assertThat(((Failure) e).exitCode()).isEqualTo(Failure.USAGE));
  }

  /** Its rows would come under a key that the ledger was never told of. */
  @Test
  void another_key_is_not_accepted_before_the_table_was_compared_with_the_ledger() {
    Workstation cara = fleet.workstation("cara");
    cara.edit(
        "CREATE TABLE quotes(quoteId TEXT, rev INTEGER NOT NULL DEFAULT 0, name TEXT, old TEXT, PRIMARY KEY(quoteId, rev))",
        "INSERT INTO quotes(quoteId, name) VALUES('Q3','three')");
    assertThatThrownBy(() -> accept(cara, "quotes"))
        .satisfies(e -> assertThat(((Failure) e).exitCode()).isEqualTo(Failure.USAGE))
        .hasMessageContaining("quotes was never synced from here");
    assertThat(refused(cara)).contains("its key is quoteId since entry 1");
    accept(cara, "quotes");
    cara.syncWell();
    assertThat(refused(anna)).contains("its key is quoteId, rev since entry");
  }
}
