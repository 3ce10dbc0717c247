package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.past.Resolution;
import tidemark.past.ResolutionTest;
import tidemark.run.SyncReport;
import tidemark.testing.FleetTest;
import tidemark.testing.Folders;
import tidemark.testing.Workstation;

/** A workstation away for longer than the ledger keeps its entries. */
@Tag("anyplace")
class LongAbsenceTest extends FleetTest {
  private static final Duration HALF_A_YEAR = Duration.ofDays(180);

  @BeforeEach
  void threeThatHaveSynced() {
    everybodyHas(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
        "CREATE TABLE quotes(id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT)",
        "CREATE TABLE items(id INTEGER PRIMARY KEY AUTOINCREMENT, quote INTEGER REFERENCES quotes(id) ON DELETE CASCADE, sku TEXT)",
        "INSERT INTO parts VALUES('S1',1),('S2',2),('S3',3),('S4',4)",
        "INSERT INTO quotes(title) VALUES('first'),('second')",
        "INSERT INTO items(quote, sku) VALUES(1,'S1'),(2,'S2')");
  }

  /** Anna and ben work on while cara is away, and what he knew is retired. */
  private void timeGoesBy(String... edits) {
    anna.edit(edits);
    anna.syncWell();
    ben.syncWell();
    fleet.age(HALF_A_YEAR);
    ben.edit("UPDATE parts SET price=price+0.5 WHERE sku='S2'");
    ben.syncWell();
    anna.edit("UPDATE parts SET price=price+0.5 WHERE sku='S2'");
    anna.syncWell();
    assertThat(anna.ledger().info().orElseThrow().floor()).isPositive();
  }

  @Test
  void others_deletes_do_not_come_back_and_others_edits_arrive() {
    timeGoesBy(
        "DELETE FROM parts WHERE sku='S3'",
        "UPDATE parts SET price=100 WHERE sku='S1'",
        "DELETE FROM items WHERE quote=2",
        "DELETE FROM quotes WHERE id=2",
        "INSERT INTO parts(sku, price) VALUES('S9',9)");
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|100.0", "S2|2.5", "S4|4.0", "S9|9.0");
    assertThat(anna.db().value("SELECT count(*) FROM quotes")).isEqualTo("1");
    assertThat(cara.conflicts()).isEmpty();
  }

  @Test
  void where_the_snapshot_finds_no_room_here_that_is_told_and_all_arrives_once_there_is_some()
      throws IOException {
    timeGoesBy("UPDATE parts SET price=100 WHERE sku='S1'");
    Path scratch = cara.plan().scratch();
    Files.deleteIfExists(scratch);
    Files.writeString(scratch, "no room for a folder");
    assertThat(cara.sync().failure())
        .satisfies(failure -> assertThat(failure.exitCode()).isEqualTo(Failure.INCOMPLETE))
        .hasMessageContaining("own disk");
    Files.delete(scratch);
    cara.syncWell();
    fleet.settle().assertSame();
  }

  @Test
  void an_edit_of_a_record_that_is_gone_is_none_of_who_was_given_its_number() {
    anna.edit("INSERT INTO quotes(title) VALUES('old')");
    anna.syncWell();
    cara.syncWell();
    ben.edit("INSERT INTO quotes(title) VALUES('new')");
    anna.edit("DELETE FROM quotes WHERE title='old'");
    anna.syncWell();
    ben.syncWell();
    cara.edit("UPDATE quotes SET title='edited' WHERE title='old'");
    timeGoesBy("UPDATE parts SET price=100 WHERE sku='S1'");
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT id, title FROM quotes ORDER BY id"))
        .containsExactly("1|first", "2|second", "3|new", "4|edited");
  }

  @Test
  void who_others_posted_from_a_copy_under_the_number_of_a_record_that_is_gone_stands_once() {
    ben.edit("INSERT INTO quotes(title) VALUES('bens')");
    cara.loseLocalDatabase();
    Folders.copy(ben.db().file(), cara.db().file());
    anna.edit("INSERT INTO quotes(title) VALUES('annas')");
    anna.syncWell();
    cara.sync(Direction.PULL);
    assertThat(cara.db().rows("SELECT id, title FROM quotes WHERE id>2"))
        .containsExactly("3|annas", "4|bens");
    anna.edit("DELETE FROM quotes WHERE title='annas'");
    anna.syncWell();
    ben.syncWell();
    timeGoesBy("UPDATE parts SET price=100 WHERE sku='S1'");
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT id, title FROM quotes WHERE id>2")).containsExactly("3|bens");
  }

  @Test
  void a_table_that_was_not_chosen_at_first_contact_is_made_once_it_is() {
    timeGoesBy("CREATE TABLE news(id TEXT PRIMARY KEY)", "INSERT INTO news VALUES('n')");
    Workstation dora = fleet.workstation("dora");
    dora.edit("CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)");
    dora.selected = Set.of("parts");
    dora.syncWell();
    assertThat(dora.db().hasTable("news")).isFalse();
    dora.selected = Set.of();
    dora.syncWell();
    assertThat(dora.db().rows("SELECT id FROM news")).containsExactly("n");
    fleet.settle().assertSame();
  }

  @Test
  void a_table_that_cannot_be_made_here_is_named_and_the_others_go_on() {
    cara.edit("CREATE VIEW news AS SELECT sku FROM parts");
    timeGoesBy("CREATE TABLE news(id TEXT PRIMARY KEY)", "INSERT INTO news VALUES('n')");
    for (int i = 0; i < 2; i++) {
      SyncReport report = cara.sync().report();
      assertThat(report.held()).containsKey("news");
      assertThat(cara.db().value("SELECT price FROM parts WHERE sku='S2'")).isEqualTo("2.5");
    }
    cara.edit("DROP VIEW news", "CREATE TABLE news(id TEXT PRIMARY KEY)");
    cara.syncWell();
    fleet.settle().assertSame();
  }

  @Test
  void a_push_does_not_pass_by_what_was_there_before_a_table_was_chosen() {
    timeGoesBy(
        "CREATE TABLE news(id TEXT PRIMARY KEY, a TEXT)", "INSERT INTO news VALUES('n','N')");
    Workstation dora = fleet.workstation("dora");
    dora.edit("CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)");
    dora.edit("CREATE TABLE news(id TEXT PRIMARY KEY, a TEXT)", "INSERT INTO news VALUES('m','M')");
    dora.selected = Set.of("parts");
    dora.syncWell();
    dora.selected = Set.of();
    dora.sync(Direction.PUSH);
    dora.syncWell();
    assertThat(dora.db().rows("SELECT id FROM news ORDER BY id")).containsExactly("m", "n");
    fleet.settle().assertSame();
  }

  @Test
  void a_table_that_was_made_meanwhile_is_awaited_where_the_application_makes_its_tables() {
    timeGoesBy("CREATE TABLE news(id TEXT PRIMARY KEY)", "INSERT INTO news VALUES('n')");
    cara.addShape = false;
    assertThat(cara.sync().report().held()).containsKey("news");
    assertThat(cara.sync().report().held()).containsKey("news");
    cara.edit("CREATE TABLE news(id TEXT PRIMARY KEY)");
    cara.syncWell();
    fleet.settle().assertSame();
  }

  @Test
  void a_column_renamed_meanwhile_and_there_too_does_not_come_back() {
    String rename = "ALTER TABLE parts RENAME COLUMN shelf TO place";
    anna.edit("ALTER TABLE parts ADD COLUMN shelf TEXT", "UPDATE parts SET shelf='A1'");
    anna.syncWell();
    fleet.settle().assertSame();
    for (Workstation workstation : List.of(anna, ben)) {
      workstation.edit(rename);
      workstation.sync();
      new SchemaAccept(workstation.plan()).run("parts");
      workstation.sync();
    }
    timeGoesBy("UPDATE parts SET place='B2' WHERE sku='S1'");
    cara.edit(rename);
    cara.sync();
    new SchemaAccept(cara.plan()).run("parts");
    cara.syncWell();
    fleet.settle();
    assertThat(cara.db().content("parts")).isEqualTo(anna.db().content("parts"));
    assertThat(cara.db().rows("SELECT name FROM pragma_table_info('parts')"))
        .contains("place")
        .doesNotContain("shelf");
    cara.edit("UPDATE parts SET price=77 WHERE sku='S1'").syncWell();
    anna.syncWell();
    assertThat(anna.db().value("SELECT price FROM parts WHERE sku='S1'")).isEqualTo("77.0");
  }

  @Test
  void a_conflict_settled_meanwhile_is_settled_there_too() {
    anna.edit("UPDATE parts SET price=10 WHERE sku='S1'");
    anna.syncWell();
    ben.conflicts = ConflictRule.MANUAL;
    ben.edit("UPDATE parts SET price=20 WHERE sku='S1'");
    ben.sync();
    cara.syncWell();
    String open = "SELECT id FROM sync_conflicts WHERE resolved=0";
    ResolutionTest.at(ben).resolve(cara.db().value(open), Resolution.Side.LOCAL);
    ben.syncWell();
    timeGoesBy("UPDATE parts SET price=4 WHERE sku='S3'");
    cara.syncWell();
    assertThat(cara.db().rows(open)).isEmpty();
    fleet.settle().assertSame();
  }

  @Test
  void its_own_edits_births_and_deletes_arrive() {
    cara.edit(
        "UPDATE parts SET price=44 WHERE sku='S4'",
        "DELETE FROM parts WHERE sku='S1'",
        "INSERT INTO quotes(title) VALUES('caras')",
        "INSERT INTO items(quote, sku) SELECT max(id), 'S4' FROM quotes");
    timeGoesBy(
        "DELETE FROM parts WHERE sku='S3'",
        "INSERT INTO quotes(title) VALUES('annas')",
        "INSERT INTO items(quote, sku) SELECT max(id), 'S2' FROM quotes");
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S2|2.5", "S4|44.0");
    assertThat(
            anna.db()
                .rows("SELECT title, sku FROM quotes JOIN items ON quote=quotes.id ORDER BY title"))
        .containsExactly("annas|S2", "caras|S4", "first|S1", "second|S2");
  }

  @Test
  void edits_on_both_sides_are_conflicts_and_no_edit_disappears() {
    cara.edit("UPDATE parts SET price=11 WHERE sku='S1'", "DELETE FROM parts WHERE sku='S4'");
    timeGoesBy(
        "UPDATE parts SET price=111 WHERE sku='S1'", "UPDATE parts SET price=444 WHERE sku='S4'");
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(cara.db().value("SELECT price FROM parts WHERE sku='S1'")).isEqualTo("111.0");
    assertThat(cara.conflicts()).hasSize(2);
    assertThat(anna.conflicts()).hasSize(2);
  }

  @Test
  void a_workstation_that_joins_after_retention_gets_every_row_from_the_snapshot() {
    timeGoesBy("DELETE FROM parts WHERE sku='S3'");
    Workstation dora = fleet.workstation("dora");
    dora.syncWell();
    assertThat(dora.db().content("parts")).isEqualTo(anna.db().content("parts"));
    Workstation emil = fleet.workstation("emil");
    emil.edit(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
        "INSERT INTO parts VALUES('S3',3),('own',1)");
    emil.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT count(*) FROM parts WHERE sku='own'")).isEqualTo("1");
  }

  @Test
  void a_locally_deleted_file_is_back_after_one_sync_also_after_retention() {
    timeGoesBy("DELETE FROM parts WHERE sku='S3'");
    cara.loseLocalDatabase();
    cara.syncWell();
    assertThat(cara.db().content("parts")).isEqualTo(anna.db().content("parts"));
    fleet.settle().assertSame();
  }

  @Test
  void an_absence_through_two_retentions_changes_nothing_of_this() {
    cara.edit("UPDATE parts SET price=44 WHERE sku='S4'", "DELETE FROM parts WHERE sku='S1'");
    timeGoesBy("DELETE FROM parts WHERE sku='S3'");
    timeGoesBy("INSERT INTO parts(sku, price) VALUES('S3', 33)");
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S2|3.0", "S3|33.0", "S4|44.0");
  }

  @Test
  void what_it_had_pushed_before_it_went_away_is_recognised_as_its_own() {
    cara.edit("UPDATE parts SET price=44 WHERE sku='S4'");
    cara.sync(tidemark.change.Direction.PUSH);
    timeGoesBy("DELETE FROM parts WHERE sku='S3'");
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(cara.conflicts()).isEmpty();
    assertThat(anna.db().value("SELECT price FROM parts WHERE sku='S4'")).isEqualTo("44.0");
  }

  @Test
  void a_pull_only_workstation_away_for_long_keeps_its_pending_edits_until_it_may_push() {
    cara.edit("UPDATE parts SET price=44 WHERE sku='S4'");
    timeGoesBy("DELETE FROM parts WHERE sku='S3'");
    cara.sync(tidemark.change.Direction.PULL);
    assertThat(cara.db().value("SELECT price FROM parts WHERE sku='S4'")).isEqualTo("44.0");
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|1.0", "S2|2.5", "S4|44.0");
  }

  @Test
  void a_push_after_long_absence_brings_nobody_back_from_the_dead() {
    cara.edit(
        "UPDATE parts SET price=44 WHERE sku='S4'", "UPDATE parts SET price=0.1 WHERE sku='S2'");
    timeGoesBy("DELETE FROM parts WHERE sku='S3'");
    cara.sync(tidemark.change.Direction.PUSH);
    anna.syncWell();
    assertThat(anna.db().value("SELECT count(*) FROM parts WHERE sku='S3'")).isEqualTo("0");
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|1.0", "S2|2.5", "S4|44.0");
  }

  /** As after many more entries: of those long retired few are remembered. */
  private void theMasterRemembersNoMore(String entries) {
    fleet.master().execute("DELETE FROM sync_entries WHERE " + entries);
  }

  private static String position(Workstation workstation) {
    return workstation.db().value("SELECT max(position) FROM sync_tables");
  }

  @Test
  void where_the_snapshot_remembers_an_entry_no_more_the_archive_tells_of_it() {
    theMasterRemembersNoMore("number=" + position(cara));
    timeGoesBy("UPDATE parts SET price=100 WHERE sku='S1'");
    cara.syncWell();
    assertThat(cara.conflicts()).isEmpty();
    fleet.settle().assertSame();
  }

  @Test
  void where_that_is_gone_too_only_what_came_after_the_last_entry_both_know_is_compared_anew() {
    anna.edit("UPDATE parts SET price=11 WHERE sku='S1'");
    fleet.settle().assertSame();
    theMasterRemembersNoMore("number=" + position(cara));
    cara.edit("UPDATE parts SET price=33 WHERE sku='S3'");
    timeGoesBy(
        "UPDATE parts SET price=111 WHERE sku='S1'", "UPDATE parts SET price=444 WHERE sku='S4'");
    Folders.delete(fleet.share().resolve("server.db-ledger/archive"));
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|111.0", "S2|2.5", "S3|33.0", "S4|444.0");
    assertThat(cara.db().rows("SELECT DISTINCT row_key FROM sync_conflicts"))
        .containsExactly("[\"S1\"]");
  }

  @Test
  void where_no_entry_is_known_to_both_all_is_compared_anew_and_nothing_is_lost() {
    theMasterRemembersNoMore("number<=" + position(cara));
    cara.edit("UPDATE parts SET price=33 WHERE sku='S3'", "DELETE FROM parts WHERE sku='S4'");
    timeGoesBy("UPDATE parts SET price=111 WHERE sku='S1'");
    Folders.delete(fleet.share().resolve("server.db-ledger/archive"));
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|111.0", "S2|2.5", "S3|33.0");
  }
}
