package tidemark.sync;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.testing.Breaks;
import tidemark.testing.QuickFolder;
import tidemark.testing.Saboteur.Blow;
import tidemark.testing.Scenario;

/**
 * The share tells a run something that is not so, then further edits, then a re-run: the same rows
 * and conflicts as if nothing had happened.
 */
@Tag("heavy")
class DeceivingShareTest {
  private static final int SAMPLE = 4;

  @TempDir(factory = QuickFolder.class)
  Path folder;

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void a_file_of_which_half_was_written_equals_none(Scenario scenario) {
    new Breaks(scenario, folder).everywhere(Blow.TORN, SAMPLE);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void a_file_that_is_there_but_not_found_equals_none(Scenario scenario) {
    new Breaks(scenario, folder).everywhere(Blow.MISSING, SAMPLE);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void a_listing_that_is_too_old_equals_none(Scenario scenario) {
    new Breaks(scenario, folder).everywhere(Blow.STALE, SAMPLE);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void an_operation_sent_twice_of_which_only_the_second_is_answered_equals_none(Scenario scenario) {
    new Breaks(scenario, folder).everywhere(Blow.RETRIED, SAMPLE);
  }
}
