package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tidemark.replica.Replica;
import tidemark.run.LocalDatabase;
import tidemark.testing.Database;
import tidemark.testing.FleetTest;
import tidemark.testing.LongLedger;

/** What a database remembers of the entries it has applied. */
class RememberedEntriesTest extends FleetTest {
  @BeforeEach
  void somebodySynced() {
    everybodyHas("CREATE TABLE parts(id TEXT PRIMARY KEY, price REAL)");
  }

  private void annaHasMet(long entries) {
    anna.db()
        .execute(
            "INSERT INTO sync_entries WITH RECURSIVE n(i) AS (SELECT (SELECT max(number)+1 FROM sync_entries) UNION ALL SELECT i+1 FROM n WHERE i<"
                + entries
                + ") SELECT i, 'hash' || i FROM n");
  }

  private void thin(long floor, Set<Long> needed) {
    try (Replica replica =
        Replica.open(
            anna.plan().local(),
            LocalDatabase.BUSY,
            anna.plan().rules(),
            anna.plan().selection())) {
      replica.states().thin(floor, needed);
    }
  }

  private List<String> remembered(String where) {
    return anna.db().rows("SELECT number FROM sync_entries WHERE " + where + " ORDER BY 1");
  }

  @Test
  void of_entries_long_retired_each_hundredth_is_remembered_and_those_where_somebody_stands() {
    annaHasMet(12_000);
    thin(9_000, Set.of(1_234L, 8_999L, 20_000L));
    assertThat(remembered("number<9000 AND number%100<>0")).containsExactly("1234", "8999");
    assertThat(remembered("number%100=0")).hasSize(120);
    assertThat(remembered("number>=9000")).hasSize(3_001);
  }

  @Test
  void the_last_two_thousand_are_remembered_whatever_was_retired() {
    annaHasMet(5_000);
    thin(4_900, Set.of());
    assertThat(remembered("number>=3000")).hasSize(2_001);
    assertThat(remembered("number<3000 AND number%100<>0")).isEmpty();
  }

  @Test
  void nothing_is_forgotten_that_the_ledger_keeps() {
    annaHasMet(5_000);
    thin(0, Set.of());
    assertThat(remembered("1")).hasSize(5_000);
  }

  @Test
  void where_a_table_got_its_key_stays_known() {
    annaHasMet(5_000);
    anna.db()
        .execute(
            "INSERT OR REPLACE INTO sync_keys(name, since, known, whole, opener, fresh) VALUES('parts', 1235, 0, 1, 0, 0)");
    thin(3_000, Set.of());
    assertThat(remembered("number<3000 AND number%100<>0")).containsExactly("1234");
  }

  @Test
  @Tag("heavy")
  void the_masters_daily_and_the_workstations_hourly_care_forget_them() {
    anna.edit("INSERT INTO parts(id, price) VALUES('a',1),('b',2),('c',3)");
    anna.syncWell();
    fleet.age(Duration.ofDays(500));
    new LongLedger(anna.ledger(), fleet.share().resolve("server.db-ledger"), "price")
        .over(Duration.ofDays(400))
        .writeUpTo(2_400);
    for (int day = 0; day < 2; day++) {
      fleet.master().execute("UPDATE sync_state SET value='0' WHERE key='cared'");
      anna.db().execute("UPDATE sync_state SET value='0' WHERE key='looked'");
      anna.syncWell();
      anna.edit("UPDATE parts SET price=price+1 WHERE id='a'");
    }
    assertThat(anna.ledger().info().orElseThrow().floor()).isGreaterThan(300);
    for (Database database : List.of(anna.db(), fleet.master())) {
      assertThat(database.rows("SELECT 1 FROM sync_entries")).hasSizeLessThan(2_150);
    }
    assertThat(
            fleet.master().rows("SELECT number FROM sync_entries WHERE number<300 ORDER BY number"))
        .containsExactly(ben.db().value("SELECT max(position) FROM sync_tables"), "100", "200");
    ben.syncWell();
    assertThat(ben.conflicts()).isEmpty();
  }
}
