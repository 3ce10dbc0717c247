package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.testing.Database;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;

/** Values keep their storage class and their bits, wherever a row goes. */
class ValuesTest extends PairTest {
  /** One value of every kind, as SQL writes it. */
  private static final List<String> VALUES =
      List.of(
          "NULL",
          "''",
          "x''",
          "0",
          "9223372036854775807",
          "-9223372036854775808",
          "0.0",
          "5.0",
          "9e999",
          "-9e999",
          "1e308",
          "4.9e-324",
          "0.1+0.2",
          "9007199254740993",
          "'1'",
          "'1.0'",
          "' 1'",
          "x'00ff00'",
          "'Größe 😀 \u2028 \uFFFD'",
          "'a'||char(0)||'b'||char(0)",
          "CAST(x'ff00fe41' AS TEXT)",
          "CAST(x'c3' AS TEXT)",
          "CAST(x'eda080' AS TEXT)",
          "'NaN'",
          "'{\"b\":\"QQ==\"}'");

  private static void fillWithValues(Workstation at) {
    for (int i = 0; i < VALUES.size(); i++) {
      at.edit("INSERT INTO things VALUES(" + i + "," + VALUES.get(i) + ")");
    }
  }

  private void everyType(String type) {
    anna.edit("CREATE TABLE things(id INTEGER PRIMARY KEY, v " + type + ")");
    fillWithValues(anna);
    List<String> before = anna.db().rows(BITS);
    anna.syncWell();
    ben.syncWell();
    assertThat(anna.db().rows(BITS)).isEqualTo(before);
    assertThat(ben.db().rows(BITS)).isEqualTo(before);
    assertThat(fleet.master().rows(BITS)).isEqualTo(before);
  }

  private static final String BITS =
      "SELECT id, typeof(v), hex(CAST(v AS BLOB)), length(v), quote(v) FROM things ORDER BY id";

  @Test
  void every_value_survives_the_trip_in_a_column_without_affinity() {
    everyType("");
  }

  @Test
  void every_value_survives_the_trip_in_a_text_column() {
    everyType("TEXT");
  }

  @Test
  void every_value_survives_the_trip_in_an_integer_column() {
    everyType("INTEGER");
  }

  @Test
  void every_value_survives_the_trip_in_a_real_column() {
    everyType("REAL");
  }

  @Test
  void every_value_survives_the_trip_in_a_numeric_column() {
    everyType("DECIMAL(10,2)");
  }

  @Test
  void every_value_survives_the_trip_in_a_blob_column() {
    everyType("BLOB");
  }

  @Test
  void clearing_a_field_and_emptying_it_are_changes_that_arrive() {
    anna.edit(
        "CREATE TABLE things(id INTEGER PRIMARY KEY, v TEXT DEFAULT 'x')",
        "INSERT INTO things VALUES(1,'full'),(2,'full'),(3,'full')");
    anna.syncWell();
    ben.syncWell();
    ben.edit(
        "UPDATE things SET v=NULL WHERE id=1",
        "UPDATE things SET v='' WHERE id=2",
        "UPDATE things SET v='x' WHERE id=3");
    ben.syncWell();
    anna.syncWell();
    assertThat(anna.db().rows("SELECT id, quote(v) FROM things ORDER BY id"))
        .containsExactly("1|NULL", "2|''", "3|'x'");
    fleet.settle().assertSame();
  }

  @Test
  void a_change_from_one_value_to_one_that_looks_alike_arrives() {
    anna.edit("CREATE TABLE things(id INTEGER PRIMARY KEY, v)");
    for (int i = 0; i < VALUES.size(); i++) {
      anna.edit("INSERT INTO things VALUES(" + i + ",NULL)");
    }
    anna.syncWell();
    ben.syncWell();
    for (int step = 0; step < VALUES.size(); step += 5) {
      for (int i = 0; i < VALUES.size(); i++) {
        String value = VALUES.get((i + step) % VALUES.size());
        ben.edit("UPDATE things SET v=" + value + " WHERE id=" + i);
      }
      ben.syncWell();
      anna.syncWell();
      assertThat(anna.db().rows(BITS)).isEqualTo(ben.db().rows(BITS));
    }
  }

  @Test
  void minus_zero_keeps_its_sign_where_sqlite_keeps_it() throws SQLException {
    anna.edit("CREATE TABLE things(id INTEGER PRIMARY KEY, v)");
    anna.db().update("INSERT INTO things VALUES(1, ?)", -0.0);
    anna.syncWell();
    ben.syncWell();
    for (Database database : List.of(anna.db(), ben.db(), fleet.master())) {
      assertThat(Double.doubleToRawLongBits(realOf(database)))
          .as(database.file().toString())
          .isEqualTo(Double.doubleToRawLongBits(-0.0));
    }
  }

  private static double realOf(Database database) throws SQLException {
    try (Connection connection = database.connect();
        PreparedStatement select = connection.prepareStatement("SELECT v FROM things");
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getDouble(1);
    }
  }

  @Test
  void a_blob_of_five_megabytes_survives_the_trip_and_a_join() {
    byte[] blob = new byte[5_000_000];
    new Random(1).nextBytes(blob);
    anna.edit("CREATE TABLE things(id INTEGER PRIMARY KEY, v BLOB)");
    anna.db().update("INSERT INTO things VALUES(1, ?)", (Object) blob);
    anna.syncWell();
    ben.syncWell();
    assertThat(ben.db().value("SELECT v FROM things"))
        .isEqualTo("x'" + HexFormat.of().formatHex(blob) + "'");
    fleet.settle().assertSame();
  }

  @Test
  void values_of_every_kind_are_keys_too() {
    anna.edit("CREATE TABLE things(v PRIMARY KEY, n INTEGER)");
    for (int i = 1; i < VALUES.size(); i++) {
      anna.edit("INSERT OR IGNORE INTO things VALUES(" + VALUES.get(i) + "," + i + ")");
    }
    List<String> before = anna.db().content("things");
    anna.syncWell();
    ben.syncWell();
    assertThat(ben.db().rows("SELECT n FROM things ORDER BY n"))
        .isEqualTo(anna.db().rows("SELECT n FROM things ORDER BY n"));
    assertThat(before).hasSameSizeAs(ben.db().content("things"));
    ben.edit("UPDATE things SET n=n+100");
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT count(*) FROM things WHERE n<100")).isEqualTo("0");
    anna.edit("DELETE FROM things WHERE n>100");
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT count(*) FROM things")).isEqualTo("0");
  }

  @Test
  void values_of_every_kind_are_keys_in_composite_and_rowidless_tables() {
    anna.edit("CREATE TABLE things(a, b TEXT, n INTEGER, PRIMARY KEY(a, b)) WITHOUT ROWID");
    for (int i = 1; i < VALUES.size(); i++) {
      anna.edit(
          "INSERT OR IGNORE INTO things VALUES("
              + VALUES.get(i)
              + ","
              + VALUES.get(VALUES.size() - i)
              + ","
              + i
              + ")");
    }
    anna.syncWell();
    ben.syncWell();
    fleet.settle().assertSame();
    ben.edit("UPDATE things SET n=n+100");
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT count(*) FROM things WHERE n<100")).isEqualTo("0");
  }

  @Test
  void values_survive_a_join_from_a_snapshot() {
    anna.edit("CREATE TABLE things(id INTEGER PRIMARY KEY, v)");
    fillWithValues(anna);
    anna.edit(
        "INSERT INTO things WITH RECURSIVE s(n) AS (SELECT 1000 UNION ALL SELECT n+1 FROM s WHERE"
            + " n<3500) SELECT n, 'filler' FROM s");
    anna.syncWell();
    anna.edit("UPDATE things SET v='filling' WHERE id>=1000");
    anna.syncWell();
    assertThat(anna.ledger().snapshots()).isNotEmpty();
    Workstation carl = fleet.workstation("carl");
    carl.syncWell();
    assertThat(carl.db().rows(BITS)).isEqualTo(anna.db().rows(BITS));
    fleet.settle().assertSame();
  }

  @Test
  void values_survive_being_held_back() {
    anna.edit("CREATE TABLE things(id INTEGER PRIMARY KEY, v, ok INTEGER DEFAULT 1)");
    for (int i = 0; i < VALUES.size(); i++) {
      anna.edit("INSERT INTO things VALUES(" + i + "," + VALUES.get(i) + ",1)");
    }
    ben.edit("CREATE TABLE things(id INTEGER PRIMARY KEY, v, ok INTEGER DEFAULT 1 CHECK(ok<>1))");
    anna.syncWell();
    DatabaseSync.Outcome partial = ben.sync();
    assertThat(partial.status()).isEqualTo("partial");
    assertThat(partial.report().held()).hasSize(VALUES.size());
    assertThat(ben.sync().report().held()).hasSize(VALUES.size());
    anna.edit("UPDATE things SET ok=0 WHERE id<3");
    anna.syncWell();
    assertThat(ben.sync().report().held()).hasSize(VALUES.size() - 3);
    ben.edit(
        "CREATE TABLE other(id INTEGER PRIMARY KEY, v, ok INTEGER DEFAULT 1, updated_at DATETIME,"
            + " updated_by TEXT, synced_at DATETIME)",
        "INSERT INTO other SELECT id, v, ok, updated_at, updated_by, synced_at FROM things",
        "DROP TABLE things",
        "ALTER TABLE other RENAME TO things");
    fleet.settle().assertSame();
    assertThat(ben.db().rows(BITS)).isEqualTo(anna.db().rows(BITS));
  }

  @Test
  void values_survive_in_conflicts_and_a_resolution_carries_them() {
    anna.conflicts = ConflictRule.MANUAL;
    ben.conflicts = ConflictRule.MANUAL;
    anna.edit("CREATE TABLE things(id INTEGER PRIMARY KEY, v)");
    for (int i = 0; i < VALUES.size(); i++) {
      anna.edit("INSERT INTO things VALUES(" + i + ",'old')");
    }
    anna.syncWell();
    ben.syncWell();
    for (int i = 0; i < VALUES.size(); i++) {
      anna.edit("UPDATE things SET v=" + VALUES.get(i) + " WHERE id=" + i);
      ben.edit("UPDATE things SET v='mine' WHERE id=" + i);
    }
    anna.syncWell();
    assertThat(ben.sync().status()).isEqualTo("partial");
    assertThat(ben.conflicts()).hasSize(VALUES.size());
    ben.conflicts = ConflictRule.MASTER;
    for (int i = 0; i < VALUES.size(); i++) {
      ben.edit("UPDATE things SET v='mine too' WHERE id=" + i);
    }
    fleet.settle().assertSame();
    assertThat(ben.db().rows(BITS)).isEqualTo(anna.db().rows(BITS));
  }

  @Test
  void a_strict_table_keeps_any_value() {
    anna.edit("CREATE TABLE things(id INTEGER PRIMARY KEY, v ANY) STRICT");
    fillWithValues(anna);
    List<String> before = anna.db().rows(BITS);
    anna.syncWell();
    ben.syncWell();
    assertThat(ben.db().rows(BITS)).isEqualTo(before);
    fleet.settle().assertSame();
  }

  @Test
  void databases_in_utf16_exchange_text_among_themselves_and_with_others() {
    for (String encoding : List.of("UTF-16le", "UTF-16be")) {
      Workstation wide = fleet.workstation(encoding);
      inEncoding(wide, encoding, "id TEXT PRIMARY KEY, v TEXT");
    }
    ben.edit("CREATE TABLE things(id TEXT PRIMARY KEY, v TEXT)");
    Workstation little = fleet.all().get(2);
    Workstation big = fleet.all().get(3);
    little.edit("INSERT INTO things VALUES('Größe 😀','a'||char(0)||'ü')");
    big.edit("INSERT INTO things VALUES('日本','😀')");
    anna.syncWell();
    fleet.settle();
    ben.edit("UPDATE things SET v=v||'é'");
    fleet.settle();
    String text = "SELECT id, v, length(v), hex(v) IS NOT NULL FROM things ORDER BY id";
    for (Workstation workstation : fleet.all()) {
      assertThat(workstation.db().rows(text)).isEqualTo(ben.db().rows(text)).hasSize(2);
    }
    assertThat(little.db().value("PRAGMA encoding")).isEqualTo("UTF-16le");
    assertThat(big.db().value("PRAGMA encoding")).isEqualTo("UTF-16be");
    assertThat(fleet.master().rows(text)).isEqualTo(ben.db().rows(text));
  }

  @Test
  void a_database_in_utf16_joins_a_ledger_that_begins_with_a_snapshot() {
    anna.edit(
        "CREATE TABLE things(id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO things WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM s WHERE"
            + " n<2500) SELECT n, 'é'||n FROM s");
    anna.syncWell();
    anna.edit("UPDATE things SET v=v||'ü'");
    anna.syncWell();
    assertThat(anna.ledger().snapshots()).isNotEmpty();
    inEncoding(ben, "UTF-16le", "id INTEGER PRIMARY KEY, v TEXT");
    ben.edit("INSERT INTO things VALUES(9000,'mine')");
    fleet.settle();
    String all = "SELECT id, v FROM things ORDER BY id";
    assertThat(ben.db().rows(all)).isEqualTo(anna.db().rows(all)).hasSize(2501);
  }

  @Test
  void text_that_is_not_utf8_is_held_where_a_utf16_database_cannot_keep_it() {
    inEncoding(ben, "UTF-16le", "id TEXT PRIMARY KEY, v TEXT");
    anna.edit("CREATE TABLE things(id TEXT PRIMARY KEY, v TEXT)");
    anna.edit(
        "INSERT INTO things VALUES('bad', CAST(x'ff41' AS TEXT))",
        "INSERT INTO things VALUES('good', 'ok')");
    anna.syncWell();
    DatabaseSync.Outcome outcome = ben.sync(Direction.BOTH);
    assertThat(outcome.status()).isEqualTo("partial");
    assertThat(outcome.report().held().values()).singleElement().asString().contains("bad");
    assertThat(ben.db().rows("SELECT id FROM things")).containsExactly("good");
  }

  private static void inEncoding(Workstation workstation, String encoding, String columns) {
    try (Connection connection = workstation.db().connect();
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA encoding='" + encoding + "'");
      statement.execute("CREATE TABLE things(" + columns + ")");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
