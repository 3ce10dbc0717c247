package tidemark.upkeep.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.Failure;
import tidemark.ledger.Lease;
import tidemark.look.Verify;
import tidemark.past.Differences;
import tidemark.testing.Database;
import tidemark.testing.PairTest;
import tidemark.testing.SettablePace;
import tidemark.testing.Workstation;

/** Looking after the files changes nothing that anybody has written, and holds up nobody. */
class MaintenanceTest extends PairTest {
  private static final Maintenance.Wanted PLAIN =
      new Maintenance.Wanted(false, false, List.of(), 365);
  private static final Maintenance.Wanted SMALLER =
      new Maintenance.Wanted(true, false, List.of(), 365);
  private static final ToLongFunction<Path> ROOM = folder -> Long.MAX_VALUE;

  @BeforeEach
  void twoWithManyRowsOfWhichMostAreGone() {
    begin(
        () -> {
          everybodyHas(
              "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, bom, created_at DATETIME, updated_at DATETIME)",
              "CREATE TABLE items(id INTEGER PRIMARY KEY AUTOINCREMENT, quoteId TEXT REFERENCES quotes(quoteId), n)",
              "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<700) INSERT INTO quotes(quoteId, bom) SELECT 'Q'||n, randomblob(9000) FROM c",
              "INSERT INTO items(quoteId, n) VALUES('Q1', 1), ('Q2', 2)");
          anna.edit("DELETE FROM quotes WHERE CAST(substr(quoteId,2) AS INTEGER)>100");
          fleet.settle().assertSame();
        });
  }

  private Maintenance.Result maintain(Workstation who, Maintenance.Wanted wanted) {
    return maintain(who, wanted, ROOM);
  }

  private static Maintenance.Result maintain(
      Workstation who, Maintenance.Wanted wanted, ToLongFunction<Path> space) {
    return new Maintenance(who.plan(), who.ledger(), who.clock(), wanted, space).run(Duration.ZERO);
  }

  private static CareStep step(List<CareStep> steps, String name) {
    return steps.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private void assertAllAsTheLedgerHasIt() {
    fleet.assertSame();
    for (Differences findings : new Verify(anna.plan(), anna.ledger(), anna.clock()).run()) {
      assertThat(findings.areNone()).as(findings.database()).isTrue();
    }
    for (Database database : List.of(anna.db(), fleet.master())) {
      assertThat(database.value("PRAGMA integrity_check")).isEqualTo("ok");
    }
  }

  private static List<String> marks(Database database) {
    return database.rows("SELECT * FROM sync_rows_quotes ORDER BY 1");
  }

  @Test
  void both_files_get_smaller_and_nothing_else_about_them_changes() throws Exception {
    long local = Files.size(anna.db().file());
    long master = Files.size(fleet.master().file());
    List<String> remembered = marks(anna.db());
    List<String> inMaster = marks(fleet.master());
    List<String> positions = anna.db().rows("SELECT name, position, hash FROM sync_tables");

    Maintenance.Result result = maintain(anna, SMALLER);

    assertThat(result.refusals()).isEmpty();
    assertThat(Files.size(anna.db().file())).isLessThan(local / 4);
    assertThat(Files.size(fleet.master().file())).isLessThan(master / 4);
    assertThat(step(result.local(), "vacuum").savedBytes())
        .isEqualTo(local - Files.size(anna.db().file()));
    assertThat(marks(anna.db())).isEqualTo(remembered);
    assertThat(marks(fleet.master())).isEqualTo(inMaster);
    assertThat(anna.db().rows("SELECT name, position, hash FROM sync_tables")).isEqualTo(positions);
    assertAllAsTheLedgerHasIt();
  }

  @Test
  void the_next_fold_does_not_take_it_for_somebodys_edit() {
    maintain(anna, SMALLER);
    String before = fleet.master().value("SELECT value FROM sync_state WHERE key='maintained'");

    assertThat(ben.syncWell().report().totalPulled()).isZero();
    assertThat(new tidemark.look.Status(ben.plan(), ben.ledger()).look().masterBehind()).isZero();
    assertThat(anna.ledger().masterState().orElseThrow().size())
        .isEqualTo(sizeOf(fleet.master().file()));
    assertThat(before).isNotEqualTo("nothing");
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void edits_wait_through_it_and_are_synced_afterwards() {
    anna.edit(
        "UPDATE quotes SET bom='mine' WHERE quoteId='Q5'", "DELETE FROM quotes WHERE quoteId='Q6'");

    maintain(anna, SMALLER);

    assertThat(anna.syncWell().report().totalPushed()).isEqualTo(2);
    fleet.settle();
    assertAllAsTheLedgerHasIt();
    assertThat(ben.db().value("SELECT bom FROM quotes WHERE quoteId='Q5'")).isEqualTo("mine");
  }

  @Test
  void capture_goes_on_afterwards_on_both_sides() {
    maintain(anna, SMALLER);
    anna.edit("INSERT INTO quotes(quoteId) VALUES('new')");
    fleet.master().execute("UPDATE quotes SET bom='by IT' WHERE quoteId='Q7'");

    fleet.settle();

    assertAllAsTheLedgerHasIt();
    assertThat(ben.db().rows("SELECT bom FROM quotes WHERE quoteId='Q7'")).containsExactly("by IT");
  }

  @Test
  void what_somebody_does_to_the_master_meanwhile_is_found_by_the_next_fold() {
    maintain(
        anna,
        SMALLER,
        at -> {
          fleet.master().execute("UPDATE quotes SET bom='meanwhile' WHERE quoteId='Q8'");
          return Long.MAX_VALUE;
        });

    fleet.settle();

    assertAllAsTheLedgerHasIt();
    assertThat(ben.db().value("SELECT bom FROM quotes WHERE quoteId='Q8'")).isEqualTo("meanwhile");
  }

  @Test
  void cut_off_in_the_middle_it_leaves_all_as_it_was() {
    assertThatThrownBy(
            () ->
                maintain(
                    anna,
                    SMALLER,
                    at -> {
                      throw new IllegalStateException("the power is off");
                    }))
        .hasMessageContaining("the power is off");

    fleet.settle();
    assertAllAsTheLedgerHasIt();
  }

  @Test
  void an_application_amid_a_change_keeps_its_file_as_it_is_and_that_is_said() throws Exception {
    long size = Files.size(anna.db().file());
    try (Connection application = anna.db().connect();
        Statement statement = application.createStatement()) {
      application.setAutoCommit(false);
      statement.executeUpdate("UPDATE quotes SET bom='amid' WHERE quoteId='Q9'");

      Maintenance.Result result = maintain(anna, SMALLER);

      assertThat(result.exitCode()).isEqualTo(Failure.BUSY);
      assertThat(step(result.local(), "vacuum").refused()).isNotNull();
      assertThat(step(result.local(), "vacuum").did()).contains("locked by another program");
      assertThat(Files.size(anna.db().file())).isEqualTo(size);
      assertThat(step(result.master(), "vacuum").refused()).isNull();
      application.commit();
    }
    fleet.settle();
    assertAllAsTheLedgerHasIt();
    assertThat(ben.db().value("SELECT bom FROM quotes WHERE quoteId='Q9'")).isEqualTo("amid");
  }

  @Test
  void a_master_open_in_a_browser_is_left_alone_and_the_local_file_is_looked_after()
      throws Exception {
    try (Connection browser = fleet.master().connect();
        Statement statement = browser.createStatement()) {
      browser.setAutoCommit(false);
      statement.executeQuery("SELECT * FROM quotes").next();

      Maintenance.Result result = maintain(anna, SMALLER);

      assertThat(result.exitCode()).isEqualTo(Failure.BUSY);
      assertThat(step(result.local(), "vacuum").savedBytes()).isPositive();
      assertThat(step(result.master(), "vacuum").refused()).isNotNull();
    }
    fleet.settle();
    assertAllAsTheLedgerHasIt();
  }

  @Test
  void while_another_workstation_folds_the_master_is_left_alone() {
    anna.pace = new SettablePace();
    long size = sizeOf(fleet.master().file());
    try (Lease.Held folding = ben.ledger().foldLease().tryAcquire().orElseThrow()) {
      Maintenance.Result result = maintain(anna, SMALLER);

      assertThat(result.exitCode()).isEqualTo(Failure.BUSY);
      assertThat(result.master()).singleElement().matches(s -> s.did().contains("PC-ben"));
      assertThat(folding.stillMine()).isTrue();
    }
    assertThat(sizeOf(fleet.master().file())).isEqualTo(size);
  }

  @Test
  void a_master_that_somebody_altered_is_for_the_next_sync_first() {
    fleet.master().execute("UPDATE quotes SET bom='by IT' WHERE quoteId='Q7'");

    Maintenance.Result result = maintain(anna, SMALLER);

    assertThat(result.exitCode()).isEqualTo(Failure.INCOMPLETE);
    assertThat(result.master()).singleElement().matches(s -> s.did().contains("last sync left it"));
    fleet.settle();
    assertThat(ben.db().value("SELECT bom FROM quotes WHERE quoteId='Q7'")).isEqualTo("by IT");
    assertThat(maintain(anna, SMALLER).exitCode()).isZero();
  }

  @Test
  void where_there_is_no_room_nothing_is_begun() throws Exception {
    long size = Files.size(anna.db().file());

    Maintenance.Result result = maintain(anna, SMALLER, at -> 1_000_000L);

    assertThat(result.exitCode()).isEqualTo(Failure.INCOMPLETE);
    assertThat(step(result.local(), "vacuum").did()).contains("only 1.0 MB are free");
    assertThat(Files.size(anna.db().file())).isEqualTo(size);
    assertAllAsTheLedgerHasIt();
  }

  @Test
  void space_is_given_back_by_itself_only_where_it_pays_and_in_the_window() {
    assertThat(step(maintain(anna, PLAIN).local(), "vacuum").did())
        .contains("left to the maintenance window");
    Maintenance.Wanted night = new Maintenance.Wanted(false, true, List.of(), 365);

    assertThat(step(maintain(anna, night).local(), "vacuum").savedBytes()).isPositive();
    assertThat(step(maintain(anna, night).local(), "vacuum").did()).contains("does not pay");
  }

  @Test
  void row_numbers_that_a_full_text_index_goes_by_are_not_touched_by_itself() {
    anna.edit(
        "CREATE TABLE notes(word TEXT)",
        "CREATE VIRTUAL TABLE found USING fts5(word, content='notes')");
    Maintenance.Wanted night = new Maintenance.Wanted(false, true, List.of(), 365);

    CareStep step = step(maintain(anna, night).local(), "vacuum");

    assertThat(step.savedBytes()).isZero();
    assertThat(step.did()).contains("found", "row numbers");
    assertThat(step.refused()).isNull();
  }

  @Test
  void the_log_is_pruned_by_age_and_number_in_both_files() {
    for (Database database : List.of(anna.db(), fleet.master())) {
      database.execute(
          "INSERT INTO sync_log(timestamp, run_id) VALUES('2020-01-01 00:00:00.000', 'old')",
          "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<10500) INSERT INTO sync_log(timestamp, run_id) SELECT strftime('%Y-%m-%d %H:%M:%f','now'), 'r'||n FROM c");
    }
    anna.sync(); // takes up that the master was touched

    Maintenance.Result result = maintain(anna, PLAIN);

    assertThat(result.refusals()).isEmpty();
    for (Database database : List.of(anna.db(), fleet.master())) {
      assertThat(Long.parseLong(database.value("SELECT count(*) FROM sync_log")))
          .isBetween(9_999L, 10_000L);
      assertThat(database.rows("SELECT 1 FROM sync_log WHERE run_id='old'")).isEmpty();
      assertThat(database.rows("SELECT 1 FROM sync_log WHERE run_id='r10500'")).hasSize(1);
    }
  }

  @Test
  void runs_that_fail_prune_the_log_too() throws Exception {
    anna.db()
        .execute(
            "INSERT INTO sync_log(timestamp, run_id) VALUES('2020-01-01 00:00:00.000', 'old')");
    Files.move(fleet.share(), folder.resolve("unplugged"));

    assertThat(anna.sync().failure()).isNotNull();

    assertThat(anna.db().rows("SELECT 1 FROM sync_log WHERE run_id='old'")).isEmpty();
  }

  @Test
  void only_settled_conflicts_go_that_are_old_and_no_entry_tells_of_any_more() {
    conflict("settled", 1, "2020-01-01 00:00:00.000", "0");
    conflict("open", 0, "2020-01-01 00:00:00.000", "0");
    conflict("young", 1, "2999-01-01 00:00:00.000", "0");
    conflict("in the ledger", 1, "2020-01-01 00:00:00.000", "1");
    conflict("unposted", 1, "2020-01-01 00:00:00.000", "NULL");

    assertThat(step(maintain(anna, PLAIN).local(), "conflicts").removed()).isEqualTo(1);

    assertThat(anna.db().rows("SELECT id FROM sync_conflicts ORDER BY id"))
        .containsExactly("in the ledger", "open", "unposted", "young");
  }

  @Test
  void the_master_s_conflicts_are_pruned_too_and_none_comes_back() {
    for (Database database : List.of(anna.db(), fleet.master())) {
      conflict(database, "settled", 1, "2020-01-01 00:00:00.000", "0");
      conflict(database, "open", 0, "2020-01-01 00:00:00.000", "0");
      conflict(database, "young", 1, "2999-01-01 00:00:00.000", "0");
      conflict(database, "in the ledger", 1, "2020-01-01 00:00:00.000", "1");
    }
    anna.sync(); // takes up that the master was touched

    Maintenance.Result result = maintain(anna, PLAIN);

    assertThat(result.refusals()).isEmpty();
    assertThat(step(result.master(), "conflicts").removed()).isEqualTo(1);
    fleet.settle();
    for (Database database : List.of(anna.db(), fleet.master())) {
      assertThat(database.rows("SELECT id FROM sync_conflicts ORDER BY id"))
          .containsExactly("in the ledger", "open", "young");
    }
  }

  private void conflict(String id, int resolved, String at, String entry) {
    conflict(anna.db(), id, resolved, at, entry);
  }

  private static void conflict(
      Database database, String id, int resolved, String at, String entry) {
    database.execute(
        "INSERT INTO sync_conflicts(id, timestamp, table_name, row_key, kind, winner, workstation, resolved, local_token, remote_entry, entry) VALUES('%s', '%s', 'quotes', '[\"Q1\"]', 'update', 'local', 'PC-anna', %d, '', 1, %s)"
            .formatted(id, at, resolved, entry));
  }

  @Test
  void recommended_indexes_are_made_here_alone_and_serve_only_what_nothing_serves() {
    Maintenance.Wanted wanted =
        new Maintenance.Wanted(false, false, List.of(ExtraIndexes.RECOMMENDED), 365);
    anna.edit("CREATE INDEX theirs ON items(quoteId, n)");

    maintain(anna, wanted);
    String first =
        anna.db()
            .value(
                "SELECT group_concat(rootpage) FROM sqlite_master WHERE name LIKE 'sync\\_index\\_%' ESCAPE '\\'");
    maintain(anna, wanted);

    assertThat(ours(anna.db()))
        .containsExactly("sync_index_items(updated_at)", "sync_index_quotes(updated_at)");
    assertThat(
            anna.db()
                .value(
                    "SELECT group_concat(rootpage) FROM sqlite_master WHERE name LIKE 'sync\\_index\\_%' ESCAPE '\\'"))
        .isEqualTo(first);
    anna.edit(
        "ALTER TABLE quotes ADD COLUMN extra TEXT",
        "INSERT INTO quotes(quoteId, extra) VALUES('X', 'x')");
    fleet.settle();
    assertAllAsTheLedgerHasIt();
    assertThat(ours(ben.db())).isEmpty();
    assertThat(ours(fleet.master())).isEmpty();
    Workstation carl = fleet.workstation("carl");
    carl.syncWell();
    assertThat(ours(carl.db())).isEmpty();
  }

  private static List<String> ours(Database database) {
    return database.rows(
        "SELECT name FROM sqlite_master WHERE type='index' AND name LIKE 'sync\\_index\\_%' ESCAPE '\\' ORDER BY 1");
  }

  @Test
  void an_index_that_is_wanted_no_more_goes_and_a_wrong_wish_is_named() {
    maintain(anna, new Maintenance.Wanted(false, false, List.of("Quotes( BOM , created_at)"), 365));
    assertThat(ours(anna.db())).containsExactly("sync_index_quotes(bom,created_at)");

    Maintenance.Result result =
        maintain(
            anna,
            new Maintenance.Wanted(
                false, false, List.of("quotes(nix)", "nix(a)", "items(n)"), 365));

    assertThat(ours(anna.db())).containsExactly("sync_index_items(n)");
    assertThat(result.exitCode()).isEqualTo(Failure.INCOMPLETE);
    assertThat(result.refusals())
        .extracting(Failure::whatFailed)
        .anyMatch(text -> text.contains("no column nix"))
        .anyMatch(text -> text.contains("no table"));
  }

  @Test
  void indexes_that_do_not_fit_their_table_are_built_anew() {
    anna.edit("CREATE INDEX odd ON items(n)");
    anna.db()
        .execute(
            "PRAGMA writable_schema=ON",
            "UPDATE sqlite_master SET sql='CREATE INDEX odd ON items(quoteId)' WHERE name='odd'");
    assertThat(anna.db().value("PRAGMA integrity_check(1)")).contains("odd");

    Maintenance.Result result = maintain(anna, PLAIN);

    assertThat(step(result.local(), "check").did()).contains("built anew");
    assertThat(anna.db().value("PRAGMA integrity_check")).isEqualTo("ok");
  }

  @Test
  void a_damaged_file_is_refused_and_left_as_it_is() throws Exception {
    byte[] bytes = Files.readAllBytes(anna.db().file());
    for (int i = 20_000; i < 60_000; i++) {
      bytes[i] = 7;
    }
    Files.write(anna.db().file(), bytes);

    Maintenance.Result result = maintain(anna, SMALLER);

    assertThat(result.exitCode()).isEqualTo(Failure.REFUSED);
    assertThat(Files.readAllBytes(anna.db().file())).isEqualTo(bytes);
  }

  @Test
  void with_the_share_away_the_local_file_is_looked_after_all_the_same() throws Exception {
    Files.move(fleet.share(), folder.resolve("unplugged"));

    Maintenance.Result result = maintain(anna, SMALLER);

    assertThat(result.exitCode()).isEqualTo(Failure.OFFLINE);
    assertThat(step(result.local(), "vacuum").savedBytes()).isPositive();
  }

  @Test
  void the_master_is_looked_after_once_for_the_fleet() {
    new Maintenance(anna.plan(), anna.ledger(), anna.clock(), PLAIN).run(Duration.ofHours(20));

    Maintenance.Result result =
        new Maintenance(ben.plan(), ben.ledger(), ben.clock(), PLAIN).run(Duration.ofHours(20));

    assertThat(result.master())
        .singleElement()
        .matches(s -> s.did().contains("looked after already"));
    assertThat(result.local()).hasSizeGreaterThan(3);
  }
}
