package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.run.SyncReport;
import tidemark.testing.Database;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/**
 * Whoever comes late, or comes back with nothing, gets everything; whoever brings rows keeps them.
 */
class JoinPromisesTest {
  private static final String RELAY = "SELECT description, price FROM components WHERE sku='S1'";

  @TempDir Path folder;
  private Fleet fleet;
  private Workstation anna;

  @BeforeEach
  void one_workstation_with_the_application() {
    fleet = new Fleet(folder);
    anna = fleet.workstation("anna");
    install(anna.db());
  }

  private static void install(Database database) {
    database.script("/tidemark/app/demo/server.sql");
    database.execute("PRAGMA user_version=7");
  }

  private static String components(int from, int to) {
    return "WITH RECURSIVE n(i) AS (SELECT "
        + from
        + " UNION ALL SELECT i+1 FROM n WHERE i<"
        + to
        + ") INSERT INTO components(sku, description, price) SELECT 'S'||i, 'Part '||i, i FROM n";
  }

  private void work(Workstation who) {
    who.edit(
        "INSERT INTO quotes(quoteId, projectName) VALUES('Q1','Pump station')",
        "INSERT INTO operational_items(quoteId, sku) VALUES('Q1','S1'),('Q1','S2')",
        "INSERT INTO generated_numbers(type, mainId, fullId) VALUES('quote','M1','F1')",
        "INSERT INTO product_templates(productCode, name) VALUES(100,'Panel')",
        components(1, 20));
  }

  private void sameEverywhere() {
    fleet.settle().assertSame();
  }

  // ---- late

  @Test
  void whoever_joins_by_a_copy_is_told_how_many_rows_came() {
    work(anna);
    anna.edit(components(21, 3_000)).syncWell();
    Workstation ben = fleet.workstation("ben");

    SyncReport report = ben.syncWell().report();

    assertThat(report.pulled())
        .containsEntry("components", 3_000)
        .containsEntry("operational_items", 2);
    assertThat(ben.syncWell().report().totalPulled()).isZero();
  }

  @Test
  void a_second_and_a_third_workstation_joining_late_get_every_row() {
    work(anna);
    anna.syncWell();
    anna.edit(
        "UPDATE components SET price=99 WHERE sku='S3'", "DELETE FROM components WHERE sku='S4'");
    anna.syncWell();
    Workstation ben = fleet.workstation("ben");
    ben.syncWell();
    ben.edit("INSERT INTO customers(customerCode, customerName) VALUES('C1','Müller')");
    ben.syncWell();
    Workstation carl = fleet.workstation("carl");
    install(carl.db());
    carl.syncWell();
    assertThat(carl.db().value("SELECT count(*) FROM components")).isEqualTo("19");
    assertThat(carl.db().value("SELECT count(*) FROM customers")).isEqualTo("1");
    sameEverywhere();
    assertThat(carl.conflicts()).isEmpty();
  }

  @Test
  void joining_late_brings_every_row_from_a_snapshot_and_the_entries_after_it() {
    work(anna);
    anna.edit(components(21, 2_600));
    anna.syncWell();
    assertThat(anna.ledger().snapshots()).as("the ledger has a snapshot").isNotEmpty();
    anna.edit(
        "UPDATE components SET price=99 WHERE sku='S3'",
        "DELETE FROM components WHERE sku='S4'",
        "INSERT INTO customers(customerCode, customerName) VALUES('C1','Müller')");
    anna.syncWell();
    Workstation ben = fleet.workstation("ben");
    ben.syncWell();
    Workstation carl = fleet.workstation("carl");
    install(carl.db());
    carl.edit("INSERT INTO customers(customerCode, customerName) VALUES('C2','Carl''s own')");
    carl.syncWell();
    for (Workstation late : List.of(ben, carl)) {
      assertThat(late.db().value("SELECT count(*), sum(price=99) FROM components"))
          .isEqualTo("2599|2");
    }
    sameEverywhere();
    assertThat(anna.db().value("SELECT count(*) FROM customers")).isEqualTo("2");
  }

  @Test
  void who_joined_from_a_snapshot_takes_part_like_everybody() {
    anna.edit(components(1, 2_600));
    anna.syncWell();
    Workstation ben = fleet.workstation("ben");
    ben.syncWell();
    ben.edit(
        "UPDATE components SET price=1.5 WHERE sku='S1'", "DELETE FROM components WHERE sku='S2'");
    anna.edit("UPDATE components SET price=2.5 WHERE sku='S3'");
    sameEverywhere();
    assertThat(anna.db().value("SELECT price, updated_by FROM components WHERE sku='S1'"))
        .isEqualTo("1.5|ben");
    assertThat(anna.db().value("SELECT count(*) FROM components")).isEqualTo("2599");
    assertThat(ben.conflicts()).isEmpty();
  }

  @Test
  void tables_made_by_joining_have_the_types_keys_and_indexes_of_the_first() {
    anna.edit(
        "CREATE INDEX by_vendor ON components(vendor) WHERE vendor IS NOT NULL",
        "CREATE UNIQUE INDEX one_name ON customers(customerName COLLATE NOCASE)");
    work(anna);
    anna.syncWell();
    Workstation ben = fleet.workstation("ben");
    ben.syncWell();
    assertThat(schema(ben.db())).isEqualTo(schema(anna.db()));
    assertThat(schema(fleet.master())).isEqualTo(schema(anna.db()));
  }

  private static List<String> schema(Database database) {
    return database.rows(
        "SELECT m.type, m.name, m.tbl_name, (SELECT group_concat(name||' '||type||' '||\"notnull\"||' '||pk||' '||coalesce(dflt_value,'-')) FROM pragma_table_info(m.name)),"
            + " coalesce(instr(upper(m.sql),'AUTOINCREMENT')>0,0)"
            + " FROM sqlite_master m WHERE m.name NOT LIKE 'sync\\_%' ESCAPE '\\' AND m.type IN ('table','index') ORDER BY 1,2");
  }

  // ---- with rows of one's own

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rows_that_both_had_before_they_first_met_are_all_there_afterwards(boolean manyRows) {
    anna.edit(components(1, manyRows ? 2_600 : 20));
    anna.syncWell();
    Workstation ben = fleet.workstation("ben");
    install(ben.db());
    ben.edit(
        "INSERT INTO components(sku, description) VALUES('B1','Ben''s part')",
        "INSERT INTO quotes(quoteId, projectName) VALUES('Q9','Ben''s quote')",
        "INSERT INTO operational_items(quoteId, sku) VALUES('Q9','B1')");
    ben.syncWell();
    sameEverywhere();
    assertThat(anna.db().value("SELECT description FROM components WHERE sku='B1'"))
        .isEqualTo("Ben's part");
    assertThat(anna.db().value("SELECT sku FROM operational_items WHERE quoteId='Q9'"))
        .isEqualTo("B1");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void numbers_both_gave_before_they_first_met_are_two_records_and_children_follow() {
    anna.edit("INSERT INTO manual_quotes(quoteNumber, type, data) VALUES('A-1','t','anna')");
    anna.syncWell();
    Workstation ben = fleet.workstation("ben");
    install(ben.db());
    ben.edit(
        "INSERT INTO manual_quotes(quoteNumber, type, data, created_at) VALUES('B-1','t','ben','2024-05-05 10:00:00')");
    ben.syncWell();
    sameEverywhere();
    assertThat(anna.db().rows("SELECT data FROM manual_quotes ORDER BY 1"))
        .containsExactly("anna", "ben");
  }

  @Test
  void at_first_contact_the_later_edit_of_a_row_that_both_have_wins() {
    String row = "INSERT INTO components(sku, description, created_at, updated_at) VALUES('S1','";
    anna.edit(row + "older','2024-01-01 00:00:00','2024-03-01 00:00:00')");
    anna.syncWell();
    Workstation ben = fleet.workstation("ben");
    install(ben.db());
    ben.edit(row + "newer','2024-01-01 00:00:00','2024-04-01T00:00:00.000Z')");
    Workstation carl = fleet.workstation("carl");
    install(carl.db());
    carl.edit(row + "oldest','2024-01-01 00:00:00','2024-02-01 00:00:00')");
    sameEverywhere();
    assertThat(anna.db().value("SELECT description FROM components")).isEqualTo("newer");
    assertThat(String.join(" ", anna.conflicts())).contains("older").contains("oldest");
  }

  @Test
  void equal_rows_at_first_contact_are_no_conflict_whatever_their_stamps() {
    anna.edit(
        "INSERT INTO components(sku, created_at, updated_at) VALUES('S1','x','2024-01-01 00:00:00')");
    anna.syncWell();
    Workstation ben = fleet.workstation("ben");
    install(ben.db());
    ben.edit("INSERT INTO components(sku, created_at) VALUES('S1','x')");
    sameEverywhere();
    assertThat(anna.conflicts()).isEmpty();
  }

  // ---- a fresh installation's seeds

  private static final String[] SEEDS = {
    "INSERT INTO components(sku, description, price) VALUES('S1','Relay',1.0),('S2','Fuse',2.0)",
    "INSERT INTO customers(customerCode, customerName) VALUES('C1','Demo customer')"
  };

  private static final String[] EDITED = {
    "INSERT INTO components(sku, description, price, created_at, updated_at) VALUES('S1','Relay 24V',12.5,'2023-01-01 08:00:00','2024-06-01 08:00:00'),('S2','Fuse',2.0,'2023-01-01 08:00:00','2023-01-01 08:00:00')",
    "INSERT INTO customers(customerCode, customerName, created_at, updated_at) VALUES('C1','Müller','2023-01-01 08:00:00','2024-06-01T08:00:00.000Z')"
  };

  @Test
  void a_fresh_installations_seeded_rows_do_not_beat_older_real_edits() {
    anna.edit(EDITED);
    anna.syncWell();
    Workstation ben = fleet.workstation("ben");
    install(ben.db());
    ben.edit(SEEDS);
    ben.syncWell();
    sameEverywhere();
    assertThat(ben.db().value(RELAY)).isEqualTo("Relay 24V|12.5");
    assertThat(ben.db().value("SELECT customerName FROM customers")).isEqualTo("Müller");
  }

  @Test
  void a_fresh_installations_rows_seeded_with_iso_times_do_not_beat_older_real_edits() {
    anna.edit(EDITED);
    anna.syncWell();
    Workstation ben = fleet.workstation("ben");
    install(ben.db());
    ben.edit(
        "INSERT INTO components(sku, description, updated_at) VALUES('S1','Relay',strftime('%Y-%m-%dT%H:%M:%fZ','now'))",
        "INSERT INTO customers(customerCode, customerName, updated_at) VALUES('C1','Demo',strftime('%Y-%m-%dT%H:%M:%fZ','now','-3 seconds'))");
    ben.syncWell();
    sameEverywhere();
    assertThat(ben.db().value(RELAY)).isEqualTo("Relay 24V|12.5");
    assertThat(ben.db().value("SELECT customerName FROM customers")).isEqualTo("Müller");
  }

  @Test
  void a_fresh_installation_that_syncs_first_does_not_beat_older_real_edits_that_join_later() {
    anna.edit(SEEDS);
    anna.syncWell();
    Workstation ben = fleet.workstation("ben");
    install(ben.db());
    ben.edit(EDITED);
    ben.syncWell();
    sameEverywhere();
    assertThat(anna.db().value(RELAY)).isEqualTo("Relay 24V|12.5");
    assertThat(anna.db().value("SELECT customerName FROM customers")).isEqualTo("Müller");
  }

  @Test
  void a_fresh_installations_seeded_rows_do_not_beat_edits_in_an_adopted_master() {
    install(fleet.master());
    fleet.master().execute(EDITED);
    anna.edit(SEEDS);
    anna.syncWell();
    sameEverywhere();
    assertThat(anna.db().value(RELAY)).isEqualTo("Relay 24V|12.5");
  }

  @Test
  void a_fresh_installations_seeded_rows_do_not_bring_deleted_ones_back() {
    anna.edit(EDITED);
    anna.syncWell();
    anna.edit("DELETE FROM components WHERE sku='S2'", "DELETE FROM customers");
    anna.syncWell();
    Workstation ben = fleet.workstation("ben");
    install(ben.db());
    ben.edit(SEEDS);
    ben.syncWell();
    sameEverywhere();
    assertThat(ben.db().value("SELECT count(*) FROM components WHERE sku='S2'")).isEqualTo("0");
    assertThat(ben.db().value("SELECT count(*) FROM customers")).isEqualTo("0");
  }

  @Test
  void an_old_copy_of_the_database_that_joins_does_not_bring_deleted_rows_back()
      throws IOException {
    anna.edit(EDITED);
    Workstation ben = fleet.workstation("ben");
    Files.copy(anna.db().file(), ben.db().file());
    anna.syncWell();
    anna.edit("DELETE FROM components WHERE sku='S1'");
    anna.syncWell();
    ben.edit("INSERT INTO components(sku) VALUES('B1')");
    ben.syncWell();
    sameEverywhere();
    assertThat(ben.db().rows("SELECT sku FROM components ORDER BY 1")).containsExactly("B1", "S2");
    assertThat(anna.db().value("SELECT count(*) FROM components")).isEqualTo("2");
  }

  @Test
  void an_old_copy_of_the_database_that_joins_does_not_bring_back_deleted_rows_with_their_children()
      throws IOException {
    work(anna);
    Workstation ben = fleet.workstation("ben");
    Files.copy(anna.db().file(), ben.db().file());
    anna.syncWell();
    anna.edit("DELETE FROM operational_items", "DELETE FROM quotes");
    anna.syncWell();
    ben.syncWell();
    sameEverywhere();
    assertThat(anna.db().value("SELECT count(*) FROM quotes")).isEqualTo("0");
    assertThat(anna.db().value("SELECT count(*) FROM operational_items")).isEqualTo("0");
  }

  @Test
  void an_edit_of_a_seeded_row_before_the_first_contact_is_a_real_one() {
    anna.edit(EDITED);
    anna.syncWell();
    Workstation ben = fleet.workstation("ben");
    install(ben.db());
    ben.edit(SEEDS);
    ben.edit(
        "UPDATE components SET price=77, updated_at=strftime('%Y-%m-%dT%H:%M:%fZ','now','+1 seconds') WHERE sku='S1'");
    ben.syncWell();
    sameEverywhere();
    assertThat(anna.db().value(RELAY)).isEqualTo("Relay|77.0");
  }

  // ---- lost and found

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_workstation_whose_local_file_was_deleted_is_back_after_one_sync(boolean manyRows) {
    work(anna);
    anna.edit(components(21, manyRows ? 2_600 : 30));
    Workstation ben = fleet.workstation("ben");
    fleet.settle();
    ben.edit(
        "UPDATE components SET price=99 WHERE sku='S3'", "DELETE FROM components WHERE sku='S5'");
    fleet.settle();
    List<String> before = ben.db().content("components");
    ben.loseLocalDatabase();
    ben.syncWell();
    assertThat(ben.db().content("components")).isEqualTo(before);
    assertThat(ben.db().value("PRAGMA user_version")).isEqualTo("7");
    sameEverywhere();
    ben.edit("UPDATE components SET price=100 WHERE sku='S3'");
    sameEverywhere();
    assertThat(anna.db().value("SELECT price FROM components WHERE sku='S3'")).isEqualTo("100.0");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void a_workstation_whose_local_file_is_empty_is_back_after_one_sync() throws IOException {
    work(anna);
    Workstation ben = fleet.workstation("ben");
    fleet.settle();
    ben.loseLocalDatabase();
    Files.createFile(ben.db().file());
    ben.syncWell();
    sameEverywhere();
  }

  @Test
  void an_application_that_made_its_tables_anew_after_the_loss_of_its_file_gets_all_rows_back() {
    work(anna);
    Workstation ben = fleet.workstation("ben");
    fleet.settle();
    ben.loseLocalDatabase();
    install(ben.db());
    ben.syncWell();
    sameEverywhere();
    assertThat(ben.db().value("SELECT count(*) FROM components")).isEqualTo("20");
  }

  // ---- the master

  @Test
  void a_missing_master_is_made_with_true_types_and_keys_and_user_version() {
    work(anna);
    anna.syncWell();
    assertThat(schema(fleet.master())).isEqualTo(schema(anna.db()));
    assertThat(fleet.master().value("PRAGMA user_version")).isEqualTo("7");
    assertThat(
            fleet
                .master()
                .value("SELECT typeof(price), typeof(sku) FROM components WHERE sku='S1'"))
        .isEqualTo("real|text");
    fleet
        .master()
        .execute("INSERT INTO generated_numbers(type, mainId, fullId) VALUES('x','y','z')");
    assertThat(fleet.master().value("SELECT max(id) FROM generated_numbers")).isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_master_deleted_later_is_made_anew(boolean manyRows) throws IOException {
    work(anna);
    anna.edit(components(21, manyRows ? 2_600 : 30));
    Workstation ben = fleet.workstation("ben");
    fleet.settle();
    ben.edit("DELETE FROM components WHERE sku='S5'");
    fleet.settle();
    Files.delete(fleet.master().file());
    anna.edit("UPDATE components SET price=99 WHERE sku='S3'");
    anna.syncWell();
    sameEverywhere();
    assertThat(fleet.master().value("SELECT price FROM components WHERE sku='S3'"))
        .isEqualTo("99.0");
    assertThat(fleet.master().value("PRAGMA user_version")).isEqualTo("7");
    assertThat(schema(fleet.master())).isEqualTo(schema(anna.db()));
  }

  @Test
  void a_master_deleted_later_is_made_anew_by_a_sync_with_nothing_to_do() throws IOException {
    work(anna);
    fleet.settle();
    Files.delete(fleet.master().file());
    anna.syncWell();
    fleet.assertSame();
  }

  @Test
  void a_master_without_ledger_is_adopted_and_its_rows_reach_all_who_join() {
    install(fleet.master());
    work2(fleet.master());
    Workstation ben = fleet.workstation("ben");
    anna.syncWell();
    ben.syncWell();
    sameEverywhere();
    assertThat(ben.db().value("SELECT count(*) FROM components")).isEqualTo("3");
    assertThat(anna.db().value("SELECT projectName FROM quotes")).isEqualTo("From the master");
  }

  private static void work2(Database master) {
    master.execute(
        components(1, 3),
        "INSERT INTO quotes(quoteId, projectName) VALUES('Q1','From the master')",
        "INSERT INTO operational_items(quoteId, sku) VALUES('Q1','S1')");
  }

  @Test
  void rows_in_an_adopted_master_and_rows_of_those_who_join_are_all_there_afterwards() {
    install(fleet.master());
    work2(fleet.master());
    anna.edit(
        components(10, 12), "INSERT INTO quotes(quoteId, projectName) VALUES('Q2','Anna''s')");
    Workstation ben = fleet.workstation("ben");
    install(ben.db());
    ben.edit(components(20, 22), "INSERT INTO quotes(quoteId, projectName) VALUES('Q3','Ben''s')");
    ben.syncWell();
    anna.syncWell();
    sameEverywhere();
    assertThat(anna.db().value("SELECT count(*) FROM components")).isEqualTo("9");
    assertThat(anna.db().rows("SELECT quoteId FROM quotes ORDER BY 1"))
        .containsExactly("Q1", "Q2", "Q3");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void tables_and_columns_that_only_one_side_has_are_made_on_the_other() {
    install(fleet.master());
    fleet
        .master()
        .execute(
            "ALTER TABLE components ADD COLUMN shelf TEXT DEFAULT 'A0'",
            "INSERT INTO components(sku, shelf) VALUES('M1','A7')",
            "CREATE TABLE vendors(code TEXT PRIMARY KEY, name TEXT)",
            "INSERT INTO vendors VALUES('V1','Siemens')");
    anna.edit(
        "ALTER TABLE components ADD COLUMN weight REAL",
        "INSERT INTO components(sku, weight) VALUES('A1',1.5)",
        "CREATE TABLE crates(no INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT)",
        "INSERT INTO crates(label) VALUES('one')");
    anna.syncWell();
    fleet.workstation("ben").syncWell();
    sameEverywhere();
    for (Database database : List.of(anna.db(), fleet.master())) {
      assertThat(database.rows("SELECT sku, shelf, weight FROM components ORDER BY sku"))
          .containsExactly("A1|A0|1.5", "M1|A7|null");
      assertThat(database.value("SELECT name FROM vendors")).isEqualTo("Siemens");
      assertThat(database.value("SELECT label FROM crates")).isEqualTo("one");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void values_for_columns_the_application_has_yet_to_make_wait_for_them_and_are_not_cleared(
      boolean manyRows) {
    Workstation ben = fleet.workstation("ben");
    install(ben.db());
    ben.addShape = false;
    anna.edit(
        "ALTER TABLE components ADD COLUMN shelf TEXT",
        components(1, manyRows ? 2_600 : 20),
        "UPDATE components SET shelf='A'||sku");
    anna.syncWell();
    assertThat(ben.sync().status()).isEqualTo("partial");
    ben.edit("UPDATE components SET price=99 WHERE sku='S1'");
    ben.sync();
    anna.syncWell();
    assertThat(anna.db().value("SELECT price, shelf FROM components WHERE sku='S1'"))
        .isEqualTo("99.0|AS1");
    ben.edit("ALTER TABLE components ADD COLUMN shelf TEXT");
    ben.syncWell();
    sameEverywhere();
    assertThat(ben.db().value("SELECT shelf FROM components WHERE sku='S2'")).isEqualTo("AS2");
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void what_a_former_sync_left_in_the_databases_is_kept_and_in_nobodys_way() {
    String[] former = {
      "CREATE TABLE sync_log(id INTEGER PRIMARY KEY, message TEXT)",
      "INSERT INTO sync_log VALUES(1,'formerly')",
      "CREATE TABLE sync_conflicts(id INTEGER PRIMARY KEY, tbl TEXT)",
      "INSERT INTO sync_conflicts VALUES(1,'quotes')",
      "CREATE TABLE sync_state(k TEXT)"
    };
    install(fleet.master());
    fleet.master().execute(former);
    anna.edit(former);
    work(anna);
    anna.syncWell();
    fleet.workstation("ben").syncWell();
    sameEverywhere();
    for (Database database : List.of(anna.db(), fleet.master())) {
      assertThat(
              database.rows(
                  "SELECT count(*) FROM sqlite_master WHERE type='table' AND name LIKE 'sync\\_%' ESCAPE '\\' AND sql LIKE '%message%'"))
          .isEqualTo(List.of("1"));
    }
  }

  @Test
  void a_table_of_a_former_sync_with_our_columns_but_another_key_is_set_aside() {
    install(fleet.master());
    anna.edit(
        "CREATE TABLE sync_rekeyed(table_name TEXT, row_key TEXT, new_key TEXT)",
        "INSERT INTO sync_rekeyed VALUES('t','[1]','[2]'), ('t','[1]','[3]')",
        "CREATE TABLE sync_log(id TEXT PRIMARY KEY, timestamp DATETIME, details TEXT)",
        "INSERT INTO sync_log VALUES('first','2024-01-01','formerly')");
    work(anna);
    anna.syncWell();
    assertThat(anna.db().value("SELECT count(*) FROM sync_rekeyed")).isEqualTo("0");
    assertThat(anna.db().value("SELECT count(*) FROM sync_rekeyed_former1")).isEqualTo("2");
    assertThat(anna.db().rows("SELECT id, details FROM sync_log_former1"))
        .containsExactly("first|formerly");
    assertThat(anna.db().value("SELECT status FROM sync_log")).isEqualTo("success");
  }

  @Test
  void sync_columns_an_application_writes_in_its_own_way_are_taken_as_they_are() {
    anna.edit(
        "CREATE TABLE notes(id TEXT PRIMARY KEY, body TEXT, Updated_At TEXT, UPDATED_BY TEXT)",
        "INSERT INTO notes VALUES('N1','x','2024-01-01 00:00:00','Ann')");
    Workstation ben = fleet.workstation("ben");
    fleet.settle();
    ben.edit("UPDATE notes SET body='y'");
    sameEverywhere();
    assertThat(anna.db().value("SELECT body, updated_by FROM notes")).isEqualTo("y|ben");
  }

  @Test
  void a_strict_table_joins_with_stamps_of_its_own_type() {
    anna.edit(
        "CREATE TABLE readings(id INTEGER PRIMARY KEY, v REAL, updated_at INTEGER) STRICT",
        "INSERT INTO readings VALUES(1,1.5,1736937000),(2,2.5,NULL)");
    Workstation ben = fleet.workstation("ben");
    fleet.settle();
    ben.edit("UPDATE readings SET v=3.5");
    sameEverywhere();
    assertThat(
            anna.db()
                .value(
                    "SELECT group_concat(v), group_concat(DISTINCT typeof(updated_at)) FROM readings"))
        .isEqualTo("3.5,3.5|integer");
  }

  @Test
  void an_empty_master_file_is_taken_as_none() throws IOException {
    Files.createFile(fleet.master().file());
    work(anna);
    anna.syncWell();
    sameEverywhere();
  }
}
