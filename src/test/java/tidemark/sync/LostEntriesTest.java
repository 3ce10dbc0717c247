package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.testing.FleetTest;
import tidemark.testing.Folders;
import tidemark.testing.Kill;
import tidemark.testing.Workstation;

/** A share that is restored from an older copy after somebody died over what it lost then. */
class LostEntriesTest extends FleetTest {
  /** Ben's two parts reach cara from a snapshot; then the share has never heard of them. */
  private void caraKnowsWhatTheShareLost(boolean killed) {
    anna.edit("CREATE TABLE parts(id TEXT PRIMARY KEY, name TEXT)");
    ben.edit("CREATE TABLE parts(id TEXT PRIMARY KEY, name TEXT)");
    cara.syncWell();
    ben.syncWell();
    fleet.age(Duration.ofDays(100));
    ben.edit("INSERT INTO parts(id,name) VALUES('bolt','of steel'),('nut','of brass')");
    Path copy = folder.resolve("copy");
    Folders.copy(fleet.share(), copy);
    ben.syncWell();
    if (killed) {
      diesAfterItsFirstCommit();
    } else {
      cara.syncWell();
    }
    Folders.delete(fleet.share());
    Folders.copy(copy, fleet.share());
    assertThat(cara.db().value("SELECT count(*) FROM parts")).isEqualTo("2");
  }

  private void diesAfterItsFirstCommit() {
    cara.progress =
        () -> {
          throw new Kill("settled");
        };
    assertThatThrownBy(cara::sync).isInstanceOf(Kill.class);
    cara.progress = () -> {};
  }

  @ParameterizedTest(name = "killed: {0}")
  @ValueSource(booleans = {true, false})
  void what_is_deleted_stays_so_though_the_share_lost_whatever_told_of_it(boolean killed) {
    caraKnowsWhatTheShareLost(killed);
    cara.edit("DELETE FROM parts WHERE id='bolt'");
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT id FROM parts")).containsExactly("nut");
  }

  @ParameterizedTest(name = "killed: {0}")
  @ValueSource(booleans = {true, false})
  void the_same_where_others_went_on_until_their_first_entries_were_retired(boolean killed) {
    caraKnowsWhatTheShareLost(killed);
    for (int day = 0; day < 3; day++) {
      anna.edit("INSERT INTO parts(id,name) VALUES('a" + day + "','of anna')");
      anna.syncWell();
      fleet.age(Duration.ofDays(100));
    }
    cara.edit("DELETE FROM parts WHERE id='bolt'");
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT id FROM parts ORDER BY 1"))
        .containsExactly("a0", "a1", "a2", "nut");
  }

  @ParameterizedTest(name = "killed: {0}")
  @ValueSource(booleans = {true, false})
  void what_the_share_lost_is_posted_by_whoever_knows_it(boolean killed) {
    caraKnowsWhatTheShareLost(killed);
    cara.edit("UPDATE parts SET name='of gold' WHERE id='nut'");
    cara.syncWell();
    anna.syncWell();
    assertThat(anna.db().rows("SELECT id, name FROM parts ORDER BY 1"))
        .containsExactly("bolt|of steel", "nut|of gold");
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT id, name FROM parts ORDER BY 1"))
        .containsExactly("bolt|of steel", "nut|of gold");
  }

  @Test
  void a_comparison_that_was_cut_short_goes_on_where_nothing_was_lost() {
    caraKnowsWhatTheShareLost(true);
    ben.syncWell(); // puts it back
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(cara.db().value("SELECT count(*) FROM parts")).isEqualTo("2");
    assertThat(kinds(cara)).isEmpty();
  }

  /** Each remembers every third entry only, and no workstation has kept any. */
  private void littleIsRemembered() {
    for (Workstation workstation : fleet.all()) {
      Folders.delete(workstation.folder().resolve("kept"));
      workstation
          .db()
          .execute(
              "DELETE FROM sync_entries WHERE number%3<>0 AND number<(SELECT max(number) FROM sync_entries)");
    }
  }

  @Test
  void a_share_that_went_back_further_than_each_entry_is_remembered_loses_nothing() {
    everybodyHas(
        "CREATE TABLE parts(id TEXT PRIMARY KEY, name TEXT)",
        "INSERT INTO parts VALUES('bolt','of steel'),('nut','of brass'),('pin','of tin')");
    for (int day = 0; day < 4; day++) {
      anna.edit("UPDATE parts SET name='of day " + day + "' WHERE id='pin'");
      fleet.settle();
    }
    Path copy = folder.resolve("copy");
    Folders.copy(fleet.share(), copy);
    ben.edit("UPDATE parts SET name='of gold' WHERE id='nut'");
    fleet.settle();
    ben.edit("DELETE FROM parts WHERE id='bolt'");
    fleet.settle();
    ben.edit("INSERT INTO parts(id,name) VALUES('cog','of bens')");
    fleet.settle().assertSame();
    littleIsRemembered();
    Folders.delete(fleet.share());
    Folders.copy(copy, fleet.share());
    Workstation dora = fleet.workstation("dora");
    dora.syncWell();
    dora.edit("INSERT INTO parts(id,name) VALUES('hook','of doras')");
    dora.syncWell();
    fleet.settle().assertSame();
    assertThat(dora.db().rows("SELECT id, name FROM parts ORDER BY 1"))
        .containsExactly("cog|of bens", "hook|of doras", "nut|of gold", "pin|of day 3");
  }
}
