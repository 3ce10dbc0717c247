package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Failure;
import tidemark.testing.Database;
import tidemark.testing.Fleet;
import tidemark.testing.Folders;
import tidemark.testing.Forgery;
import tidemark.testing.Fuzz;
import tidemark.testing.Mutator;
import tidemark.testing.QuickFolder;
import tidemark.testing.SettablePace;
import tidemark.testing.Snapshots;
import tidemark.testing.Workstation;

/**
 * Whatever an entry or a snapshot holds: a run ends with an exit code that is defined, nobody's
 * database is damaged, and all goes on once the right bytes are back.
 */
class HostileLedgerFuzzTest {
  private static final Duration MOST = Duration.ofSeconds(20);
  private static final String[] TABLES = {
    "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)",
    "CREATE TABLE parts(sku TEXT PRIMARY KEY COLLATE NOCASE, no INTEGER UNIQUE, price REAL CHECK(price<1e9))",
    "CREATE TABLE items(id INTEGER PRIMARY KEY AUTOINCREMENT, sku TEXT REFERENCES parts(sku) ON DELETE CASCADE, note BLOB)"
  };

  @TempDir(factory = QuickFolder.class)
  Path folder;

  /** A workstation that joins has no rows to lose. */
  private static final String NOTHING = "nothing";

  private int number;

  private static Workstation join(Fleet fleet, String name) {
    Workstation workstation = fleet.workstation(name);
    workstation.pace = new SettablePace();
    return workstation;
  }

  private Path whole() {
    return folder.resolve("whole");
  }

  /** Anna's last entry, with something of every kind in it, was not read by ben. */
  private void prepareEntries() {
    Fleet fleet = new Fleet(whole());
    Workstation anna = join(fleet, "anna");
    Workstation ben = join(fleet, "ben");
    anna.edit(TABLES)
        .edit(
            "INSERT INTO t VALUES(1,'one'),(2,'two')",
            "INSERT INTO parts VALUES('S1',1,1.5),('S2',2,2.5)",
            "INSERT INTO items(sku, note) VALUES('S1','a'),('S2',x'00ff')");
    fleet.settle().assertSame();
    ben.edit("UPDATE t SET v='bens' WHERE id=1").syncWell();
    anna.edit(
        "UPDATE t SET v='annas' WHERE id=1",
        "INSERT INTO t(id, v) VALUES(3,'three')",
        "DELETE FROM t WHERE id=2",
        "UPDATE parts SET no=7 WHERE sku='S2'",
        "INSERT INTO items(sku, note) VALUES('S2','b')",
        "CREATE TABLE news(a INTEGER, b TEXT, c REAL DEFAULT 1.5, PRIMARY KEY(a, b))",
        "INSERT INTO news VALUES(1,'x',0.5)",
        "ALTER TABLE parts ADD COLUMN colour TEXT");
    anna.syncWell();
    ben.edit("INSERT INTO t(id, v) VALUES(9,'own')", "UPDATE items SET note='mine' WHERE id=2");
  }

  @Test
  void any_entry_is_taken_or_refused_and_the_right_one_is_taken_after_it() throws IOException {
    prepareEntries();
    Fuzz.cases("entries to sync", 25, MOST, this::hostileEntry);
  }

  private void hostileEntry(Random random) throws IOException {
    Mutator mutator = new Mutator(random);
    Path here = copy();
    try {
      Path ledger = here.resolve("share/server.db-ledger");
      Path entry = lastEntry(ledger);
      Files.write(entry, Forgery.mutated(Files.readAllBytes(entry), mutator));
      endsWell(here, mutator.chance(3) ? "carl" : "ben");
    } finally {
      Folders.delete(here);
    }
  }

  private static Path lastEntry(Path ledger) {
    Path entries = ledger.resolve("entries/000");
    List<String> numbers = Folders.in(entries);
    return entries.resolve(numbers.get(numbers.size() - 1)).resolve("entry.jsonl.gz");
  }

  private Path copy() {
    Path here = folder.resolve("case-" + number++);
    Folders.copy(whole(), here);
    return here;
  }

  /** A run with what is there now, then one with the right bytes. */
  private void endsWell(Path here, String who) throws IOException {
    Workstation workstation = join(new Fleet(here), who);
    String before = content(workstation);
    List<String> beside = Folders.in(here);
    run(workstation, before);
    assertThat(Folders.in(here)).containsAll(beside).hasSizeLessThanOrEqualTo(beside.size() + 1);
    assertThat(Path.of("evil.db")).doesNotExist();
    Folders.delete(here.resolve("share"));
    Folders.copy(whole().resolve("share"), here.resolve("share"));
    DatabaseSync.Outcome after = run(workstation, content(workstation));
    assertThat(after.failure()).as("with the right bytes").isNull();
  }

  private static DatabaseSync.Outcome run(Workstation workstation, String before) {
    DatabaseSync.Outcome outcome = workstation.sync();
    assertThat(outcome.exitCode()).isIn(0, Failure.INCOMPLETE, Failure.REFUSED);
    Failure failure = outcome.failure();
    if (failure != null) {
      assertThat(failure.whatFailed()).isNotBlank();
      assertThat(failure.hint()).isNotBlank();
      assertThat(before.equals(NOTHING) ? before : content(workstation)).isEqualTo(before);
    }
    if (Files.exists(workstation.db().file())) {
      assertThat(workstation.db().rows("PRAGMA integrity_check")).containsExactly("ok");
    }
    return outcome;
  }

  private static String content(Workstation workstation) {
    if (!Files.exists(workstation.db().file())) {
      return NOTHING;
    }
    Database db = workstation.db();
    TreeMap<String, List<String>> content = new TreeMap<>();
    db.applicationTables().forEach(table -> content.put(table, db.content(table)));
    return content.toString();
  }

  // ---- snapshots

  /** Ben was away until only a snapshot tells what happened meanwhile. */
  private void prepareSnapshots() throws IOException {
    Fleet fleet = new Fleet(whole());
    Workstation anna = join(fleet, "anna");
    Workstation ben = join(fleet, "ben");
    anna.edit(TABLES)
        .edit(
            "INSERT INTO t VALUES(1,'one'),(2,'two')",
            "INSERT INTO parts VALUES('S1',1,1.5),('S2',2,2.5)",
            "INSERT INTO items(sku, note) VALUES('S1','a'),('S2',x'00ff')");
    fleet.settle().assertSame();
    Path away = folder.resolve("away");
    Folders.copy(whole().resolve("ben"), away);
    anna.edit("UPDATE t SET v='annas' WHERE id=1", "DELETE FROM t WHERE id=2").syncWell();
    for (int i = 0; i < 2; i++) {
      fleet.age(Duration.ofDays(100));
      anna.edit("INSERT INTO items(sku, note) VALUES('S2','" + i + "')").syncWell();
    }
    assertThat(anna.ledger().info().orElseThrow().floor()).isPositive();
    Path ledger = fleet.share().resolve("server.db-ledger");
    for (String zip : Folders.in(ledger.resolve("archive"))) {
      Files.delete(ledger.resolve("archive").resolve(zip));
    }
    Folders.delete(whole().resolve("ben"));
    Folders.copy(away, whole().resolve("ben"));
    ben.edit("INSERT INTO t(id, v) VALUES(9,'own')", "UPDATE items SET note='mine' WHERE id=2");
  }

  @Test
  void any_snapshot_is_taken_or_refused_and_the_right_one_is_taken_after_it() throws IOException {
    prepareSnapshots();
    Fuzz.cases("snapshots", 20, MOST, this::hostileSnapshot);
  }

  /** Each once showed a fault. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TRIGGER evil BEFORE INSERT ON sync_log BEGIN SELECT raise(ABORT,'no'); END",
        "UPDATE sync_state SET value=' ' WHERE key<>'format' AND key<>'ledger'",
        "UPDATE sqlite_sequence SET seq=9223372036854775807 WHERE name='sync_log'",
        "DROP TABLE sync_tables",
        "ALTER TABLE t RENAME COLUMN id TO uid",
        "ALTER TABLE sync_rows_t RENAME COLUMN k0 TO k9",
        "ALTER TABLE sync_rows_t DROP COLUMN birth",
        "UPDATE sync_tables SET hash=replace(hash, substr(hash, 1, 2), 'zz')"
      })
  void a_snapshot_that_once_went_wrong_ends_well(String statement) throws IOException {
    prepareSnapshots();
    for (String who : List.of("carl", "ben")) {
      Path here = copy();
      for (Path packed : Snapshots.in(here.resolve("share/server.db-ledger"))) {
        byte[] database = Forgery.unpacked(Files.readAllBytes(packed));
        Snapshots.replace(packed, after(List.of(statement), database));
      }
      Files.delete(here.resolve("share/server.db"));
      endsWell(here, who);
    }
  }

  private void hostileSnapshot(Random random) throws IOException {
    Mutator mutator = new Mutator(random);
    Path here = copy();
    try {
      for (Path packed : Snapshots.in(here.resolve("share/server.db-ledger"))) {
        spoil(packed, mutator);
      }
      if (mutator.chance(3)) {
        Files.delete(here.resolve("share/server.db")); // made anew from the snapshot
      }
      endsWell(here, mutator.chance(2) ? "carl" : "ben");
    } finally {
      Folders.delete(here);
    }
  }

  private void spoil(Path packed, Mutator mutator) throws IOException {
    Path description = Snapshots.description(packed);
    byte[] bytes = Files.readAllBytes(packed);
    if (mutator.chance(8)) {
      Files.write(packed, mutator.bytes(bytes));
    } else if (mutator.chance(8)) {
      Files.writeString(description, mutator.json(Files.readString(description)));
    } else {
      byte[] database = Forgery.unpacked(bytes);
      Snapshots.replace(
          packed,
          mutator.chance(3) ? mutator.bytes(mutator.bytes(database)) : odd(database, mutator));
    }
  }

  /** What no Tidemark makes, and SQLite allows. */
  private static final List<String> ODD =
      List.of(
          "CREATE TABLE extra(x)",
          "CREATE TABLE sync_rows_extra(x)",
          "CREATE TABLE sync_evil(x UNIQUE)",
          "CREATE VIEW look AS SELECT * FROM t",
          "CREATE VIEW sync_look AS SELECT * FROM t",
          "CREATE TRIGGER evil AFTER INSERT ON t BEGIN DELETE FROM items; END",
          "CREATE TRIGGER sync_evil2 AFTER UPDATE ON t BEGIN SELECT raise(ABORT,'no'); END",
          "CREATE TRIGGER evil3 BEFORE INSERT ON sync_log BEGIN SELECT raise(ABORT,'no'); END",
          "CREATE TABLE g(id INTEGER PRIMARY KEY, a TEXT, b AS (a||'x') STORED, c AS (a||'y'))",
          "CREATE TABLE w(id TEXT PRIMARY KEY, v) WITHOUT ROWID",
          "CREATE TABLE s(id INTEGER PRIMARY KEY, v ANY) STRICT",
          "CREATE VIRTUAL TABLE f USING fts5(a)",
          "CREATE VIRTUAL TABLE r USING rtree(id, a, b)",
          "CREATE UNIQUE INDEX ui ON t(v)",
          "CREATE INDEX xi ON t(v) WHERE id > 1",
          "DROP TABLE t",
          "DROP TABLE items",
          "ALTER TABLE t RENAME TO u",
          "ALTER TABLE t RENAME COLUMN v TO w",
          "ALTER TABLE t ADD COLUMN more TEXT DEFAULT 'd'",
          "DELETE FROM t",
          "DELETE FROM parts",
          "INSERT INTO t(id, v) VALUES(-9223372036854775808, x'00')",
          "INSERT INTO t(id, v) VALUES(9223372036854775807, 9e999)",
          "UPDATE t SET v=CAST(x'ff00' AS TEXT)",
          "UPDATE items SET sku='nobody'",
          "UPDATE sqlite_sequence SET seq='text'",
          "UPDATE sqlite_sequence SET seq=9223372036854775807",
          "DROP TABLE sync_state",
          "DROP TABLE sync_tables",
          "DROP TABLE sync_columns",
          "DROP TABLE sync_entries",
          "DROP TABLE sync_held",
          "DROP TABLE sync_waiting",
          "DROP TABLE sync_conflicts",
          "DROP TABLE sync_log",
          "DROP TABLE sync_rekeyed",
          "DROP TABLE sync_rows_t",
          "DELETE FROM sync_state",
          "DELETE FROM sync_tables",
          "DELETE FROM sync_columns",
          "DELETE FROM sync_entries",
          "DELETE FROM sync_rows_t",
          "UPDATE sync_state SET value='absurd'",
          "UPDATE sync_state SET value=NULL",
          "UPDATE sync_state SET value=x'00'",
          "UPDATE sync_state SET key='x'||key",
          "UPDATE sync_rows_t SET digest='x', entry='text'",
          "PRAGMA user_version=2147483647",
          "PRAGMA application_id=77",
          "PRAGMA encoding='UTF-16le'",
          "PRAGMA auto_vacuum=FULL",
          "PRAGMA journal_mode=WAL");

  private byte[] odd(byte[] database, Mutator mutator) {
    List<String> statements = new ArrayList<>();
    for (int i = mutator.few() + 1; i > 0; i--) {
      statements.add(mutator.chance(4) ? absurdValue(mutator) : mutator.one(ODD));
    }
    return after(statements, database);
  }

  private static byte[] after(List<String> statements, byte[] database) {
    return Snapshots.after(
        odd -> {
          for (String statement : statements) {
            try {
              odd.execute(statement);
            } catch (IllegalStateException e) {
              continue; // it does not go with one before it
            }
          }
        },
        database);
  }

  /** Some column of one of our own tables holds what does not belong there. */
  private String absurdValue(Mutator mutator) {
    List<String> columns =
        new Database(whole().resolve("share/server.db"))
            .rows(
                "SELECT '\"'||m.name||'\" SET \"'||c.name||'\"' FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type='table' AND m.name LIKE 'sync%'");
    String value =
        mutator.one(
            List.of("NULL", "-1", "'text'", "x'ff'", "9223372036854775807", "1e300", "'[]'", "''"));
    return "UPDATE OR IGNORE " + mutator.one(columns) + "=" + value;
  }
}
