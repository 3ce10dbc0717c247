package tidemark.catchup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tidemark.change.Change;
import tidemark.change.Conflict;
import tidemark.change.Definition;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.ledger.Draft;

/** A run that gets nowhere ends, instead of filling the ledger. */
class PostingsTest {
  private final Postings postings = new Postings();

  private static Draft edit(String key, String token) {
    Row row = Row.of(Map.of("id", key));
    return new Draft(
        List.of(),
        List.of(new Change("t", RowKey.of(key), row, 1, "anna", true, token, token)),
        List.of());
  }

  private static Draft conflict(long timestamp, String localToken) {
    return new Draft(
        List.of(),
        List.of(),
        List.of(
            new Conflict(
                "c",
                timestamp,
                "t",
                "[\"k\"]",
                "update",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                "PC-anna",
                false,
                null,
                null,
                null,
                localToken,
                2,
                null)));
  }

  private void post(Draft draft) {
    postings.requireProgress(draft);
    postings.add(draft);
  }

  private void assertEnds(Draft draft) {
    assertThatThrownBy(() -> postings.requireProgress(draft))
        .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.exitCode()).isOne())
        .hasMessageContaining("was posted but is still pending");
  }

  @Test
  void what_others_were_first_with_may_be_offered_again() {
    postings.requireProgress(edit("k", "one"));
    postings.requireProgress(edit("k", "one"));
  }

  @Test
  void an_edit_that_stays_pending_ends_the_run_though_others_came_between() {
    post(edit("k", "one"));
    post(edit("l", "two"));
    post(edit("k", "later"));
    assertEnds(edit("k", "later"));
  }

  @Test
  void so_does_an_open_conflict_that_is_told_again_with_another_time() {
    post(conflict(1, "one"));
    post(conflict(2, "two")); // about another version
    assertEnds(conflict(3, "two"));
  }

  @Test
  void so_does_a_row_that_is_marked_anew_each_time() {
    for (int i = 0; i < 100; i++) {
      post(edit("k", "token" + i));
    }
    assertEnds(edit("k", "yet another"));
  }

  @Test
  void who_edits_all_the_time_is_followed_for_a_while_and_then_left_to_the_next_run() {
    int posts = 0;
    for (Draft next = edit("k0", "t0"); !postings.areEnough(next, () -> 40); posts++) {
      postings.add(next);
      next = edit("k" + posts, "t" + posts);
    }
    assertThat(posts).as("what was pending, and ten more").isEqualTo(50);
  }

  @Test
  void a_definition_that_is_to_be_told_again_and_again_ends_the_run() {
    Definition whole =
        new Definition("t", "", List.of("CREATE TABLE t(id)"), List.of("id"), List.of("id"), 2)
            .whole(true);
    Draft told = new Draft(List.of(whole), List.of(), List.of());
    post(new Draft(List.of(whole.whole(false)), List.of(), List.of()));
    post(told);
    assertEnds(told);
  }
}
