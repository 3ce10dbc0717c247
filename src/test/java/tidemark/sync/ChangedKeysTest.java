package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.change.Change;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.TableRule;
import tidemark.look.Verify;
import tidemark.master.LedgerContent;
import tidemark.past.Differences;
import tidemark.past.Feed;
import tidemark.past.Resolution;
import tidemark.run.Copies;
import tidemark.testing.FleetTest;
import tidemark.testing.SettablePace;
import tidemark.testing.Workstation;

/** A table gets another key: accepted at one workstation, followed by the others. */
class ChangedKeysTest extends FleetTest {
  private static final String QUOTES =
      "CREATE TABLE quotes(id TEXT PRIMARY KEY, name TEXT, note TEXT)";
  private static final String ROWS =
      "INSERT INTO quotes(id, name) VALUES('Q1','one'),('Q2','two'),('Q3','three')";
  private static final String OTHER = "CREATE TABLE other(id TEXT PRIMARY KEY, text TEXT)";

  private static final String[] REVISIONS = {
    "CREATE TABLE q2(id TEXT NOT NULL, rev INTEGER NOT NULL DEFAULT 0, name TEXT, note TEXT, updated_at DATETIME, updated_by TEXT, synced_at DATETIME, PRIMARY KEY(id, rev))",
    "INSERT INTO q2 SELECT id, 0, name, note, updated_at, updated_by, synced_at FROM quotes",
    "DROP TABLE quotes",
    "ALTER TABLE q2 RENAME TO quotes"
  };

  private static Workstation upgrade(Workstation at) {
    return at.edit(REVISIONS);
  }

  private static String held(Workstation at) {
    var outcome = at.sync();
    assertThat(outcome.failure()).isNull();
    return String.join(";", outcome.report().held().values());
  }

  private static void accept(Workstation at, String table) {
    new SchemaAccept(at.plan()).run(table);
  }

  private static List<String> quotes(Workstation at) {
    return at.db().rows("SELECT id, rev, name FROM quotes ORDER BY id, rev");
  }

  private void verifiesEverywhere() {
    for (Workstation each : fleet.all()) {
      for (Differences findings : new Verify(each.plan(), each.ledger(), each.clock()).run()) {
        assertThat(findings.areNone()).as(each.name() + " " + findings).isTrue();
      }
    }
  }

  /** Anna's application makes the key (id, rev), and IT accepts it there. */
  private void annaBegins() {
    upgrade(anna);
    assertThat(held(anna)).contains("its key was id and is id, rev").contains("schema accept");
    accept(anna, "quotes");
    anna.syncWell();
  }

  @Test
  void others_are_refused_by_name_until_they_are_upgraded_and_the_rest_goes_on() {
    everybodyHas(QUOTES, OTHER, ROWS);
    annaBegins();
    anna.edit(
        "INSERT INTO quotes(id, rev, name) VALUES('Q1',1,'one, again')",
        "INSERT INTO other(id) VALUES('o')");
    anna.syncWell();
    ben.edit("UPDATE quotes SET name='two, by ben' WHERE id='Q2'");
    assertThat(held(ben))
        .contains("quotes")
        .contains("its key is id, rev since entry")
        .contains("anna");
    assertThat(held(ben)).contains("its key is id, rev since entry");
    assertThat(ben.db().value("SELECT count(*) FROM other")).isEqualTo("1");
    assertThat(ben.db().rows("SELECT id, name FROM quotes ORDER BY id"))
        .containsExactly("Q1|one", "Q2|two, by ben", "Q3|three");
    upgrade(ben).syncWell();
    upgrade(cara).syncWell();
    fleet.settle().assertSame();
    assertThat(quotes(cara))
        .containsExactly("Q1|0|one", "Q1|1|one, again", "Q2|0|two, by ben", "Q3|0|three");
    assertThat(kinds(cara)).isEmpty();
    verifiesEverywhere();
  }

  @Test
  void everything_pending_at_one_that_is_upgraded_later_arrives_or_is_kept() {
    everybodyHas(QUOTES, OTHER, ROWS);
    ben.edit(
        "UPDATE quotes SET name='edited' WHERE id='Q2'",
        "INSERT INTO quotes(id, name) VALUES('Q4','new')",
        "DELETE FROM quotes WHERE id='Q3'");
    annaBegins();
    held(ben);
    ben.edit("UPDATE quotes SET note='while refused' WHERE id='Q1'");
    upgrade(ben);
    ben.edit("INSERT INTO quotes(id, rev, name) VALUES('Q4',1,'newer')");
    ben.sync();
    upgrade(cara);
    fleet.settle().assertSame();
    assertThat(quotes(cara))
        .containsExactly("Q1|0|one", "Q2|0|edited", "Q3|0|three", "Q4|0|new", "Q4|1|newer");
    assertThat(cara.db().value("SELECT note FROM quotes WHERE id='Q1'")).isEqualTo("while refused");
    assertThat(cara.db().rows("SELECT kind, row_key FROM sync_conflicts"))
        .containsExactly("delete|[\"Q3\"]"); // the delete could not follow, and says so
    verifiesEverywhere();
  }

  @Test
  void a_master_in_which_the_table_cannot_be_made_anew_stays_behind_and_says_why() {
    everybodyHas(QUOTES, OTHER, ROWS);
    fleet.master().execute("CREATE TABLE keyless(b)", "CREATE INDEX by_name ON keyless(b)");
    upgrade(anna).edit("CREATE INDEX by_name ON quotes(name)");
    held(anna);
    accept(anna, "quotes");
    anna.edit("INSERT INTO other(id) VALUES('o')");
    assertThat(held(anna)).contains("quotes cannot be made anew under its key", "by_name");
    assertThat(held(ben)).contains("its key is id, rev since entry", "by_name");
    assertThat(ben.db().value("SELECT count(*) FROM other")).isEqualTo("1");
    assertThat(fleet.master().rows("SELECT id, name FROM quotes ORDER BY id"))
        .containsExactly("Q1|one", "Q2|two", "Q3|three");

    fleet.master().execute("DROP INDEX by_name");
    upgrade(ben);
    upgrade(cara);
    fleet.settle().assertSame();
    assertThat(fleet.master().value("SELECT count(rev) FROM quotes")).isEqualTo("3");
  }

  @Test
  void upgraded_before_anybody_accepted_the_application_writes_on_and_nothing_is_lost() {
    everybodyHas(QUOTES, OTHER, ROWS);
    upgrade(ben);
    assertThat(held(ben)).contains("its key was id and is id, rev");
    ben.edit(
        "UPDATE quotes SET name='two, by ben' WHERE id='Q2'",
        "INSERT INTO quotes(id, rev, name) VALUES('Q2',1,'two, again')",
        "DELETE FROM quotes WHERE id='Q3'");
    held(ben);
    annaBegins();
    upgrade(cara);
    fleet.settle().assertSame();
    assertThat(quotes(cara)).containsExactly("Q1|0|one", "Q2|0|two, by ben", "Q2|1|two, again");
    verifiesEverywhere();
  }

  @Test
  void what_others_posted_while_one_waited_to_be_accepted_is_not_lost() {
    everybodyHas(QUOTES, OTHER, ROWS);
    upgrade(anna);
    held(anna);
    ben.edit(
        "UPDATE quotes SET name='late' WHERE id='Q2'",
        "INSERT INTO quotes(id, name) VALUES('Q9','late')");
    ben.syncWell();
    cara.syncWell();
    accept(anna, "quotes");
    anna.syncWell();
    fleet.settle();
    upgrade(ben);
    upgrade(cara);
    fleet.settle().assertSame();
    assertThat(quotes(anna)).containsExactly("Q1|0|one", "Q2|0|late", "Q3|0|three", "Q9|0|late");
    verifiesEverywhere();
  }

  @Test
  void rows_that_went_with_the_migration_go_everywhere_but_for_those_that_somebody_edited() {
    everybodyHas(QUOTES, OTHER, ROWS);
    ben.edit("UPDATE quotes SET name='kept' WHERE id='Q3'");
    upgrade(anna);
    anna.edit("DELETE FROM quotes WHERE id IN ('Q2','Q3')");
    held(anna);
    accept(anna, "quotes");
    anna.syncWell();
    upgrade(ben);
    upgrade(cara);
    fleet.settle().assertSame();
    assertThat(quotes(cara)).containsExactly("Q1|0|one", "Q3|0|kept");
    assertThat(kinds(cara)).containsExactly("delete|local");
    verifiesEverywhere();
  }

  /** It once said so in one entry after the other, and never ended. */
  @Test
  @Timeout(60)
  void who_only_pushes_says_once_that_all_rows_stand_under_the_new_key() {
    everybodyHas(QUOTES, OTHER, ROWS);
    upgrade(anna);
    held(anna);
    accept(anna, "quotes");
    assertThat(anna.sync(Direction.PUSH).status()).isEqualTo("success");
    String last = lastEntry(anna);
    assertThat(anna.sync(Direction.PUSH).status()).isEqualTo("success");
    assertThat(lastEntry(anna)).isEqualTo(last);
    fleet.all().stream().filter(each -> each != anna).forEach(ChangedKeysTest::upgrade);
    fleet.settle().assertSame();
    verifiesEverywhere();
  }

  private static String lastEntry(Workstation at) {
    return at.db().value("SELECT max(number) FROM sync_entries");
  }

  @Test
  void many_rows_follow_in_several_entries() {
    everybodyHas(QUOTES, OTHER);
    anna.edit(
        "INSERT INTO quotes(id, name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<3000) SELECT printf('Q%04d', i), 'n'||i FROM n");
    fleet.settle();
    upgrade(anna);
    anna.edit("DELETE FROM quotes WHERE id<'Q0100'");
    held(anna);
    accept(anna, "quotes");
    upgrade(ben);
    anna.syncWell();
    ben.edit("UPDATE quotes SET name='mine' WHERE id='Q2999'");
    upgrade(cara);
    fleet.settle().assertSame();
    assertThat(cara.db().value("SELECT count(*) FROM quotes")).isEqualTo("2901");
    assertThat(cara.db().value("SELECT name FROM quotes WHERE id='Q2999'")).isEqualTo("mine");
    assertThat(kinds(cara)).isEmpty();
    verifiesEverywhere();
  }

  @Test
  void two_that_accept_the_same_key_make_one_generation() {
    everybodyHas(QUOTES, OTHER, ROWS);
    upgrade(anna).edit("UPDATE quotes SET name='by anna' WHERE id='Q1'");
    upgrade(ben).edit("UPDATE quotes SET name='by ben' WHERE id='Q2'");
    held(anna);
    held(ben);
    accept(anna, "quotes");
    accept(ben, "quotes");
    anna.syncWell();
    ben.syncWell();
    upgrade(cara);
    fleet.settle().assertSame();
    assertThat(quotes(cara)).containsExactly("Q1|0|by anna", "Q2|0|by ben", "Q3|0|three");
    assertThat(cara.db().value("SELECT generation FROM sync_tables WHERE name='quotes'"))
        .isEqualTo("2");
    assertThat(kinds(cara)).isEmpty();
    verifiesEverywhere();
  }

  @Test
  void of_two_that_accept_different_keys_the_later_stands_and_the_other_is_refused_by_name() {
    everybodyHas(
        "CREATE TABLE parts(id INTEGER PRIMARY KEY, uid INTEGER NOT NULL UNIQUE, code INTEGER NOT NULL UNIQUE, text TEXT)",
        "INSERT INTO parts(id, uid, code, text) VALUES(1,2,3,'one'),(2,3,1,'two'),(3,1,2,'three')");
    anna.rule("parts", key("uid"));
    ben.rule("parts", key("code")).edit("UPDATE parts SET text='two, by ben' WHERE id=2");
    held(anna);
    held(ben);
    accept(anna, "parts");
    accept(ben, "parts");
    anna.syncWell();
    assertThat(held(ben)).contains("its key is uid since entry").contains("here it is code");
    accept(ben, "parts");
    ben.syncWell();
    assertThat(held(anna)).contains("its key is code since entry");
    anna.rule("parts", key("code"));
    cara.rule("parts", key("code"));
    fleet.all().forEach(Workstation::syncWell);
    fleet.settle();
    for (Workstation each : fleet.all()) {
      assertThat(each.db().rows("SELECT id, uid, code, text FROM parts ORDER BY id"))
          .containsExactly("1|2|3|one", "2|3|1|two, by ben", "3|1|2|three");
    }
  }

  private static TableRule key(String... columns) {
    return new TableRule(null, false, List.of(), false, List.of(columns), false, true);
  }

  @Test
  void a_key_accepted_here_is_never_taken_for_the_former_key_there() {
    everybodyHas(
        "CREATE TABLE parts(id INTEGER PRIMARY KEY, uid INTEGER NOT NULL UNIQUE, text TEXT)",
        "INSERT INTO parts(id, uid, text) VALUES(1,2,'one'),(2,1,'two'),(3,77,'three')");
    ben.edit(
        "UPDATE parts SET text='one, by ben' WHERE id=1",
        "UPDATE parts SET text='three, by ben' WHERE id=3");
    anna.rule("parts", key("uid"));
    held(anna);
    accept(anna, "parts");
    anna.edit("UPDATE parts SET text='two, by anna' WHERE uid=1");
    anna.syncWell();
    assertThat(held(ben)).contains("its key is uid since entry");
    assertThat(ben.db().rows("SELECT id, uid, text FROM parts ORDER BY id"))
        .containsExactly("1|2|one, by ben", "2|1|two", "3|77|three, by ben");
    ben.rule("parts", key("uid")).syncWell();
    cara.rule("parts", key("uid")).syncWell();
    fleet.settle();
    for (Workstation each : fleet.all()) {
      assertThat(each.db().rows("SELECT id, uid, text FROM parts ORDER BY id"))
          .containsExactly("1|2|one, by ben", "2|1|two, by anna", "3|77|three, by ben");
    }
    assertThat(kinds(cara)).isEmpty();
    verifiesEverywhere();
  }

  @Test
  void a_renamed_key_column_is_followed() {
    everybodyHas(QUOTES, OTHER, ROWS);
    String rename = "ALTER TABLE quotes RENAME COLUMN id TO quoteId";
    ben.edit("UPDATE quotes SET name='two, by ben' WHERE id='Q2'");
    anna.edit(rename);
    held(anna);
    accept(anna, "quotes");
    anna.syncWell();
    assertThat(held(ben)).contains("its key is quoteId since entry");
    ben.edit(rename).syncWell();
    cara.edit(rename).syncWell();
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT quoteId, name FROM quotes ORDER BY 1"))
        .containsExactly("Q1|one", "Q2|two, by ben", "Q3|three");
    assertThat(kinds(cara)).isEmpty();
    verifiesEverywhere();
  }

  @Test
  void reordered_key_columns_are_followed() {
    everybodyHas(
        "CREATE TABLE lines(quote TEXT NOT NULL, pos TEXT NOT NULL, text TEXT, PRIMARY KEY(quote, pos))",
        "INSERT INTO lines(quote, pos, text) VALUES('a','b','ab'),('b','a','ba'),('c','d','cd')");
    String[] reorder = {
      "CREATE TABLE l2(quote TEXT NOT NULL, pos TEXT NOT NULL, text TEXT, updated_at DATETIME, updated_by TEXT, synced_at DATETIME, PRIMARY KEY(pos, quote))",
      "INSERT INTO l2 SELECT quote, pos, text, updated_at, updated_by, synced_at FROM lines",
      "DROP TABLE lines",
      "ALTER TABLE l2 RENAME TO lines"
    };
    ben.edit("UPDATE lines SET text='ab, by ben' WHERE quote='a'");
    anna.edit(reorder);
    held(anna);
    accept(anna, "lines");
    anna.syncWell();
    assertThat(held(ben)).contains("its key is pos, quote since entry");
    ben.edit(reorder).syncWell();
    cara.edit(reorder).syncWell();
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT quote, pos, text FROM lines ORDER BY 1"))
        .containsExactly("a|b|ab, by ben", "b|a|ba", "c|d|cd");
    assertThat(kinds(cara)).isEmpty();
    verifiesEverywhere();
  }

  @Test
  void one_that_joins_later_reads_through_both_generations() {
    everybodyHas(QUOTES, OTHER, ROWS);
    anna.edit("UPDATE quotes SET name='once' WHERE id='Q1'").syncWell();
    annaBegins();
    anna.edit("INSERT INTO quotes(id, rev, name) VALUES('Q1',1,'twice')").syncWell();
    Workstation dora = fleet.workstation("dora");
    dora.syncWell();
    upgrade(ben);
    upgrade(cara);
    fleet.settle().assertSame();
    assertThat(quotes(dora)).containsExactly("Q1|0|once", "Q1|1|twice", "Q2|0|two", "Q3|0|three");
    verifiesEverywhere();
  }

  @Test
  void one_that_joins_with_the_new_application_and_rows_of_its_own() {
    everybodyHas(QUOTES, OTHER, ROWS);
    annaBegins();
    Workstation dora = fleet.workstation("dora");
    dora.edit(
        "CREATE TABLE quotes(id TEXT NOT NULL, rev INTEGER NOT NULL DEFAULT 0, name TEXT, note TEXT, PRIMARY KEY(id, rev))",
        "INSERT INTO quotes(id, rev, name) VALUES('Q8',2,'dora')");
    dora.syncWell();
    upgrade(ben);
    upgrade(cara);
    fleet.settle().assertSame();
    assertThat(quotes(anna)).containsExactly("Q1|0|one", "Q2|0|two", "Q3|0|three", "Q8|2|dora");
    verifiesEverywhere();
  }

  @Test
  void the_master_is_made_anew_after_it() throws Exception {
    everybodyHas(QUOTES, OTHER, ROWS);
    annaBegins();
    assertThat(fleet.master().rows("SELECT id, rev FROM quotes ORDER BY 1"))
        .containsExactly("Q1|0", "Q2|0", "Q3|0");
    java.nio.file.Files.delete(fleet.master().file());
    upgrade(ben);
    upgrade(cara);
    fleet.settle().assertSame();
    verifiesEverywhere();
  }

  @Test
  void what_was_edited_in_the_master_meanwhile_is_carried_over() {
    everybodyHas(QUOTES, OTHER, ROWS);
    fleet.master().execute("UPDATE quotes SET name='by IT' WHERE id='Q2'");
    upgrade(anna);
    held(anna); // folds nothing of it: her table waits
    fleet.master().execute("INSERT INTO quotes(id, name) VALUES('Q7','by IT')");
    accept(anna, "quotes");
    anna.syncWell();
    upgrade(ben);
    upgrade(cara);
    fleet.settle().assertSame();
    assertThat(quotes(cara)).containsExactly("Q1|0|one", "Q2|0|by IT", "Q3|0|three", "Q7|0|by IT");
    verifiesEverywhere();
  }

  @Test
  void who_was_away_until_the_entries_were_archived_follows_too() {
    everybodyHas(QUOTES, OTHER, ROWS);
    cara.edit("UPDATE quotes SET name='offline' WHERE id='Q2'");
    annaBegins();
    upgrade(ben).syncWell();
    for (Workstation each : List.of(anna, ben)) {
      each.keepEntries = java.time.Duration.ZERO;
    }
    fleet.age(java.time.Duration.ofDays(400));
    anna.edit("INSERT INTO other(id) VALUES('o')");
    for (int i = 0; i < 3; i++) {
      anna.sync();
      ben.sync();
    }
    assertThat(anna.ledger().info().orElseThrow().floor()).isGreaterThan(2);
    assertThat(held(cara)).contains("its key is id, rev since entry");
    upgrade(cara);
    fleet.settle().assertSame();
    assertThat(quotes(anna)).containsExactly("Q1|0|one", "Q2|0|offline", "Q3|0|three");
    verifiesEverywhere();
  }

  @Test
  void a_conflict_of_the_former_key_comes_back_whole_or_says_why_not() {
    everybodyHas(QUOTES, OTHER, ROWS);
    ben.edit("UPDATE quotes SET name='ben', updated_at='2025-01-01 10:00:00' WHERE id='Q1'");
    anna.edit("UPDATE quotes SET name='anna', updated_at='2025-01-01 11:00:00' WHERE id='Q1'");
    fleet.settle();
    annaBegins();
    upgrade(ben);
    upgrade(cara);
    fleet.settle().assertSame();
    String id = cara.db().value("SELECT id FROM sync_conflicts");
    new Resolution(cara.plan(), cara.clock()).restore(id);
    fleet.settle().assertSame();
    assertThat(quotes(anna)).containsExactly("Q1|0|ben", "Q2|0|two", "Q3|0|three");
  }

  @Test
  void an_open_conflict_of_the_former_key_is_settled_and_both_versions_are_kept() {
    everybodyHas(QUOTES, OTHER, ROWS);
    fleet.all().forEach(w -> w.conflicts = ConflictRule.MANUAL);
    anna.edit("UPDATE quotes SET name='anna' WHERE id='Q1'");
    anna.syncWell();
    ben.edit("UPDATE quotes SET name='ben' WHERE id='Q1'");
    assertThat(held(ben)).contains("two versions");
    annaBegins();
    upgrade(ben);
    upgrade(cara).syncWell();
    assertThat(held(ben)).contains("two versions");
    String open = ben.db().value("SELECT id FROM sync_conflicts WHERE resolved=0");
    new Resolution(ben.plan(), ben.clock()).resolve(open, Resolution.Side.LOCAL);
    fleet.settle().assertSame();
    assertThat(quotes(cara)).containsExactly("Q1|0|ben", "Q2|0|two", "Q3|0|three");
    assertThat(cara.db().value("SELECT count(*) FROM sync_conflicts WHERE resolved=0"))
        .isEqualTo("0");
  }

  @Test
  void changes_of_the_former_key_that_an_older_program_still_writes_are_named_and_touch_nothing() {
    everybodyHas(QUOTES, OTHER, ROWS);
    annaBegins();
    upgrade(ben).syncWell();
    upgrade(cara).syncWell();
    fleet.settle().assertSame();
    var ledger = ben.ledger();
    var key = tidemark.change.RowKey.of("Q1");
    var row = tidemark.change.Row.of(java.util.Map.of("id", "Q1", "name", "old program"));
    long head = ben.db().rows("SELECT 1 FROM sync_entries").size();
    assertThat(
            ledger.append(
                ledger.read(head).position(),
                ben.plan().author(),
                new tidemark.ledger.Draft(
                    List.of(),
                    List.of(
                        new Change(
                            "quotes", key, row, 1, "x", false, "a".repeat(16), "a".repeat(16))),
                    List.of())))
        .isNotNull();
    assertThat(held(cara)).contains("former key");
    assertThat(quotes(cara)).containsExactly("Q1|0|one", "Q2|0|two", "Q3|0|three");
  }

  @Test
  void who_goes_back_to_a_moment_before_it_is_told() {
    everybodyHas(QUOTES, OTHER, ROWS);
    annaBegins();
    upgrade(ben).syncWell();
    upgrade(cara).syncWell();
    try (LedgerContent.Made then =
        new LedgerContent(ben.plan(), ben.ledger(), ben.clock(), Copies.NONE).at(1)) {
      assertThat(then.replica().table("quotes").shape().key()).containsExactly("id");
    }
    try (LedgerContent.Made now =
        new LedgerContent(ben.plan(), ben.ledger(), ben.clock(), Copies.NONE).now()) {
      assertThat(now.replica().table("quotes").shape().key()).containsExactly("id", "rev");
    }
    new Feed(ben.plan(), ben.ledger()).each(Feed.Filter.ALL, item -> {});
  }

  /** Every run of this workstation fails at a later operation on the share than the one before. */
  private static void syncsThroughFailures(Workstation at) {
    for (int allowed = 0; ; allowed++) {
      int[] left = {allowed};
      at.tap =
          new tidemark.share.ShareFiles.Tap() {
            @Override
            public void before(tidemark.share.ShareFiles.Operation operation, Path path)
                throws IOException {
              if (left[0]-- <= 0) {
                throw new IOException("the link is cut");
              }
            }
          };
      var outcome = at.sync();
      at.tap = tidemark.share.ShareFiles.Tap.NONE;
      if (outcome.failure() == null && left[0] >= 0) {
        return;
      }
      assertThat(allowed).isLessThan(400);
    }
  }

  @Test
  void a_link_that_is_cut_at_any_operation_of_it_changes_nothing_in_the_end() {
    everybodyHas(QUOTES, OTHER, ROWS);
    ben.edit(
        "UPDATE quotes SET name='by ben' WHERE id='Q2'",
        "INSERT INTO quotes(id, name) VALUES('Q4','new')");
    upgrade(anna).edit("DELETE FROM quotes WHERE id='Q3'");
    held(anna);
    accept(anna, "quotes");
    syncsThroughFailures(anna);
    syncsThroughFailures(ben);
    upgrade(ben);
    syncsThroughFailures(ben);
    upgrade(cara);
    syncsThroughFailures(cara);
    SettablePace pace = new SettablePace();
    fleet.all().forEach(each -> each.pace = pace);
    fleet.all().forEach(Workstation::startDaemon); // who sees that a dead one's lease is dead
    fleet.comeToRest(pace).assertSame();
    assertThat(quotes(cara)).containsExactly("Q1|0|one", "Q2|0|by ben", "Q4|0|new");
    assertThat(kinds(cara)).isEmpty();
    verifiesEverywhere();
  }

  @Test
  void an_application_that_goes_back_to_the_former_key_goes_on_as_before() {
    everybodyHas(QUOTES, OTHER, ROWS);
    upgrade(anna);
    held(anna);
    anna.edit(
        "UPDATE quotes SET name='one, anyway' WHERE id='Q1'",
        "CREATE TABLE q1(id TEXT PRIMARY KEY, name TEXT, note TEXT, updated_at DATETIME, updated_by TEXT, synced_at DATETIME)",
        "INSERT INTO q1 SELECT id, name, note, updated_at, updated_by, synced_at FROM quotes",
        "DROP TABLE quotes",
        "ALTER TABLE q1 RENAME TO quotes");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(cara.db().value("SELECT name FROM quotes WHERE id='Q1'")).isEqualTo("one, anyway");
    assertThat(kinds(cara)).isEmpty();
  }
}
