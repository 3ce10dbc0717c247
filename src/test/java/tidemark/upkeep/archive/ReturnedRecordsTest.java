package tidemark.upkeep.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.testing.Database;
import tidemark.testing.Fleet;
import tidemark.testing.QuickFolder;
import tidemark.testing.Workstation;

/** Who comes back from an archive is the record it was, to those too who edited it meanwhile. */
class ReturnedRecordsTest {
  private static final String ORDERS =
      "CREATE TABLE orders(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, made DATE)";
  private static final String LINES =
      "CREATE TABLE lines(id INTEGER PRIMARY KEY AUTOINCREMENT, order_id INTEGER REFERENCES orders(id), text TEXT)";
  private static final long BEFORE = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();

  @TempDir(factory = QuickFolder.class)
  Path folder;

  private Fleet fleet;
  private Workstation anna;
  private Workstation ben;
  private Workstation cara;
  private Path file;

  @BeforeEach
  void anOldOrder() {
    fleet = new Fleet(folder);
    anna = fleet.workstation("anna");
    ben = fleet.workstation("ben");
    cara = fleet.workstation("cara");
    file = folder.resolve("old.db");
    anna.edit(
        ORDERS,
        LINES,
        "INSERT INTO orders(name, made) VALUES('old', '2020-01-01')",
        "INSERT INTO lines(order_id, text) VALUES(1, 'first')");
    fleet.settle().assertSame();
  }

  private void annaArchivesIt() {
    var result =
        new Archiving(anna.plan(), anna.ledger(), anna.clock())
            .move(new ArchiveOrder("orders", BEFORE, file, "made", ConflictRule.NEWEST));
    assertThat(result.left()).isEmpty();
    assertThat(anna.db().rows("SELECT id FROM orders WHERE made<'2024'")).isEmpty();
  }

  private ArchiveReturn.Result annaBringsItBack() {
    return new ArchiveReturn(anna.plan(), anna.ledger(), anna.clock())
        .run(new ArchiveReturn.Order(file, null, null, ConflictRule.NEWEST));
  }

  private static List<String> lines(Workstation at) {
    return at.db()
        .rows("SELECT name, text FROM orders LEFT JOIN lines ON order_id=orders.id ORDER BY 1, 2");
  }

  @Test
  void who_was_edited_elsewhere_before_it_was_archived_and_came_back_stands_once() {
    anna.edit("UPDATE orders SET name='annas'").syncWell();
    annaArchivesIt();
    annaBringsItBack();
    ben.edit(
        "UPDATE orders SET name='bens'", "INSERT INTO lines(order_id, text) VALUES(1, 'bens')");
    fleet.settle().assertSame();
    assertThat(lines(cara)).containsExactly("bens|bens", "bens|first");
    assertThat(cara.db().rows("SELECT kind, winner FROM sync_conflicts"))
        .containsExactly("update|local");
  }

  @Test
  void a_new_child_that_is_only_pushed_finds_who_was_archived_and_came_back() {
    ben.edit("INSERT INTO lines(order_id, text) VALUES(1, 'bens')");
    annaArchivesIt();
    annaBringsItBack();
    ben.sync(Direction.PUSH);
    anna.syncWell();
    cara.syncWell();
    assertThat(lines(cara)).containsExactly("old|bens", "old|first");
    fleet.settle().assertSame();
  }

  @Test
  void a_new_child_of_who_was_archived_finds_who_came_back() {
    ben.edit("INSERT INTO lines(order_id, text) VALUES(1, 'bens')");
    annaArchivesIt();
    annaBringsItBack();
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(lines(cara)).containsExactly("old|bens", "old|first");
    fleet.all().forEach(Workstation::syncWell);
  }

  /** Dora, who never saw the old order, has made one under its number. */
  private Workstation doraHasMadeAnother() {
    Workstation dora = fleet.workstation("dora");
    dora.edit(ORDERS, LINES, "INSERT INTO orders(name, made) VALUES('doras', '2025-01-01')");
    dora.syncWell();
    assertThat(fleet.master().rows("SELECT id, name FROM orders")).containsExactly("1|doras");
    return dora;
  }

  @Test
  void who_comes_back_under_a_number_that_another_record_had_meanwhile_is_none_of_that_one() {
    annaArchivesIt();
    doraHasMadeAnother();
    fleet.settle().assertSame();
    ben.edit("INSERT INTO lines(order_id, text) VALUES(1, 'of doras')");
    anna.edit("DELETE FROM orders").syncWell();
    assertThat(annaBringsItBack().left()).isEmpty();
    ben.edit("UPDATE orders SET name='edited'");
    fleet.settle().assertSame();
    assertThat(lines(cara)).containsExactly("edited|of doras", "old|first");
  }

  @Test
  void who_is_there_under_another_number_does_not_come_back_beside_itself() {
    annaArchivesIt();
    Workstation dora = doraHasMadeAnother();
    ben.edit("UPDATE orders SET name='bens'", "UPDATE lines SET text='bens'");
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT id, name FROM orders")).containsExactly("1|doras", "2|bens");
    dora.edit("DELETE FROM orders WHERE id=1");
    fleet.settle();
    assertThat(OldQuotes.left(annaBringsItBack().left()))
        .contains("orders 1: it is there as orders 2");
    fleet.settle().assertSame();
    assertThat(lines(cara)).containsExactly("bens|bens");
  }

  @Test
  void an_archive_that_does_not_know_who_it_holds_comes_back_as_before() {
    annaArchivesIt();
    new Database(file)
        .execute(
            "ALTER TABLE orders DROP COLUMN tidemark_birth",
            "ALTER TABLE lines DROP COLUMN tidemark_birth");
    assertThat(annaBringsItBack().left()).isEmpty();
    fleet.settle().assertSame();
    assertThat(lines(cara)).containsExactly("old|first");
    annaArchivesIt();
    assertThat(new Database(file).rows("SELECT tidemark_birth IS NULL FROM orders"))
        .containsExactly("1", "0");
  }
}
