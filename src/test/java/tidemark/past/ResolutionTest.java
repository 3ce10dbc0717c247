package tidemark.past;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.change.Conflict.Version;
import tidemark.change.ConflictRule;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.past.Resolution.Side;
import tidemark.replica.Replica;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** Open conflicts: what a person chooses is what everybody gets. */
public class ResolutionTest extends FleetTest {
  private static final Map<Version, String> NAMES =
      Map.of(Version.LOCAL, "bens", Version.REMOTE, "annas", Version.GIVEN, "both");

  @BeforeEach
  void threeWorkstations() {
    everybodyHas(
        "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, name TEXT, price REAL)",
        "CREATE TABLE numbers(id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT UNIQUE, name TEXT)",
        "CREATE TABLE items(itemId TEXT PRIMARY KEY, numberId INTEGER REFERENCES numbers(id) ON DELETE CASCADE)",
        "INSERT INTO quotes VALUES('Q1','first',1.5)");
    fleet.all().forEach(w -> w.conflicts = ConflictRule.MANUAL);
  }

  public static Resolution at(Workstation workstation) {
    return new Resolution(workstation.plan(), workstation.clock());
  }

  private static String open(Workstation workstation) {
    return workstation.db().value("SELECT id FROM sync_conflicts WHERE resolved=0");
  }

  private String q1(Workstation workstation) {
    return workstation.db().value("SELECT name FROM quotes WHERE quoteId='Q1'");
  }

  /** Ben's edit waits at ben's, anna's is in the ledger. */
  private String conflict() {
    anna.edit("UPDATE quotes SET name='annas' WHERE quoteId='Q1'");
    anna.syncWell();
    ben.edit("UPDATE quotes SET name='bens' WHERE quoteId='Q1'");
    assertThat(ben.sync().status()).isEqualTo("partial");
    cara.syncWell();
    anna.syncWell();
    assertThat(open(cara)).isEqualTo(open(ben));
    return open(ben);
  }

  @Test
  void keeping_the_local_version_posts_it_to_everybody() {
    String id = conflict();
    at(ben).resolve(id, Side.LOCAL);
    fleet.settle().assertSame();
    assertThat(q1(anna)).isEqualTo("bens");
    assertThat(fleet.all()).allSatisfy(w -> assertThat(open(w)).isEqualTo("nothing"));
    assertThat(cara.db().value("SELECT winner, resolution, resolved_by FROM sync_conflicts"))
        .isEqualTo("local|local|ben");
  }

  @Test
  void keeping_the_remote_version_takes_it_and_keeps_the_local_one_restorable() {
    String id = conflict();
    at(ben).resolve(id, Side.REMOTE);
    fleet.settle().assertSame();
    assertThat(q1(ben)).isEqualTo("annas");
    at(cara).restore(id);
    fleet.settle().assertSame();
    assertThat(q1(anna)).isEqualTo("bens");
  }

  @Test
  void a_choice_made_at_another_workstation_reaches_the_one_where_it_waits() {
    String id = conflict();
    at(cara).resolve(id, Side.LOCAL);
    cara.syncWell();
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(q1(cara)).isEqualTo("bens");
    assertThat(fleet.all()).allSatisfy(w -> assertThat(open(w)).isEqualTo("nothing"));
  }

  @Test
  void a_choice_of_the_remote_version_made_elsewhere_needs_one_run_where_it_waits() {
    String id = conflict();
    at(cara).resolve(id, Side.REMOTE);
    cara.syncWell();
    ben.syncWell();
    assertThat(q1(ben)).isEqualTo("annas");
    fleet.settle().assertSame();
  }

  @Test
  void of_two_choices_the_first_in_the_ledger_holds() {
    String id = conflict();
    at(cara).resolve(id, Side.LOCAL);
    at(anna).resolve(id, Side.REMOTE);
    anna.syncWell();
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(q1(cara)).isEqualTo("annas");
  }

  @Test
  void a_row_of_ones_own_settles_it_where_it_waits() {
    String id = conflict();
    Row given = Row.of(Map.of("name", "both", "price", 2.5));
    assertThatThrownBy(() -> at(cara).resolve(id, given)).isInstanceOf(Failure.class);
    at(ben).resolve(id, given);
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT name, price, updated_by FROM quotes"))
        .isEqualTo("both|2.5|ben");
    assertThat(open(anna)).isEqualTo("nothing");
  }

  private static String versions(Workstation workstation) {
    return workstation
        .db()
        .value(
            "SELECT local_data->>'name', remote_data->>'name', given_data->>'name', given_data->>'price', winner, resolution FROM sync_conflicts");
  }

  @Test
  void a_row_of_ones_own_is_recorded_beside_the_versions_it_was_made_of() {
    String id = conflict();

    at(ben).resolve(id, Row.of(Map.of("price", 2.5)), List.of("name"));

    fleet.settle().assertSame();
    assertThat(q1(anna)).isEqualTo("annas");
    assertThat(fleet.all())
        .allSatisfy(w -> assertThat(versions(w)).isEqualTo("bens|annas|annas|2.5|local|given"));
  }

  @Test
  void each_of_three_versions_comes_back_at_any_workstation() {
    String id = conflict();
    at(ben).resolve(id, Row.of(Map.of("name", "both")));
    fleet.settle();

    for (Version version : List.of(Version.LOCAL, Version.REMOTE, Version.GIVEN)) {
      at(cara).restore(id, version, null);
      fleet.settle().assertSame();
      assertThat(q1(anna)).isEqualTo(NAMES.get(version));
      assertThat(versions(anna)).endsWith("|local|restored " + version.word());
    }
  }

  @Test
  void where_no_row_was_given_only_the_loser_comes_back() {
    String id = conflict();
    at(ben).resolve(id, Side.LOCAL);
    fleet.settle();

    assertThatThrownBy(() -> at(cara).restore(id, Version.LOCAL, null))
        .hasMessageContaining("did not lose");
    at(cara).restore(id, Version.REMOTE, null);
    fleet.settle().assertSame();
    assertThat(q1(anna)).isEqualTo("annas");
  }

  /** Ben's file alone had what is to be carried out; the conflict is all that is left of it. */
  @Test
  void what_was_chosen_comes_back_though_the_file_it_waited_in_is_lost() {
    String id = conflict();
    ben.loseLocalDatabase();
    at(cara).resolve(id, Side.LOCAL);
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(q1(cara)).isEqualTo("annas");

    at(cara).restore(id, Version.LOCAL, null);

    fleet.settle().assertSame();
    assertThat(q1(anna)).isEqualTo("bens");
    assertThat(versions(anna)).endsWith("|local|restored local");
    assertThatThrownBy(() -> at(cara).restore(id, Version.LOCAL, null))
        .hasMessageContaining("did not lose");
    at(anna).restore(id);
    fleet.settle().assertSame();
    assertThat(q1(cara)).isEqualTo("annas");
  }

  @Test
  void a_delete_that_was_chosen_is_done_though_the_file_it_waited_in_is_lost() {
    anna.edit("UPDATE quotes SET name='annas' WHERE quoteId='Q1'");
    anna.syncWell();
    ben.edit("DELETE FROM quotes WHERE quoteId='Q1'");
    ben.sync();
    String id = open(ben);
    ben.loseLocalDatabase();
    cara.syncWell();
    at(cara).resolve(id, Side.LOCAL);
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(q1(anna)).isEqualTo("annas");

    at(cara).restore(id, Version.LOCAL, null);

    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT count(*) FROM quotes")).isEqualTo("0");
    assertThatThrownBy(() -> at(cara).restore(id, Version.LOCAL, null))
        .hasMessageContaining("did not lose");
  }

  /** The next run would carry out the choice, and take the version away again. */
  @ParameterizedTest
  @EnumSource(Side.class)
  void what_is_brought_back_before_the_choice_went_anywhere_stays(Side first) {
    String id = conflict();
    at(ben).resolve(id, first);
    at(ben).restore(id);

    fleet.settle().assertSame();
    assertThat(q1(anna)).isEqualTo(first == Side.LOCAL ? "annas" : "bens");
  }

  @Test
  void what_is_brought_back_otherwise_before_the_choice_went_anywhere_stays_so() {
    String id = conflict();
    at(ben).resolve(id, Side.REMOTE);
    at(ben).restore(id, Row.of(Map.of("price", 2.5)));

    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT name, price FROM quotes")).isEqualTo("bens|2.5");
    assertThat(versions(anna)).isEqualTo("bens|annas|bens|2.5|local|given");
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void of_three_versions_another_may_be_chosen_as_long_as_nothing_went_anywhere(Version version) {
    String id = conflict();
    at(ben).resolve(id, Row.of(Map.of("name", "both")));
    at(ben).restore(id, Version.REMOTE, null);
    at(ben).restore(id, version, null);

    fleet.settle().assertSame();
    assertThat(q1(anna)).isEqualTo(NAMES.get(version));
  }

  @Test
  void a_database_of_an_earlier_version_is_looked_at_without_the_third_row() {
    String id = conflict();
    ben.edit("ALTER TABLE sync_conflicts DROP COLUMN given_data");

    try (Replica replica =
        Replica.look(ben.db().file(), Duration.ZERO, ben.plan().rules(), ben.plan().selection())
            .orElseThrow()) {
      assertThat(replica.conflicts().find(id).orElseThrow().conflict().givenData()).isNull();
    }
    at(ben).resolve(id, Row.of(Map.of("name", "both")));
    fleet.settle().assertSame();
    assertThat(versions(anna)).startsWith("bens|annas|both|");
  }

  @Test
  void a_choice_is_refused_where_the_local_row_changed_since_it_was_shown() {
    String id = conflict();
    ben.edit("UPDATE quotes SET name='bens second' WHERE quoteId='Q1'");
    assertThatThrownBy(() -> at(ben).resolve(id, Side.REMOTE))
        .hasMessageContaining("changed since")
        .satisfies(e -> assertThat(((Failure) e).exitCode()).isEqualTo(1));
    ben.sync();
    at(ben).resolve(open(ben), Side.LOCAL);
    fleet.settle().assertSame();
    assertThat(q1(anna)).isEqualTo("bens second");
  }

  @Test
  void a_choice_is_refused_where_the_ledgers_row_changed_since_it_was_shown() {
    String id = conflict();
    anna.edit("UPDATE quotes SET name='annas second' WHERE quoteId='Q1'");
    anna.syncWell();
    assertThatThrownBy(() -> at(anna).resolve(id, Side.LOCAL))
        .hasMessageContaining("changed since");
    ben.sync();
    assertThat(ben.db().value("SELECT count(*) FROM sync_conflicts WHERE resolved=0"))
        .isEqualTo("1");
    at(ben).resolve(open(ben), Side.LOCAL);
    fleet.settle().assertSame();
    assertThat(q1(anna)).isEqualTo("bens");
  }

  /** It stays as it is, whatever it is by now; only there it is known what it meets. */
  @Test
  void that_the_ledgers_row_stands_can_be_chosen_elsewhere_though_it_changed_since() {
    String id = uniqueConflict();
    anna.edit("UPDATE numbers SET name='annas second'");
    anna.syncWell();
    ben.loseLocalDatabase();
    at(anna).resolve(id, Side.REMOTE);
    fleet.settle().assertSame();
    assertThat(fleet.all()).allSatisfy(w -> assertThat(open(w)).isEqualTo("nothing"));
    assertThat(numbers(ben)).isEqualTo("N7=annas second");
    at(cara).restore(id);
    fleet.settle().assertSame();
    assertThat(numbers(anna)).isEqualTo("N7=bens");
  }

  @Test
  void where_an_edit_waits_such_a_choice_is_about_what_was_shown_and_it_goes_on_waiting() {
    String id = conflict();
    anna.edit("UPDATE quotes SET name='annas second' WHERE quoteId='Q1'");
    anna.syncWell();
    at(anna).resolve(id, Side.REMOTE);
    anna.syncWell();
    assertThat(ben.sync().status()).isEqualTo("partial");
    assertThat(q1(ben)).isEqualTo("bens");
    at(ben).resolve(open(ben), Side.LOCAL);
    fleet.settle().assertSame();
    assertThat(q1(anna)).isEqualTo("bens");
  }

  @Test
  void a_choice_that_meets_an_edit_made_after_it_loses_nothing() {
    String id = conflict();
    at(cara).resolve(id, Side.REMOTE);
    cara.syncWell();
    ben.edit("UPDATE quotes SET name='bens second' WHERE quoteId='Q1'");
    ben.sync();
    assertThat(q1(ben)).isEqualTo("bens second");
    at(ben).resolve(open(ben), Side.LOCAL);
    fleet.settle().assertSame();
    assertThat(q1(anna)).isEqualTo("bens second");
  }

  @Test
  void an_open_conflict_elsewhere_is_not_closed_by_a_later_edit_of_the_row() {
    String id = conflict();
    anna.edit("UPDATE quotes SET name='annas second' WHERE quoteId='Q1'");
    anna.syncWell();
    cara.syncWell();
    assertThat(cara.db().value("SELECT resolved FROM sync_conflicts WHERE id=?", id))
        .isEqualTo("0");
  }

  @Test
  void an_edit_against_a_delete_waits_too_and_either_can_be_kept() {
    anna.edit("DELETE FROM quotes WHERE quoteId='Q1'");
    anna.syncWell();
    ben.edit("UPDATE quotes SET name='bens' WHERE quoteId='Q1'");
    ben.sync();
    at(ben).resolve(open(ben), Side.LOCAL);
    fleet.settle().assertSame();
    assertThat(q1(anna)).isEqualTo("bens");
  }

  @Test
  void an_unknown_or_settled_conflict_is_refused_with_a_hint() {
    assertThatThrownBy(() -> at(ben).resolve("nonsense", Side.LOCAL))
        .isInstanceOf(Failure.class)
        .satisfies(e -> assertThat(((Failure) e).exitCode()).isEqualTo(1))
        .satisfies(e -> assertThat(((Failure) e).hint()).isNotEmpty());
    String id = conflict();
    at(ben).resolve(id, Side.LOCAL);
    assertThatThrownBy(() -> at(ben).resolve(id, Side.REMOTE))
        .hasMessageContaining("settled already");
    assertThatThrownBy(() -> at(anna).restore(id)).hasMessageContaining("still open");
  }

  // ---- UNIQUE values

  private String uniqueConflict() {
    anna.edit("INSERT INTO numbers(number, name) VALUES('N7','annas')");
    anna.syncWell();
    ben.edit(
        "INSERT INTO numbers(id, number, name) VALUES(50,'N7','bens')",
        "INSERT INTO items(itemId, numberId) VALUES('I1', 50)");
    ben.sync();
    cara.syncWell();
    anna.syncWell();
    return open(ben);
  }

  private String numbers(Workstation workstation) {
    return String.join(
        ",", workstation.db().rows("SELECT number||'='||name FROM numbers ORDER BY 1"));
  }

  @Test
  void of_two_rows_with_one_unique_value_the_local_one_can_be_kept() {
    String id = uniqueConflict();
    at(ben).resolve(id, Side.LOCAL);
    fleet.settle().assertSame();
    assertThat(numbers(anna)).isEqualTo("N7=bens");
    assertThat(anna.db().value("SELECT count(*) FROM items")).isEqualTo("1");
    anna.edit(
        "UPDATE numbers SET number='N8'", "INSERT INTO numbers(number, name) VALUES('N7','new')");
    assertThatThrownBy(() -> at(anna).restore(id, Version.LOCAL, null))
        .hasMessageContaining("did not lose");
  }

  @Test
  void of_two_rows_with_one_unique_value_the_remote_one_can_be_kept_from_elsewhere() {
    String id = uniqueConflict();
    at(cara).resolve(id, Side.REMOTE);
    cara.syncWell();
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(numbers(ben)).isEqualTo("N7=annas");
    assertThat(ben.db().value("SELECT count(*) FROM items")).isEqualTo("0");
    at(anna).restore(id);
    fleet.settle().assertSame();
    assertThat(numbers(cara)).isEqualTo("N7=bens");
    assertThat(cara.db().value("SELECT itemId FROM items")).isEqualTo("I1");
  }

  @Test
  void of_two_rows_the_chosen_one_comes_back_with_its_children_though_its_file_is_lost() {
    String id = uniqueConflict();
    ben.loseLocalDatabase();
    cara.edit("INSERT INTO numbers(id, number, name) VALUES(50,'N9','has its id by now')");
    at(cara).resolve(id, Side.LOCAL);
    fleet.settle().assertSame();
    assertThat(numbers(anna)).isEqualTo("N7=annas,N9=has its id by now");

    at(cara).restore(id, Version.LOCAL, null);

    fleet.settle().assertSame();
    assertThat(numbers(anna)).isEqualTo("N7=bens,N9=has its id by now");
    assertThat(anna.db().value("SELECT name FROM items JOIN numbers ON numberId=id"))
        .isEqualTo("bens");
    String swapped = anna.db().value("SELECT id FROM sync_conflicts WHERE id<>?", id);
    at(anna).restore(swapped);
    fleet.settle().assertSame();
    assertThat(numbers(cara)).isEqualTo("N7=annas,N9=has its id by now");
  }

  /** That workstation was only late: the two are told apart once more, by a person. */
  @Test
  void who_brings_back_what_still_waits_elsewhere_loses_nothing() {
    String id = uniqueConflict();
    at(cara).resolve(id, Side.LOCAL);
    at(cara).restore(id, Version.LOCAL, null);
    cara.syncWell();
    fleet.settle();
    ben.db()
        .rows("SELECT id FROM sync_conflicts WHERE resolved=0")
        .forEach(open -> at(ben).resolve(open, Side.REMOTE));
    fleet.settle().assertSame();
    assertThat(numbers(anna)).isEqualTo("N7=bens");
    assertThat(anna.db().value("SELECT count(*) FROM items")).isEqualTo("1");
  }

  @Test
  void a_child_added_after_the_choice_goes_into_the_conflict_with_its_parent() {
    String id = uniqueConflict();
    at(ben).resolve(id, Side.REMOTE);
    ben.edit("INSERT INTO items(itemId, numberId) VALUES('I2', 50)");
    fleet.settle().assertSame();
    assertThat(ben.db().value("SELECT count(*) FROM items")).isEqualTo("0");
    at(ben).restore(id);
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT itemId FROM items ORDER BY 1")).containsExactly("I1", "I2");
  }

  @Test
  void another_value_for_the_local_row_leaves_both() {
    String id = uniqueConflict();
    assertThatThrownBy(() -> at(ben).resolve(id, Row.of(Map.of("name", "still N7"))))
        .hasMessageContaining("UNIQUE");
    at(ben).resolve(id, Row.of(Map.of("number", "N8")));
    fleet.settle().assertSame();
    assertThat(numbers(anna)).isEqualTo("N7=annas,N8=bens");
    assertThat(open(anna)).isEqualTo("nothing");
  }
}
