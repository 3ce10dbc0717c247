package tidemark.past;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.catchup.KnownEntries;
import tidemark.change.ConflictRule;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.master.LedgerContent;
import tidemark.past.Rollback.Moment;
import tidemark.replica.Replica;
import tidemark.run.Copies;
import tidemark.run.Request;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

/** What was comes back as new entries, and what it replaces is not lost. */
class RollbackTest extends PairTest {
  @BeforeEach
  void threeRowsInThreeTables() {
    everybodyHas(
        "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, name TEXT, number TEXT UNIQUE)",
        "CREATE TABLE lines(id INTEGER PRIMARY KEY AUTOINCREMENT, quoteId TEXT REFERENCES quotes(quoteId) ON DELETE CASCADE, text TEXT)",
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
        "INSERT INTO quotes VALUES('Q1','first','n1'),('Q2','second','n2'),('Q3','third','n3')",
        "INSERT INTO lines(quoteId, text) VALUES('Q1','a'),('Q1','b'),('Q2','c')",
        "INSERT INTO parts VALUES('S1',1),('S2',2),('S3',3)");
  }

  private static Rollback at(Workstation workstation) {
    return new Rollback(workstation.plan(), workstation.ledger(), workstation.clock(), Copies.NONE);
  }

  private long head() {
    try (KnownEntries entries = new KnownEntries(anna.plan(), anna.ledger())) {
      return entries.head();
    }
  }

  private Rewind.Result rollBack(Workstation who, long entry, RewindScope scope) {
    Rollback.Done done = at(who).run(Moment.of(entry), scope, Request.byHand(ConflictRule.NEWEST));
    if (done.run() != null) {
      assertThat(done.run().success()).isTrue();
    }
    fleet.settle().assertSame();
    return done.result();
  }

  private List<String> content() {
    List<String> rows = new ArrayList<>();
    rows.addAll(anna.db().rows("SELECT quoteId, name, number FROM quotes ORDER BY 1"));
    rows.addAll(anna.db().rows("SELECT id, quoteId, text FROM lines ORDER BY 1"));
    rows.addAll(anna.db().rows("SELECT sku, price FROM parts ORDER BY 1"));
    return rows;
  }

  private static RewindScope table(String name) {
    return new RewindScope(name, null, null, null, null, false);
  }

  private static RewindScope row(String table, String key) {
    return new RewindScope(table, key, null, null, null, false);
  }

  @Test
  void everything_becomes_again_what_it_was_everywhere() {
    List<String> then = content();
    long entry = head();
    ben.edit(
        "UPDATE quotes SET name='other' WHERE quoteId='Q1'",
        "DELETE FROM quotes WHERE quoteId='Q2'",
        "INSERT INTO quotes(quoteId, name, number) VALUES('Q4','fourth','n4')",
        "INSERT INTO lines(quoteId, text) VALUES('Q4','d')");
    fleet.settle();
    anna.edit("UPDATE parts SET price=9", "INSERT INTO parts(sku, price) VALUES('S4',4)");
    fleet.settle();

    Rewind.Result dry = at(ben).dryRun(Moment.of(entry), RewindScope.ALL).result();
    assertThat(content()).isNotEqualTo(then);
    Rewind.Result result = rollBack(ben, entry, RewindScope.ALL);

    assertThat(content()).isEqualTo(then);
    assertThat(result).isEqualTo(dry);
    assertThat(result.left()).isEmpty();
    assertThat(result.people()).isEqualTo(Map.of("anna", 4L, "ben", 5L));
    Rewind.Table quotes = result.tables().get("quotes");
    assertThat(List.of(quotes.comeBack(), quotes.go(), quotes.change()))
        .containsExactly(1L, 1L, 1L);
    assertThat(anna.db().value("SELECT updated_by FROM quotes WHERE quoteId='Q1'"))
        .isEqualTo("ben");
  }

  @Test
  void who_comes_back_is_the_record_it_was_to_who_edited_it_meanwhile() {
    long entry = head();
    anna.edit("UPDATE lines SET text='later' WHERE id=3");
    fleet.settle();
    anna.edit("DELETE FROM lines WHERE id=3");
    anna.syncWell();
    ben.edit("UPDATE lines SET text='mine' WHERE id=3");
    rollBack(anna, entry, row("lines", "3"));
    assertThat(anna.db().rows("SELECT id, text FROM lines WHERE id>2")).containsExactly("3|c");
    assertThat(anna.conflicts().toString()).contains("mine");
  }

  @Test
  void what_a_rollback_replaced_comes_back_by_another_one() {
    long entry = head();
    anna.edit("UPDATE quotes SET name='valuable' WHERE quoteId='Q1'");
    fleet.settle();
    long before = head();
    List<String> valuable = content();

    rollBack(ben, entry, RewindScope.ALL);
    assertThat(content()).isNotEqualTo(valuable);
    rollBack(anna, before, RewindScope.ALL);

    assertThat(content()).isEqualTo(valuable);
    List<FeedItem> feed = new ArrayList<>();
    new Feed(anna.plan(), anna.ledger())
        .each(new Feed.Filter("quotes", "Q1", null, null, null), feed::add);
    assertThat(feed.stream().map(item -> item.after().get("name")))
        .containsExactly("first", "valuable", "first", "valuable");
  }

  @Test
  void nothing_to_take_back_writes_nothing() {
    long entry = head();
    Rewind.Result result = rollBack(anna, entry, RewindScope.ALL);
    assertThat(result.rows()).isZero();
    assertThat(head()).isEqualTo(entry);
  }

  @Test
  void one_row_returns_to_an_earlier_version_and_nothing_else_does() {
    long entry = head();
    anna.edit("UPDATE parts SET price=9");
    fleet.settle();
    rollBack(ben, entry, row("parts", "S2"));
    assertThat(anna.db().rows("SELECT sku, price FROM parts ORDER BY 1"))
        .containsExactly("S1|9.0", "S2|2.0", "S3|9.0");
  }

  @Test
  void values_that_must_be_unique_change_places_again() {
    long entry = head();
    anna.edit("UPDATE quotes SET number='x' WHERE quoteId='Q1'")
        .edit("UPDATE quotes SET number='n1' WHERE quoteId='Q2'")
        .edit("UPDATE quotes SET number='n2' WHERE quoteId='Q1'");
    fleet.settle();
    List<String> swapped = content();
    Rewind.Result result = rollBack(ben, entry, table("quotes"));
    assertThat(result.left()).isEmpty();
    assertThat(content()).isNotEqualTo(swapped).contains("Q1|first|n1", "Q2|second|n2");
  }

  @Test
  void a_row_whose_unique_value_was_given_away_is_left_and_named() {
    long entry = head();
    anna.edit("UPDATE quotes SET number='x' WHERE quoteId='Q1'")
        .edit("INSERT INTO quotes(quoteId, name, number) VALUES('Q9','ninth','n1')");
    fleet.settle();
    Rewind.Result result = rollBack(ben, entry, row("quotes", "Q1"));
    assertThat(result.rows()).isZero();
    assertThat(result.left())
        .singleElement()
        .satisfies(left -> assertThat(left.toString()).contains("Q1", "UNIQUE"));
  }

  @Test
  void the_parent_that_a_row_needs_comes_along() {
    long entry = head();
    anna.edit("DELETE FROM quotes WHERE quoteId='Q1'"); // its lines go with it
    fleet.settle();
    Rewind.Result result = rollBack(ben, entry, row("lines", "1"));
    assertThat(result.left()).isEmpty();
    assertThat(anna.db().rows("SELECT quoteId FROM quotes ORDER BY 1"))
        .containsExactly("Q1", "Q2", "Q3");
    assertThat(anna.db().rows("SELECT id FROM lines ORDER BY 1")).containsExactly("1", "3");
  }

  @Test
  void a_row_with_newer_children_stays_and_is_named_unless_they_may_go_along() {
    long entry = head();
    anna.edit(
        "INSERT INTO quotes(quoteId, name, number) VALUES('Q4','fourth','n4')",
        "INSERT INTO lines(quoteId, text) VALUES('Q4','d')");
    fleet.settle();

    Rewind.Result refused = rollBack(ben, entry, table("quotes"));
    assertThat(refused.rows()).isZero();
    assertThat(refused.left().toString()).contains("Q4", "lines 4");

    Rewind.Result told =
        rollBack(ben, entry, new RewindScope("quotes", null, null, null, null, true));
    assertThat(told.left()).isEmpty();
    assertThat(anna.db().value("SELECT count(*) FROM lines WHERE quoteId='Q4'")).isEqualTo("0");
    assertThat(anna.db().value("SELECT count(*) FROM quotes WHERE quoteId='Q4'")).isEqualTo("0");
  }

  @Test
  void the_applications_triggers_do_not_fire_on_it() {
    anna.edit(
        "CREATE TABLE audit(id INTEGER PRIMARY KEY, text TEXT)",
        "CREATE TRIGGER noticed AFTER UPDATE ON parts BEGIN INSERT INTO audit(text) VALUES('x'); END");
    fleet.settle();
    long entry = head();
    anna.edit("UPDATE parts SET price=9 WHERE sku='S1'");
    fleet.settle();
    Rewind.Result result = rollBack(anna, entry, table("parts"));
    assertThat(result.rows()).isEqualTo(1);
    assertThat(anna.db().value("SELECT count(*) FROM audit")).isEqualTo("1");
  }

  @Test
  void columns_that_came_later_keep_what_they_hold() {
    long entry = head();
    anna.edit("ALTER TABLE parts ADD COLUMN note TEXT", "UPDATE parts SET note='kept', price=9");
    fleet.settle();
    rollBack(anna, entry, table("parts"));
    assertThat(anna.db().rows("SELECT sku, price, note FROM parts ORDER BY 1"))
        .containsExactly("S1|1.0|kept", "S2|2.0|kept", "S3|3.0|kept");
  }

  @Test
  void a_table_that_came_later_is_left_as_it_is_and_named() {
    long entry = head();
    anna.edit("CREATE TABLE tools(id TEXT PRIMARY KEY)", "INSERT INTO tools VALUES('T1')");
    fleet.settle();
    Rewind.Result result = rollBack(anna, entry, RewindScope.ALL);
    assertThat(result.left().toString()).contains("tools", "no such table then");
    assertThat(anna.db().value("SELECT count(*) FROM tools")).isEqualTo("1");
  }

  private long importAt(Workstation who) {
    long before = head();
    who.edit(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<10000) INSERT INTO parts(sku, price) SELECT 'N'||i, i FROM n",
        "UPDATE parts SET price=-1 WHERE sku IN ('S1','S2')");
    fleet.settle();
    return before;
  }

  @Test
  void undoing_a_bad_import_of_10000_rows_keeps_what_others_did_later_on_other_rows() {
    long before = importAt(anna);
    long after = head();
    ben.edit(
        "UPDATE parts SET price=33 WHERE sku='S3'",
        "UPDATE quotes SET name='bens' WHERE quoteId='Q1'");
    fleet.settle();

    Rewind.Result result =
        rollBack(ben, before, new RewindScope(null, null, after, null, null, false));

    assertThat(result.rows()).isEqualTo(10_002);
    assertThat(result.people()).isEqualTo(Map.of("anna", 10_002L));
    assertThat(anna.db().rows("SELECT sku, price FROM parts ORDER BY 1"))
        .containsExactly("S1|1.0", "S2|2.0", "S3|33.0");
    assertThat(anna.db().value("SELECT name FROM quotes WHERE quoteId='Q1'")).isEqualTo("bens");
  }

  @Test
  void by_its_author_alone_it_is_undone_too_and_a_row_that_another_changed_since_is_left() {
    long before = importAt(anna);
    ben.edit("UPDATE parts SET price=22 WHERE sku='S2'");
    fleet.settle();
    Rewind.Result result =
        rollBack(ben, before, new RewindScope("parts", null, null, "anna", null, false));
    assertThat(result.left())
        .singleElement()
        .satisfies(left -> assertThat(left.toString()).contains("S2", "ben"));
    assertThat(anna.db().rows("SELECT sku, price FROM parts ORDER BY 1"))
        .containsExactly("S1|1.0", "S2|22.0", "S3|3.0");
  }

  @Test
  void what_another_did_before_the_import_but_after_the_moment_stays() {
    long moment = head();
    ben.edit("UPDATE parts SET price=11 WHERE sku='S1'");
    fleet.settle();
    importAt(anna);
    rollBack(ben, moment, new RewindScope("parts", null, null, null, "PC-anna", false));
    assertThat(anna.db().rows("SELECT sku, price FROM parts ORDER BY 1"))
        .containsExactly("S1|11.0", "S2|2.0", "S3|3.0");
  }

  @Test
  void a_moment_that_never_was_is_refused() {
    assertThatThrownBy(() -> rollBack(anna, head() + 5, RewindScope.ALL))
        .hasMessageContaining("entry");
  }

  @Test
  void an_edit_that_is_not_posted_yet_is_not_overwritten_and_the_table_is_named() {
    ben.edit("UPDATE parts SET price=7 WHERE sku='S1'", "UPDATE parts SET price=8 WHERE sku='S2'");
    fleet.settle();
    ben.edit("UPDATE parts SET price=99 WHERE sku='S1'");
    Path file = folder.resolve("later.db");
    LedgerContent content = new LedgerContent(ben.plan(), ben.ledger(), ben.clock(), Copies.NONE);
    try (LedgerContent.Made then = content.at(1);
        LaterChanges later = new LaterChanges(file, RewindScope.ALL);
        Replica replica =
            Replica.open(ben.db().file(), Duration.ZERO, ben.plan().rules(), table -> true)) {
      Rewind rewind = new Rewind(replica, then, later, RewindScope.ALL);
      Rewind.Result result = rewind.run(ben.clock().millis());
      assertThat(result.left().toString()).contains("parts", "1 with edits");
      assertThat(result.rows()).isEqualTo(1);

      RowId row = new RowId("parts", RowKey.of("S2"));
      RewindTry late =
          new RewindTry(
              replica, rewind, List.of(new RewindTry.Wanted(row, Fate.CHANGES, 1L, false)), 0);
      assertThat(late.run()).isFalse();
      assertThat(late.refused()).containsEntry(row, "edited here meanwhile");
    }
    assertThat(file).doesNotExist();
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT sku, price FROM parts ORDER BY 1"))
        .containsExactly("S1|99.0", "S2|2.0", "S3|3.0");
  }

  @Test
  void a_database_that_keeps_text_in_utf16_goes_back_too() {
    Workstation carl = fleet.workstation("carl");
    carl.edit("PRAGMA encoding='UTF-16le'", "CREATE TABLE own(id TEXT PRIMARY KEY)");
    fleet.settle();
    assertThat(carl.db().value("PRAGMA encoding")).isEqualTo("UTF-16le");
    long entry = head();
    anna.edit("UPDATE quotes SET name='ändern' WHERE quoteId='Q1'");
    fleet.settle();
    Rollback.Done done =
        at(carl).run(Moment.of(entry), table("quotes"), Request.byHand(ConflictRule.NEWEST));
    fleet.settle();
    assertThat(done.result().rows()).isEqualTo(1);
    assertThat(anna.db().value("SELECT name FROM quotes WHERE quoteId='Q1'")).isEqualTo("first");
  }

  @Test
  void who_comes_back_under_a_number_that_another_record_had_meanwhile_is_none_of_that_one() {
    long entry = head();
    anna.edit("DELETE FROM lines WHERE id=3").syncWell();
    Workstation dora = fleet.workstation("dora");
    dora.edit(
        "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, name TEXT, number TEXT UNIQUE)",
        "CREATE TABLE lines(id INTEGER PRIMARY KEY AUTOINCREMENT, quoteId TEXT REFERENCES quotes(quoteId) ON DELETE CASCADE, text TEXT)",
        "INSERT INTO lines(id, text) VALUES(3, 'doras')");
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT text FROM lines WHERE id=3")).containsExactly("doras");
    anna.edit("DELETE FROM lines WHERE id=3").syncWell();
    ben.edit("UPDATE lines SET text='edited' WHERE id=3");
    rollBack(anna, entry, row("lines", "3"));
    assertThat(anna.db().rows("SELECT quoteId, text FROM lines ORDER BY id"))
        .containsExactly("Q1|a", "Q1|b", "Q2|c", "null|edited");
  }
}
