package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.Change;
import tidemark.change.Definition;
import tidemark.change.Position;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.ledger.Draft;
import tidemark.ledger.Entry;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/**
 * Whoever can write to the share can send definitions: what they compute holds nobody's database.
 */
class HostileDefinitionsTest extends FleetTest {
  private static final String COSTLY = "length(replace(hex(zeroblob(1000)),'0','0123456789'))>0";
  private static final String TABLE = "CREATE TABLE evil(id INTEGER PRIMARY KEY, v TEXT, w TEXT";
  private static final List<String> COLUMNS = List.of("id", "v", "w");

  @BeforeEach
  void allHaveSynced() {
    everybodyHas(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES(1,'one'),(2,'two')");
  }

  private void append(List<Definition> definitions, List<Change> changes) {
    Position head = Position.START;
    for (Entry e = anna.ledger().read(1); e != null; e = anna.ledger().read(head.number() + 1)) {
      head = e.position();
    }
    assertThat(
            anna.ledger()
                .append(head, anna.plan().author(), new Draft(definitions, changes, List.of())))
        .isNotNull();
  }

  private static Definition define(String table, List<String> columns, String... ddl) {
    return new Definition(table, "", List.of(ddl), columns, List.of("id"), 1);
  }

  private static List<Change> rowsOf(String table) {
    List<Change> rows = new ArrayList<>();
    for (long id = 1; id <= 2; id++) {
      Row row = Row.of(Map.of("id", id, "v", "some text", "w", "text"));
      RowKey key = RowKey.of(new Object[] {id});
      rows.add(new Change(table, key, row, 1_700_000_000_000L, "eve", true, "f" + id, "f" + id));
    }
    return rows;
  }

  private void assertBenRefusesAlone(String... tables) {
    anna.edit("UPDATE t SET v='after' WHERE id=1");
    assertThat(anna.sync().failure()).isNull();
    DatabaseSync.Outcome outcome = ben.sync();
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(heldHere(outcome)).containsExactlyInAnyOrder(tables);
    assertThat(ben.db().value("SELECT v FROM t WHERE id=1")).isEqualTo("after");
    assertThat(ben.db().applicationTables()).containsExactly("t");
    assertThat(heldHere(ben.sync())).containsExactlyInAnyOrder(tables);
  }

  /** The master refuses the same, and every run tells of that too. */
  private static List<String> heldHere(DatabaseSync.Outcome outcome) {
    return outcome.report().held().keySet().stream()
        .filter(what -> !what.startsWith("master: "))
        .toList();
  }

  @Test
  void definitions_that_may_cost_minutes_are_refused_before_they_meet_a_row() {
    List<String> evil =
        List.of(
            ", CHECK(" + COSTLY + "))",
            ", x AS (" + COSTLY + "))",
            ", x AS (" + COSTLY + ") STORED)",
            ", x AS (CASE v WHEN 'the one' THEN " + COSTLY + " ELSE 1 END))",
            ", CHECK(v LIKE w))",
            ", CHECK(v NOT LIKE '%" + "a".repeat(60) + "b'))",
            ", CHECK(v NOT LIKE '%' || 'ab'))",
            ", CHECK(instr(v, w)>=0))",
            ", CHECK(length(trim(v, w))>=0))",
            ", CHECK(length(replace(v, 'a', w))>=0))",
            ", CHECK(0<length(v)" + " OR upper(v)>lower(w)".repeat(600) + "))");
    List<Definition> definitions = new ArrayList<>();
    List<Change> rows = new ArrayList<>();
    for (int i = 0; i < evil.size(); i++) {
      String ddl = TABLE.replace("evil", "evil" + i) + evil.get(i);
      definitions.add(define("evil" + i, COLUMNS, ddl));
      rows.addAll(rowsOf("evil" + i));
    }
    for (String value : List.of(COSTLY, "randomblob(abs(random()))", "randomblob(999999999)")) {
      String name = "evil" + definitions.size();
      String ddl = "CREATE TABLE " + name + "(id INTEGER PRIMARY KEY, x DEFAULT (" + value + "))";
      definitions.add(define(name, List.of("id", "x"), ddl));
    }
    for (String on :
        List.of(
            "(" + COSTLY + ")",
            "(v) WHERE " + COSTLY,
            "(instr(v, w))",
            "(v, length(hex(w)||quote(w)))")) {
      String name = "evil" + definitions.size();
      definitions.add(
          define(
              name,
              COLUMNS,
              TABLE.replace("evil", name) + ")",
              "CREATE INDEX e" + name + " ON " + name + on));
    }
    append(definitions, rows);
    assertBenRefusesAlone(definitions.stream().map(Definition::table).toArray(String[]::new));
  }

  @Test
  void columns_that_double_one_another_are_refused() {
    for (boolean checked : new boolean[] {false, true}) {
      StringBuilder ddl = new StringBuilder(TABLE).append(", c0 AS (v)");
      for (int i = 1; i <= 24; i++) {
        String former = "c" + (i - 1);
        ddl.append(", c" + i + " AS (" + former + "||" + former + ")");
      }
      String name = checked ? "checked" : "evil";
      String whole = ddl.toString().replace("evil", name) + (checked ? ", CHECK(c24<>'x'))" : ")");
      append(List.of(define(name, COLUMNS, whole)), rowsOf(name));
    }
    assertBenRefusesAlone("checked", "evil");
  }

  @Test
  void a_definition_that_never_ends_is_given_up() {
    String endless =
        "CREATE TABLE evil AS WITH RECURSIVE n(id, v, w) AS (SELECT 1, '', '' UNION ALL SELECT"
            + " 1-id, v, w FROM n) SELECT * FROM n WHERE id>1";
    append(List.of(define("evil", COLUMNS, endless)), rowsOf("evil"));
    assertBenRefusesAlone("evil");
  }

  @Test
  void a_column_brings_a_constant_and_nothing_that_is_computed() {
    append(
        List.of(
            new Definition(
                "empty",
                "",
                List.of("CREATE TABLE empty(id INTEGER PRIMARY KEY)"),
                List.of("id"),
                List.of("id"),
                1)),
        List.of());
    ben.syncWell();
    append(
        List.of(
            new Definition(
                "empty",
                "evil",
                List.of("evil TEXT DEFAULT (" + COSTLY + ")"),
                List.of("evil"),
                List.of("id"),
                1)),
        List.of());
    DatabaseSync.Outcome outcome = ben.sync();
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(ben.db().value("SELECT sql FROM sqlite_master WHERE name='empty'"))
        .doesNotContain("evil");
  }

  @Test
  void what_applications_commonly_compute_is_made_as_it_is() {
    anna.edit(
        "CREATE TABLE parts(id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))), sku TEXT NOT"
            + " NULL CHECK(length(trim(sku))>0 AND sku NOT LIKE '% %'), mail TEXT CHECK(mail LIKE"
            + " '%_@_%._%'), free TEXT, loose AS (json_extract(free,'$.x')), data TEXT CHECK(json_valid(data)), name TEXT AS"
            + " (json_extract(data,'$.name')), kind AS (data->>'kind') STORED, made TEXT DEFAULT"
            + " (datetime('now','localtime')), day TEXT DEFAULT CURRENT_DATE, at INTEGER DEFAULT"
            + " (strftime('%s','now')), price REAL CHECK(round(abs(price),2)=price), label AS"
            + " (printf('Q-%05d', price)||coalesce(upper(substr(sku,1,3)),'?')), guid TEXT"
            + " CHECK(guid GLOB '"
            + "[0-9a-f]".repeat(32)
            + "'), token TEXT DEFAULT"
            + " (lower(hex(randomblob(4))||'-'||substr('89ab',abs(random())%4+1,1)||substr(hex(randomblob(2)),2))))",
        "CREATE UNIQUE INDEX parts_sku ON parts(replace(lower(sku),'-',''))",
        "CREATE INDEX parts_day ON parts(date(made)) WHERE instr(sku,'X')=0",
        "INSERT INTO parts(sku, mail, data, price, guid)"
            + " VALUES('AB-1','a@b.de','{\"name\":\"n\",\"kind\":1}',1.25,'"
            + "0f".repeat(16)
            + "')");
    anna.syncWell();
    ben.syncWell();
    fleet.settle().assertSame();
    String shape =
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name='parts' AND name NOT LIKE 'sync%'"
            + " AND type<>'trigger' ORDER BY name";
    assertThat(ben.db().rows(shape)).isEqualTo(anna.db().rows(shape));
  }

  @Test
  void what_the_application_made_itself_may_compute_what_it_likes() {
    for (Workstation workstation : List.of(anna, ben)) {
      workstation.edit(
          "CREATE TABLE own(id INTEGER PRIMARY KEY, v TEXT, w TEXT CHECK(instr(v, w)>=0), x AS"
              + " (replace(v, w, 'x')))");
    }
    anna.edit("INSERT INTO own(id, v, w) VALUES(1,'a','b')");
    anna.syncWell();
    ben.syncWell();
    anna.edit("ALTER TABLE own ADD COLUMN note TEXT", "UPDATE own SET note='n'");
    anna.syncWell();
    ben.syncWell();
    assertThat(ben.db().rows("SELECT id, v, w, note FROM own")).containsExactly("1|a|b|n");
  }
}
