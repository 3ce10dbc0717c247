package tidemark.look;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.Direction;
import tidemark.past.Differences;
import tidemark.past.ResolutionTest;
import tidemark.run.Request;
import tidemark.testing.Database;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

class VerifyTest extends PairTest {
  @BeforeEach
  void twoWorkstations() {
    everybodyHas(
        "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, name TEXT COLLATE NOCASE, price)",
        "CREATE TABLE notes(id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<40) INSERT INTO notes(text) SELECT 'note '||i FROM n",
        "INSERT INTO quotes VALUES('Q1','one',1),('Q2','two',2),('Q3','three',3)");
  }

  private static List<Differences> verify(Workstation workstation) {
    return new Verify(workstation.plan(), workstation.ledger(), workstation.clock()).run();
  }

  private static Repair.Repaired repair(Workstation workstation) {
    return new Repair(workstation.plan(), workstation.ledger(), workstation.clock())
        .run(new Request(Set.of(), Direction.BOTH, workstation.conflicts, "manual"));
  }

  private static List<String> found(Differences findings) {
    List<String> found = new ArrayList<>();
    if (findings.trouble() != null) {
      found.add(findings.trouble());
    }
    for (Differences.Table table : findings.tables()) {
      table.examples().forEach(e -> found.add(table.name() + " " + e.key() + " " + e.kind()));
    }
    return found;
  }

  /** As if the triggers had been off: the edit leaves no mark. */
  private static void unseen(Database database, String... statements) {
    List<String> all = new ArrayList<>();
    all.add("INSERT INTO sync_state(key, value) VALUES('applying', 1)");
    all.addAll(List.of(statements));
    all.add("DELETE FROM sync_state WHERE key='applying'");
    database.execute(all.toArray(String[]::new));
  }

  @Test
  void pending_edits_and_unread_entries_are_no_differences_but_named_as_not_compared() {
    anna.edit("UPDATE quotes SET price=5 WHERE quoteId='Q1'", "DELETE FROM notes WHERE id=3");
    ben.edit("UPDATE quotes SET price=6 WHERE quoteId='Q2'", "DELETE FROM notes WHERE id=4");
    ben.syncWell();
    List<Differences> findings = verify(anna);
    assertThat(findings).allSatisfy(f -> assertThat(f.areNone()).as(f.toString()).isTrue());
    Differences.Table quotes = table(findings.get(0), "quotes");
    assertThat(quotes.rows()).isEqualTo(1);
    assertThat(quotes.leftOut()).isEqualTo(new Differences.LeftOut(1, 1, 0));
    Differences.Table notes = table(findings.get(0), "notes");
    assertThat(notes.rows()).isEqualTo(38);
    assertThat(notes.leftOut()).isEqualTo(new Differences.LeftOut(1, 1, 0));
    assertThat(findings.get(0).isAllCompared()).isFalse();
    assertThat(findings.get(1).isAllCompared()).isTrue();

    anna.syncWell();
    assertThat(verify(anna)).allMatch(Differences::isAllCompared);
    assertThat(table(verify(anna).get(0), "notes").rows()).isEqualTo(38);
  }

  private static Differences.Table table(Differences findings, String name) {
    return findings.tables().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void what_a_master_that_is_behind_has_not_read_is_counted_and_not_said_to_be_the_same()
      throws IOException {
    byte[] before = Files.readAllBytes(fleet.master().file());
    anna.edit(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, name TEXT)",
        "INSERT INTO parts VALUES('S1','bolt'),('S2','nut')",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<30) INSERT INTO notes(text) SELECT 'more '||i FROM n");
    anna.syncWell();
    Files.write(fleet.master().file(), before);
    List<Differences> findings = verify(anna);
    assertThat(findings.get(0).isAllCompared()).isTrue();
    assertThat(findings.get(1).areNone()).isTrue();
    assertThat(findings.get(1).isAllCompared()).isFalse();
    assertThat(table(findings.get(1), "notes").rows()).isEqualTo(40);
    assertThat(table(findings.get(1), "notes").leftOut().unread()).isEqualTo(30);
    assertThat(table(findings.get(1), "parts").rows()).isZero();
    assertThat(table(findings.get(1), "parts").leftOut().unread()).isEqualTo(2);

    assertThat(repair(anna).after()).allMatch(Differences::isAllCompared);
    fleet.settle().assertSame();
  }

  @Test
  void a_row_that_is_held_is_counted_as_not_compared() {
    ben.edit("CREATE UNIQUE INDEX one_text ON notes(text)");
    ben.syncWell();
    anna.edit("INSERT INTO notes(text) VALUES('note 1')");
    anna.syncWell();
    ben.sync();
    assertThat(ben.db().rows("SELECT 1 FROM sync_held")).isNotEmpty();
    Differences here = verify(ben).get(0);
    assertThat(here.areNone()).isTrue();
    assertThat(table(here, "notes").leftOut().held()).isEqualTo(1);
    assertThat(table(here, "notes").rows()).isEqualTo(40);
  }

  @Test
  void names_rows_that_differ_are_missing_or_extra_to_the_bit() throws IOException {
    unseen(
        anna.db(),
        "UPDATE quotes SET name='ONE' WHERE quoteId='Q1'",
        "UPDATE quotes SET price=2.0 WHERE quoteId='Q2'",
        "DELETE FROM notes WHERE id=7",
        "INSERT INTO notes(id, text) VALUES(99,'extra')");
    byte[] before = Files.readAllBytes(anna.db().file());
    byte[] master = Files.readAllBytes(fleet.master().file());
    List<Differences> findings = verify(anna);
    assertThat(found(findings.get(0)))
        .containsExactlyInAnyOrder(
            "quotes Q1 DIFFERS", "quotes Q2 DIFFERS", "notes 7 MISSING", "notes 99 EXTRA");
    assertThat(findings.get(1).areNone()).isTrue();
    assertThat(Files.readAllBytes(anna.db().file())).isEqualTo(before);
    assertThat(Files.readAllBytes(fleet.master().file())).isEqualTo(master);
  }

  @Test
  void a_row_missing_without_anybody_having_deleted_it_comes_back() {
    unseen(anna.db(), "DELETE FROM notes WHERE id=7", "DELETE FROM quotes WHERE quoteId='Q3'");
    assertThat(repair(anna).after()).allMatch(Differences::areNone);
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT count(*) FROM notes")).isEqualTo("40");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void a_row_the_ledger_has_and_this_database_never_knew_comes_back() {
    unseen(anna.db(), "DELETE FROM notes WHERE id=7", "DELETE FROM sync_rows_notes WHERE k0=7");
    assertThat(repair(anna).after()).allMatch(Differences::areNone);
    fleet.settle().assertSame();
  }

  @Test
  void a_row_altered_unseen_gives_way_to_the_ledgers_and_is_kept_in_a_conflict() {
    unseen(anna.db(), "UPDATE quotes SET name='altered' WHERE quoteId='Q1'");
    assertThat(repair(anna).after()).allMatch(Differences::areNone);
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT name FROM quotes WHERE quoteId='Q1'")).isEqualTo("one");
    assertThat(anna.conflicts()).singleElement().asString().contains("altered");
    ResolutionTest.at(ben).restore(ben.db().value("SELECT id FROM sync_conflicts"));
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT name FROM quotes WHERE quoteId='Q1'")).isEqualTo("altered");
  }

  @Test
  void a_row_edited_unseen_and_stamped_later_wins_and_the_ledgers_is_kept() {
    unseen(
        anna.db(),
        "UPDATE quotes SET name='edited', updated_at=strftime('%Y-%m-%d %H:%M:%f','now') WHERE quoteId='Q1'",
        "UPDATE notes SET text='edited', updated_at=strftime('%Y-%m-%d %H:%M:%f','now') WHERE id=5");
    assertThat(repair(anna).after()).allMatch(Differences::areNone);
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT name FROM quotes WHERE quoteId='Q1'")).isEqualTo("edited");
    assertThat(ben.db().value("SELECT text FROM notes WHERE id=5")).isEqualTo("edited");
    assertThat(ben.db().value("SELECT count(*) FROM notes")).isEqualTo("40");
    assertThat(ben.conflicts()).hasSize(2);
  }

  @Test
  void a_row_that_only_this_database_has_is_posted() {
    unseen(anna.db(), "INSERT INTO notes(id, text) VALUES(99,'extra')");
    assertThat(repair(anna).after()).allMatch(Differences::areNone);
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT text FROM notes WHERE id=99")).isEqualTo("extra");
  }

  @Test
  void a_row_others_deleted_that_came_back_unseen_goes_again_and_is_kept() {
    ben.edit("DELETE FROM quotes WHERE quoteId='Q2'");
    fleet.settle();
    unseen(anna.db(), "INSERT INTO quotes(quoteId, name) VALUES('Q2','undead')");
    assertThat(repair(anna).after()).allMatch(Differences::areNone);
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT count(*) FROM quotes")).isEqualTo("2");
    assertThat(anna.conflicts()).singleElement().asString().contains("undead");
  }

  @Test
  void a_table_refused_because_many_rows_vanished_gets_them_back() {
    List<String> triggers =
        anna.db().rows("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='notes'");
    triggers.forEach(name -> anna.edit("DROP TRIGGER \"" + name + "\""));
    anna.edit("DELETE FROM notes WHERE id>5");
    assertThat(anna.sync().report().held().values()).anyMatch(why -> why.contains("vanished"));
    assertThat(anna.sync().status()).isEqualTo("partial");
    Repair.Repaired repaired = repair(anna);
    assertThat(repaired.run().status()).isEqualTo("success");
    assertThat(repaired.after()).allMatch(Differences::areNone);
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT count(*) FROM notes")).isEqualTo("40");
  }

  @Test
  void the_master_is_compared_and_repaired_too() {
    unseen(
        fleet.master(),
        "DELETE FROM notes WHERE id=7",
        "UPDATE quotes SET name='altered' WHERE quoteId='Q1'");
    assertThat(found(verify(anna).get(1)))
        .containsExactlyInAnyOrder("notes 7 MISSING", "quotes Q1 DIFFERS");
    assertThat(verify(anna).get(0).areNone()).isTrue();
    assertThat(repair(anna).after()).allMatch(Differences::areNone);
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT name FROM quotes WHERE quoteId='Q1'")).isEqualTo("one");
  }

  @Test
  void a_master_that_is_gone_is_named_and_made_anew_by_the_repair() throws IOException {
    Files.delete(fleet.master().file());
    assertThat(verify(anna).get(1).trouble()).contains("not there");
    assertThat(repair(anna).after()).allMatch(Differences::areNone);
    fleet.settle().assertSame();
  }

  @Test
  void nothing_found_means_nothing_done() {
    Repair.Repaired repaired = repair(anna);
    assertThat(repaired.run()).isNull();
    assertThat(repaired.after()).allMatch(Differences::areNone);
  }
}
