package tidemark.upkeep.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Once per finding, not every hour. */
class HealthChangeTest {
  private HealthRecord record = new HealthRecord();

  private List<String> told(Finding... findings) {
    List<String> told =
        HealthChange.of(record, List.of(findings)).stream()
            .map(news -> news.kind().word() + " " + news.finding().id())
            .toList();
    record = HealthRecord.parse(record.text()); // as from one look to the next
    return told;
  }

  private static Finding warning(String check) {
    return Finding.warning(check, "what", "todo");
  }

  @Test
  void a_finding_is_told_once_and_that_it_is_over_once() {
    assertThat(told(warning("disk"))).containsExactly("found disk");
    assertThat(told(warning("disk"))).isEmpty();
    assertThat(told(Finding.well("disk", "80 GB free"))).containsExactly("well disk");
    assertThat(told(Finding.well("disk", "80 GB free"))).isEmpty();
    assertThat(told(warning("disk"))).containsExactly("found disk");
  }

  @Test
  void what_got_worse_is_told_again_what_got_better_is_not() {
    assertThat(told(warning("disk"))).containsExactly("found disk");
    assertThat(told(Finding.bad("disk", "full", "todo"))).containsExactly("worse disk");
    assertThat(told(warning("disk"))).isEmpty();
    assertThat(told(Finding.bad("disk", "full", "todo"))).isEmpty();
  }

  @Test
  void of_several_each_is_told_by_itself() {
    assertThat(told(warning("workstations").about("PC-1")))
        .containsExactly("found workstations/PC-1");
    assertThat(told(warning("workstations").about("PC-1"), warning("workstations").about("PC-2")))
        .containsExactly("found workstations/PC-2");
    assertThat(told(warning("workstations").about("PC-2")))
        .containsExactly("well workstations/PC-1");
  }

  @Test
  void what_may_pass_is_told_when_it_was_seen_twice_in_a_row() {
    assertThat(told(warning("share").passing())).isEmpty();
    assertThat(told(Finding.well("share", "there"))).isEmpty();
    assertThat(told(warning("share").passing())).isEmpty();
    assertThat(told(warning("share").passing())).containsExactly("found share");
  }

  @Test
  void a_check_that_was_not_made_says_nothing_about_what_it_found() {
    assertThat(told(warning("backup"))).containsExactly("found backup");
    assertThat(told()).isEmpty();
    assertThat(told(warning("workstations").about("PC-1")))
        .containsExactly("found workstations/PC-1");
    assertThat(told(warning("workstations"))).containsExactly("found workstations");
    assertThat(told(Finding.well("workstations", "2, none silent")))
        .containsExactlyInAnyOrder("well workstations", "well workstations/PC-1");
  }

  @Test
  void notes_are_nobodys_business() {
    assertThat(told(Finding.note("indexes", "none", "todo"))).isEmpty();
  }
}
