package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.change.ConflictRule;
import tidemark.change.TableRule;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** Foreign keys: families travel, come back and are kept together. */
class ParentsAndChildrenTest extends FleetTest {
  private static final String HOUSES =
      "CREATE TABLE houses(id TEXT PRIMARY KEY, plate TEXT UNIQUE)";
  private static final String ROOMS =
      "CREATE TABLE rooms(id TEXT PRIMARY KEY, house TEXT REFERENCES houses(id) ON DELETE CASCADE)";
  private static final String CHAIRS =
      "CREATE TABLE chairs(id TEXT PRIMARY KEY, room TEXT REFERENCES rooms(id) ON DELETE CASCADE)";
  private static final String HOUSE = "INSERT INTO houses(id, plate) VALUES('H','1')";

  private static List<String> ids(Workstation at, String table) {
    return at.db().rows("SELECT id FROM " + table + " ORDER BY id");
  }

  @Test
  void a_quote_arrives_with_its_operational_items() {
    everybodyHasTheApplicationsTables();
    anna.edit(
        "INSERT INTO quotes(quoteId, projectName) VALUES('Q','pump')",
        "INSERT INTO operational_items(quoteId, sku) VALUES('Q','1'),('Q','2'),('Q','3')");
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT count(*) FROM operational_items JOIN quotes USING(quoteId)"))
        .isEqualTo("3");
  }

  @Test
  void
      a_parent_deleted_while_someone_adds_a_child_comes_back_and_its_other_children_stay_deleted() {
    everybodyHas(HOUSES, ROOMS, HOUSE, "INSERT INTO rooms(id, house) VALUES('old','H')");
    anna.edit("DELETE FROM houses");
    ben.edit("INSERT INTO rooms(id, house) VALUES('new','H')");
    fleet.settle().assertSame();
    assertThat(ids(cara, "houses")).containsExactly("H");
    assertThat(ids(cara, "rooms")).containsExactly("new");
    assertThat(kinds(anna)).containsExactly("foreign key|local");
  }

  @Test
  void it_comes_back_too_when_the_child_was_posted_first() {
    everybodyHas(HOUSES, ROOMS, HOUSE, "INSERT INTO rooms(id, house) VALUES('old','H')");
    anna.edit("DELETE FROM houses");
    ben.edit("INSERT INTO rooms(id, house) VALUES('new','H')");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT id, plate FROM houses")).containsExactly("H|1");
    assertThat(ids(cara, "rooms")).containsExactly("new");
    assertThat(kinds(ben)).containsExactly("foreign key|remote");
  }

  @Test
  void grandparents_come_back_with_the_parent() {
    everybodyHas(
        HOUSES,
        ROOMS,
        CHAIRS,
        HOUSE,
        "INSERT INTO rooms(id, house) VALUES('R','H'),('R2','H')",
        "INSERT INTO chairs(id, room) VALUES('C1','R'),('C3','R2')");
    anna.edit("DELETE FROM houses");
    ben.edit("INSERT INTO chairs(id, room) VALUES('C2','R')");
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(ids(cara, "houses")).containsExactly("H");
    assertThat(ids(cara, "rooms")).containsExactly("R");
    assertThat(ids(cara, "chairs")).containsExactly("C2");
  }

  @Test
  void grandparents_come_back_when_the_delete_was_posted_first() {
    everybodyHas(
        HOUSES,
        ROOMS,
        CHAIRS,
        HOUSE,
        "INSERT INTO rooms(id, house) VALUES('R','H'),('R2','H')",
        "INSERT INTO chairs(id, room) VALUES('C1','R'),('C3','R2')");
    anna.edit("DELETE FROM houses");
    anna.syncWell();
    ben.edit("INSERT INTO chairs(id, room) VALUES('C2','R')");
    fleet.settle().assertSame();
    assertThat(ids(cara, "houses")).containsExactly("H");
    assertThat(ids(cara, "rooms")).containsExactly("R");
    assertThat(ids(cara, "chairs")).containsExactly("C2");
  }

  @Test
  void a_numbered_parent_that_two_workstations_bring_back_is_still_one() {
    everybodyHas(
        "CREATE TABLE orders(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT)",
        "CREATE TABLE lines(id INTEGER PRIMARY KEY AUTOINCREMENT, order_id INTEGER REFERENCES orders(id) ON DELETE CASCADE, text TEXT)",
        "INSERT INTO orders(name) VALUES('order')",
        "INSERT INTO lines(order_id, text) VALUES(1,'old')");
    anna.edit("DELETE FROM orders");
    anna.syncWell();
    for (Workstation each : List.of(ben, cara)) {
      each.edit("INSERT INTO lines(order_id, text) VALUES(1,'of " + each.name() + "')");
      each.sync(tidemark.change.Direction.PULL);
    }
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT id, name FROM orders")).containsExactly("1|order");
    assertThat(anna.db().rows("SELECT order_id, text FROM lines ORDER BY text"))
        .containsExactly("1|of ben", "1|of cara");
  }

  @Test
  void a_numbered_record_that_two_workstations_keep_against_a_delete_is_still_one() {
    everybodyHas(
        "CREATE TABLE orders(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT)",
        "INSERT INTO orders(name) VALUES('order')");
    anna.edit("DELETE FROM orders");
    anna.syncWell();
    for (Workstation each : List.of(ben, cara)) {
      each.edit("UPDATE orders SET name='of " + each.name() + "'");
      each.sync(tidemark.change.Direction.PULL);
    }
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT id, name FROM orders")).containsExactly("1|of cara");
  }

  @Test
  void a_delete_that_arrives_never_fires_a_cascade() {
    everybodyHas(
        HOUSES,
        "CREATE TABLE rooms(id TEXT PRIMARY KEY, house TEXT REFERENCES houses(id) ON DELETE SET NULL ON UPDATE CASCADE)",
        HOUSE,
        "INSERT INTO rooms(id, house) VALUES('R','H')");
    anna.edit("UPDATE houses SET plate='2'");
    ben.edit("INSERT INTO rooms(id, house) VALUES('R2','H')");
    fleet.settle().assertSame();
    anna.edit("DELETE FROM houses");
    anna.syncWell();
    assertThat(anna.db().rows("SELECT id, house FROM rooms ORDER BY id"))
        .containsExactly("R|null", "R2|null");
    cara.edit("INSERT INTO rooms(id, house) VALUES('R3','H')");
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT id, house FROM rooms ORDER BY id"))
        .containsExactly("R|null", "R2|null", "R3|H");
    assertThat(kinds(ben)).containsExactly("foreign key|local");
  }

  @Test
  void a_cascade_is_not_fired_when_a_parent_is_replaced() {
    everybodyHas(HOUSES, ROOMS, HOUSE, "INSERT INTO houses(id, plate) VALUES('H2','2')");
    ben.edit("INSERT INTO rooms(id, house) VALUES('R','H')");
    anna.edit(
        "UPDATE houses SET plate='x' WHERE id='H'",
        "UPDATE houses SET plate='1' WHERE id='H2'",
        "UPDATE houses SET plate='2' WHERE id='H'");
    fleet.settle().assertSame();
    assertThat(ids(cara, "rooms")).containsExactly("R");
  }

  @Test
  void a_parent_that_cannot_come_back_leaves_its_child_in_a_conflict() {
    everybodyHas(HOUSES, ROOMS, CHAIRS, HOUSE);
    anna.edit("DELETE FROM houses", "INSERT INTO houses(id, plate) VALUES('H2','1')");
    anna.syncWell();
    ben.edit(
        "INSERT INTO rooms(id, house) VALUES('R','H')",
        "INSERT INTO chairs(id, room) VALUES('C','R')");
    fleet.settle().assertSame();
    assertThat(ids(cara, "houses")).containsExactly("H2");
    assertThat(ids(cara, "rooms")).isEmpty();
    assertThat(kinds(anna)).containsExactly("foreign key|remote");
    assertThat(data(anna, "local_data", "foreign key")).contains("\"R\"", "sync_children", "\"C\"");
  }

  @Test
  void a_parent_that_cannot_come_back_leaves_a_posted_child_in_a_conflict_too() {
    everybodyHas(HOUSES, ROOMS, CHAIRS, HOUSE);
    ben.edit(
        "INSERT INTO rooms(id, house) VALUES('R','H')",
        "INSERT INTO chairs(id, room) VALUES('C','R')");
    ben.syncWell();
    anna.edit("DELETE FROM houses", "INSERT INTO houses(id, plate) VALUES('H2','1')");
    fleet.settle().assertSame();
    assertThat(ids(cara, "houses")).containsExactly("H2");
    assertThat(ids(cara, "rooms")).isEmpty();
    assertThat(kinds(anna)).containsExactly("foreign key|remote");
    assertThat(data(anna, "local_data", "foreign key")).contains("\"R\"", "sync_children", "\"C\"");
    fleet.all().forEach(Workstation::syncWell);
  }

  @Test
  void a_held_parent_holds_its_children_and_they_follow_it() {
    everybodyHas(HOUSES, ROOMS, CHAIRS);
    ben.db().execute("DROP TABLE chairs", "DROP TABLE rooms", "DROP TABLE houses");
    ben.db()
        .execute(
            "CREATE TABLE houses(id TEXT PRIMARY KEY, plate TEXT UNIQUE CHECK(plate<>'bad'), updated_at DATETIME, updated_by TEXT, synced_at DATETIME)",
            "CREATE TABLE rooms(id TEXT PRIMARY KEY, house TEXT REFERENCES houses(id) ON DELETE CASCADE, updated_at DATETIME, updated_by TEXT, synced_at DATETIME)",
            "CREATE TABLE chairs(id TEXT PRIMARY KEY, room TEXT REFERENCES rooms(id) ON DELETE CASCADE, updated_at DATETIME, updated_by TEXT, synced_at DATETIME)");
    anna.edit(
        "INSERT INTO houses(id, plate) VALUES('H','bad')",
        "INSERT INTO rooms(id, house) VALUES('R','H')",
        "INSERT INTO chairs(id, room) VALUES('C','R')",
        "INSERT INTO houses(id, plate) VALUES('G','good')");
    anna.syncWell();
    for (int run = 0; run < 2; run++) {
      assertThat(ben.sync().status()).isEqualTo("partial");
      assertThat(ben.sync().report().held().keySet())
          .containsExactlyInAnyOrder("houses H", "rooms R", "chairs C");
    }
    assertThat(ids(ben, "houses")).containsExactly("G");
    anna.edit("UPDATE houses SET plate='fine' WHERE id='H'");
    fleet.settle().assertSame();
    assertThat(ids(ben, "chairs")).containsExactly("C");
    fleet.all().forEach(Workstation::syncWell);
  }

  @Test
  void a_row_that_steps_aside_for_a_held_one_does_not_cost_its_children() {
    everybodyHas(
        HOUSES,
        ROOMS,
        "INSERT INTO houses(id, plate) VALUES('A','a'),('B','b')",
        "INSERT INTO rooms(id, house) VALUES('RA','A'),('RB','B')");
    ben.db()
        .execute(
            "CREATE TABLE h2(id TEXT PRIMARY KEY, plate TEXT UNIQUE CHECK(plate<>'z'), updated_at DATETIME, updated_by TEXT, synced_at DATETIME)",
            "INSERT INTO h2 SELECT * FROM houses");
    rebuild(ben, "houses", "h2");
    anna.edit(
        "UPDATE houses SET plate='z' WHERE id='B'",
        "UPDATE houses SET plate='b' WHERE id='A'",
        "INSERT INTO houses(id, plate) VALUES('C','a')");
    anna.syncWell();
    assertThat(ben.sync().status()).isEqualTo("partial");
    cara.syncWell();
    assertThat(ids(cara, "rooms")).containsExactly("RA", "RB");
    assertThat(ids(ben, "rooms")).containsExactly("RA", "RB");
    anna.edit("UPDATE houses SET plate='y' WHERE id='B'");
    fleet.settle().assertSame();
    assertThat(ids(ben, "rooms")).containsExactly("RA", "RB");
    assertThat(kinds(ben)).isEmpty();
  }

  @Test
  void a_manual_conflict_holds_the_new_children_of_its_row() {
    everybodyHas(HOUSES, ROOMS, HOUSE);
    fleet.all().forEach(each -> each.conflicts = ConflictRule.MANUAL);
    anna.edit("UPDATE houses SET plate='anna'");
    anna.syncWell();
    ben.edit("UPDATE houses SET plate='ben'", "INSERT INTO rooms(id, house) VALUES('R','H')");
    assertThat(ben.sync().status()).isEqualTo("partial");
    cara.syncWell();
    assertThat(ids(cara, "rooms")).isEmpty();
    ben.edit("UPDATE houses SET plate='anna'");
    fleet.settle().assertSame();
    assertThat(ids(cara, "rooms")).containsExactly("R");
    assertThat(cara.db().value("SELECT resolved, resolution FROM sync_conflicts"))
        .isEqualTo("1|equal");
  }

  @Test
  void a_child_moved_to_a_parent_that_is_held_stays_where_it_was_until_then() {
    everybodyHas(HOUSES, ROOMS, HOUSE, "INSERT INTO rooms(id, house) VALUES('R','H')");
    ben.db()
        .execute(
            "CREATE TABLE h2(id TEXT PRIMARY KEY, plate TEXT UNIQUE CHECK(plate<>'z'), updated_at DATETIME, updated_by TEXT, synced_at DATETIME)",
            "INSERT INTO h2 SELECT * FROM houses");
    rebuild(ben, "houses", "h2");
    anna.edit(
        "INSERT INTO houses(id, plate) VALUES('Z','z')", "UPDATE rooms SET house='Z' WHERE id='R'");
    anna.syncWell();
    assertThat(ben.sync().status()).isEqualTo("partial");
    assertThat(ben.db().rows("SELECT id, house FROM rooms")).containsExactly("R|H");
    anna.edit("UPDATE houses SET plate='y' WHERE id='Z'");
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT id, house FROM rooms")).containsExactly("R|Z");
  }

  @Test
  void a_parent_deleted_while_someone_turns_an_edited_child_to_it_comes_back() {
    TableRule columns = new TableRule(null, true, List.of(), false, List.of(), false, true);
    fleet.all().forEach(each -> each.rule("rooms", columns));
    everybodyHas(
        HOUSES,
        "CREATE TABLE rooms(id TEXT PRIMARY KEY, house TEXT REFERENCES houses(id), name TEXT)",
        HOUSE,
        "INSERT INTO houses(id, plate) VALUES('H2','2')",
        "INSERT INTO rooms(id, house) VALUES('R','H')");
    anna.edit("UPDATE rooms SET house='H2'");
    anna.syncWell();
    ben.edit("UPDATE rooms SET name='ben'", "DELETE FROM houses WHERE id='H2'");
    fleet.settle().assertSame();
    assertThat(ids(cara, "houses")).containsExactly("H", "H2");
    assertThat(cara.db().rows("SELECT house, name FROM rooms")).containsExactly("H2|ben");
  }

  @Test
  void a_child_that_loses_its_parent_twice_is_kept_twice() {
    everybodyHas(HOUSES, ROOMS, HOUSE, "INSERT INTO houses(id, plate) VALUES('G','9')");
    for (String round : List.of("first", "second")) {
      ben.edit("INSERT INTO rooms(id, house) VALUES('R','H')");
      ben.edit("UPDATE rooms SET updated_by='" + round + "'");
      ben.syncWell();
      anna.edit("UPDATE houses SET plate='x' WHERE id='H'");
      anna.edit("DELETE FROM houses WHERE id='H'", "UPDATE houses SET plate='1' WHERE id='G'");
      fleet.settle().assertSame();
      assertThat(ids(cara, "rooms")).isEmpty();
      anna.edit("UPDATE houses SET plate='9' WHERE id='G'", HOUSE);
      fleet.settle().assertSame();
    }
    assertThat(
            cara.db()
                .rows("SELECT json_extract(local_data,'$.updated_by') FROM sync_conflicts")
                .toString())
        .contains("first", "second");
  }

  /** As an application alters a table: with foreign keys off, drop and rename. */
  static void rebuild(Workstation at, String table, String by) {
    try (var connection = at.db().connect();
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys=OFF");
      statement.execute("DROP TABLE " + table);
      statement.execute("ALTER TABLE " + by + " RENAME TO " + table);
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
