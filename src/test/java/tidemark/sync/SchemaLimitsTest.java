package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Failure;
import tidemark.look.Verify;
import tidemark.past.Differences;
import tidemark.testing.PairTest;

/** Whatever SQLite takes for a table is synced, or refused by name while the others go on. */
class SchemaLimitsTest extends PairTest {
  @BeforeEach
  void two_know_a_plain_table() {
    everybodyHas("CREATE TABLE plain(id INTEGER PRIMARY KEY, a TEXT)");
  }

  private static String named(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** True where the table was synced; false where it was refused by its name. */
  private boolean syncedOrRefused(String table, String insert, String... ddl) {
    anna.edit(ddl);
    anna.edit(insert);
    for (int run = 0; run < 2; run++) {
      anna.edit("INSERT INTO plain(a) VALUES('goes on')");
      DatabaseSync.Outcome outcome = anna.sync();
      assertThat(outcome.failure()).isNull();
      assertThat(outcome.exitCode()).isIn(0, Failure.INCOMPLETE);
      if (!outcome.success()) {
        assertThat(outcome.report().held()).containsOnlyKeys(table);
      }
      ben.syncWell();
      assertThat(ben.db().content("plain")).isEqualTo(anna.db().content("plain"));
      if (!outcome.success()) {
        assertThat(ben.db().hasTable(table)).isFalse();
        anna.edit("DELETE FROM " + named(table), insert); // the application does not notice
        assertThat(anna.sync().report().held()).containsOnlyKeys(table);
        return false;
      }
      anna.edit("DELETE FROM " + named(table), insert);
    }
    anna.syncWell();
    ben.syncWell();
    fleet.assertSame();
    assertThat(ben.db().content(table)).isNotEmpty();
    assertThat(new Verify(ben.plan(), ben.ledger(), ben.clock()).run())
        .allMatch(Differences::areNone);
    return true;
  }

  private static String columns(int count) {
    return IntStream.range(1, count).mapToObj(i -> ",c" + i).collect(Collectors.joining());
  }

  // ---- how wide

  @ParameterizedTest
  @ValueSource(ints = {500, 1_982, 1_983, 2_000})
  void a_table_as_wide_as_sqlite_bears_is_synced_or_refused_by_name(int count) {
    String ddl = "CREATE TABLE wide(id INTEGER PRIMARY KEY" + columns(count) + ")";
    boolean synced = syncedOrRefused("wide", "INSERT INTO wide(id, c1) VALUES(1,'x')", ddl);
    assertThat(synced).isEqualTo(count < 1_983);
    if (!synced) {
      assertThat(anna.sync().report().held().get("wide")).contains("too many columns");
      assertThat(anna.db().value("SELECT count(*) FROM pragma_table_info('wide')"))
          .isEqualTo("" + count);
    }
  }

  @ParameterizedTest
  @Tag("heavy")
  @ValueSource(ints = {1_000, 1_980, 1_981, 1_984, 1_985, 1_990, 1_996, 1_997, 1_998})
  void so_is_one_of_any_width_near_it(int count) {
    a_table_as_wide_as_sqlite_bears_is_synced_or_refused_by_name(count);
  }

  @Test
  void a_synced_table_that_grew_too_wide_is_refused_by_name_and_synced_when_it_is_not_any_more() {
    anna.edit("CREATE TABLE wide(id INTEGER PRIMARY KEY" + columns(1_979) + ")");
    anna.edit("INSERT INTO wide(id) VALUES(1)");
    fleet.settle().assertSame();
    anna.edit(
        IntStream.range(0, 9)
            .mapToObj(i -> "ALTER TABLE wide ADD COLUMN d" + i)
            .toArray(String[]::new));
    anna.edit("INSERT INTO wide(id, d0) VALUES(2,'x')", "INSERT INTO plain(a) VALUES('goes on')");
    assertThat(anna.sync().report().held()).containsOnlyKeys("wide");
    assertThat(anna.sync().report().held()).containsOnlyKeys("wide");
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM plain")).isEqualTo("1");
    anna.edit("INSERT INTO wide(id, c1) VALUES(3,'x')");
    anna.edit(
        IntStream.range(0, 9)
            .mapToObj(i -> "ALTER TABLE wide DROP COLUMN d" + i)
            .toArray(String[]::new));
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT count(*) FROM wide")).isEqualTo("3");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 16, 50, 51, 400})
  void a_key_of_very_many_columns_is_synced_or_refused_by_name(int count) {
    String key = IntStream.range(0, count).mapToObj(i -> "k" + i).collect(Collectors.joining(","));
    String values =
        IntStream.range(0, count).mapToObj(i -> "'v" + i + "'").collect(Collectors.joining(","));
    assertThat(
            syncedOrRefused(
                "many",
                "INSERT INTO many(" + key + ",v) VALUES(" + values + ",'x')",
                "CREATE TABLE many(" + key + ", v, PRIMARY KEY(" + key + "))"))
        .isEqualTo(count <= 50);
  }

  // ---- what stands in the way

  @Test
  void a_broken_view_and_a_broken_trigger_of_the_application_stop_nobody() {
    anna.edit(
        "CREATE TABLE gone(id INTEGER PRIMARY KEY)",
        "CREATE VIEW broken AS SELECT id FROM gone",
        "CREATE TABLE late(id INTEGER PRIMARY KEY, a TEXT)",
        "CREATE TRIGGER torn AFTER DELETE ON plain BEGIN INSERT INTO gone VALUES(OLD.id); END",
        "DROP TABLE gone");
    anna.edit("INSERT INTO late VALUES(1,'x')", "INSERT INTO plain(a) VALUES('goes on')");
    anna.syncWell();
    ben.syncWell();
    assertThat(ben.db().value("SELECT count(*) FROM late")).isEqualTo("1");
    ben.edit("DELETE FROM plain");
    ben.syncWell();
    anna.syncWell();
    assertThat(anna.db().value("SELECT count(*) FROM plain")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE sync_rows_t(id INTEGER PRIMARY KEY, theirs TEXT)",
        "CREATE VIEW sync_rows_t AS SELECT 1 AS one",
        "CREATE TABLE sync_marks_t(id INTEGER PRIMARY KEY)"
      })
  void a_table_whose_memory_cannot_be_made_is_refused_by_name(String taken) {
    boolean synced =
        syncedOrRefused(
            "t", "INSERT INTO t VALUES(1,'x')", taken, "CREATE TABLE t(id INTEGER PRIMARY KEY, a)");
    assertThat(synced).isFalse();
    assertThat(anna.db().value("SELECT a FROM t")).isEqualTo("x");
  }

  // ---- odd ones

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a INTEGER PRIMARY KEY, \"rowid\" TEXT, \"oid\" TEXT, \"_rowid_\" TEXT | (a,\"rowid\") VALUES(1,5)",
        "\"rowid\" TEXT PRIMARY KEY, a | (\"rowid\") VALUES('x')",
        "k0 TEXT, entry TEXT, edits TEXT, digest TEXT, moment TEXT, found TEXT, token TEXT, base TEXT, PRIMARY KEY(entry, k0) | (k0,entry,edits) VALUES(1,2,3)",
        "edits TEXT PRIMARY KEY, own_time, own_user, k0, k1 | (edits,k0) VALUES('e',1)",
        "a INTEGER PRIMARY KEY DESC, b | (a) VALUES(7)",
        "a TEXT, b INTEGER, PRIMARY KEY(a DESC, b COLLATE NOCASE DESC)) WITHOUT ROWID | (a,b) VALUES('x',1)",
        "a TEXT COLLATE RTRIM PRIMARY KEY, b | (a) VALUES('x ')",
        "a INT PRIMARY KEY ON CONFLICT REPLACE, b UNIQUE ON CONFLICT REPLACE | (a,b) VALUES(1,2)",
        "a BLOB PRIMARY KEY, b | (a) VALUES(x'00ff')",
        "a PRIMARY KEY, b | (a) VALUES(1.5)",
        "a ANY PRIMARY KEY, b INT) STRICT | (a) VALUES('1')",
        "a TEXT NOT NULL, b ANY, PRIMARY KEY(a, b)) STRICT, WITHOUT ROWID | (a,b) VALUES('x',1)",
        "a TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(8)))), b DEFAULT (1+1) CHECK(b>0) |  DEFAULT VALUES",
        "a TEXT DEFAULT CURRENT_TIMESTAMP PRIMARY KEY, b INT CHECK(typeof(b) IN ('integer','null')) |  DEFAULT VALUES",
        "a INTEGER, b AS (a*2) STORED, c AS (b+1) VIRTUAL, d AS (c||'') UNIQUE, PRIMARY KEY(a) | (a) VALUES(1)",
        "a AS (b*2) STORED UNIQUE, b INTEGER PRIMARY KEY | (b) VALUES(1)",
        "a REAL PRIMARY KEY, b | (a) VALUES(1)",
        "a NUMERIC(10,2) PRIMARY KEY, b VARCHAR(3) NOT NULL DEFAULT 'x' | (a) VALUES('1.50')",
        "a DATE PRIMARY KEY, b BOOLEAN DEFAULT TRUE, c JSON DEFAULT '{}' | (a) VALUES('2025-01-01')",
        "\"select\" INTEGER PRIMARY KEY, \"from\", \"where\", \"order\", \"a;b\", \"c'd\", \"e\"\"f\", [g h], `i` | (\"select\",\"a;b\") VALUES(1,2)",
        "\"Ключ\" TEXT PRIMARY KEY, \"größe\" TEXT, \"🙂\" TEXT, \" \" TEXT | (\"Ключ\",\" \") VALUES('x','y')",
        "a INTEGER PRIMARY KEY, \"new\" TEXT, \"old\" TEXT, \"excluded\" TEXT, \"column1\" TEXT, \"v\" TEXT | (a,\"new\",v) VALUES(1,2,3)",
        "a INTEGER PRIMARY KEY, UPDATED_AT TEXT, Updated_By TEXT, SYNCED_AT INTEGER | (a) VALUES(1)",
        "a INTEGER PRIMARY KEY, updated_at TEXT NOT NULL DEFAULT '', updated_by INTEGER, synced_at TEXT NOT NULL DEFAULT 'x' | (a) VALUES(1)",
        "updated_at TEXT PRIMARY KEY, b | (updated_at) VALUES('2025-01-01')",
        "a INTEGER PRIMARY KEY, c REFERENCES odd(a) | (a,c) VALUES(1,1)",
        "a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT UNIQUE COLLATE NOCASE | (b) VALUES('x')",
        "a TEXT UNIQUE, b TEXT UNIQUE, c INTEGER PRIMARY KEY | (a,c) VALUES('x',1)",
        "a INTEGER PRIMARY KEY, b TEXT DEFAULT \"a string\", c DEFAULT 'it''s' | (a) VALUES(1)"
      })
  void columns_of_every_kind_are_synced(String table) {
    assertThat(odd(table)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\" TEXT, a INTEGER PRIMARY KEY | (a) VALUES(1)",
        "a INTEGER PRIMARY KEY, updated_at AS ('2025-01-01') VIRTUAL, b | (a) VALUES(1)"
      })
  void columns_that_cannot_be_synced_are_refused_by_name(String table) {
    assertThat(odd(table)).isFalse();
  }

  private boolean odd(String table) {
    String columns = table.substring(0, table.lastIndexOf(" | "));
    String end = columns.matches(".*\\) (WITHOUT|STRICT).*") ? "" : ")";
    return syncedOrRefused(
        "odd",
        "INSERT INTO odd" + table.substring(table.lastIndexOf(" | ") + 3),
        "CREATE TABLE odd(" + columns + end);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space",
        "qu\"ote",
        "it's",
        "semi;colon",
        "select",
        "Ünïcode",
        "🙂",
        "a_b%c",
        "[x]",
        "`y`",
        "0",
        "main.t",
        "rows_plain",
        "key_plain",
        " "
      })
  void tables_of_every_name_are_synced_or_refused_by_name(String name) {
    assertThat(
            syncedOrRefused(
                name,
                "INSERT INTO " + named(name) + "(\"a key\") VALUES('x')",
                "CREATE TABLE " + named(name) + "(\"a key\" TEXT PRIMARY KEY)"))
        .isTrue();
  }

  @Test
  void very_long_names_are_synced_or_refused_by_name() {
    String name = "n".repeat(500);
    assertThat(
            syncedOrRefused(
                name,
                "INSERT INTO " + name + "(" + "c".repeat(500) + ") VALUES('x')",
                "CREATE TABLE " + name + "(" + "c".repeat(500) + " TEXT PRIMARY KEY)"))
        .isTrue();
  }

  @Test
  void random_tables_are_synced_or_refused_by_name() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 12; i++) {
      String table = "r" + i;
      String ddl = table(random, table);
      try {
        boolean synced = syncedOrRefused(table, insert(table, ddl), ddl);
        assertThat(synced).isTrue();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + ddl, e);
      }
      anna.edit("DROP TABLE " + table);
      ben.edit("DROP TABLE IF EXISTS " + table);
      workstationsIn(folder.resolve("fleet" + i)); // each table in a fleet of its own
      two_know_a_plain_table();
    }
  }

  /** A value for each column that takes one. */
  private static String insert(String table, String ddl) {
    List<String> names =
        java.util.regex.Pattern.compile("(?:\\(|, )(\"[^\"]+\") ")
            .matcher(ddl)
            .results()
            .map(found -> found.group(1))
            .toList();
    String values = names.stream().map(n -> "'1'").collect(Collectors.joining(","));
    return "INSERT INTO " + table + "(" + String.join(",", names) + ") VALUES(" + values + ")";
  }

  private static String table(Random random, String name) {
    String[] types = {"TEXT", "INTEGER", "INT", "REAL", "BLOB", "", "NUMERIC", "DATETIME", "ANY"};
    String[] extras = {
      "",
      "",
      " COLLATE NOCASE",
      " UNIQUE",
      " DEFAULT 'd'",
      " DEFAULT (random())",
      " NOT NULL DEFAULT 0",
      " CHECK(1)",
      " DEFAULT CURRENT_TIMESTAMP",
      " DEFAULT x'00ff'",
      " DEFAULT -1.5e300",
      " DEFAULT NULL"
    };
    int count = 1 + random.nextInt(6);
    boolean strict = random.nextInt(5) == 0;
    List<String> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String column = named(new String[] {"c", "C d", "k", "é", "x'"}[random.nextInt(5)] + i);
      names.add(column);
      String type =
          strict
              ? new String[] {"TEXT", "INTEGER", "ANY"}[random.nextInt(3)]
              : types[random.nextInt(types.length)];
      String extra = extras[random.nextInt(extras.length)];
      columns.add(column + " " + type + (strict ? "" : extra));
    }
    if (random.nextBoolean()) {
      columns.add(
          "gen AS (coalesce("
              + names.get(0)
              + ",'')||'')"
              + (random.nextBoolean() ? " STORED" : ""));
      if (strict) {
        columns.remove(columns.size() - 1);
      }
    }
    int width = 1 + random.nextInt(names.size());
    List<String> key = names.subList(0, width);
    boolean alias = width == 1 && random.nextBoolean();
    if (alias) {
      columns.set(
          0,
          names.get(0) + " INTEGER PRIMARY KEY" + (random.nextBoolean() ? " AUTOINCREMENT" : ""));
    } else {
      columns.add("PRIMARY KEY(" + String.join(",", key) + ")");
    }
    return "CREATE TABLE "
        + name
        + "("
        + String.join(", ", columns)
        + ")"
        + (strict ? " STRICT" : "");
  }
}
