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
 * From any operation of a run on the share is cut off, gone or full, then further edits, then a
 * re-run: the same rows and conflicts as if nothing had happened.
 */
@Tag("heavy")
class LostShareTest {
  private static final int SAMPLE = 6;

  @TempDir(factory = QuickFolder.class)
  Path folder;

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void a_cable_pulled_in_the_middle_equals_none(Scenario scenario) {
    new Breaks(scenario, folder).everywhere(Blow.CUT, SAMPLE);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void a_share_that_is_gone_in_the_middle_equals_none(Scenario scenario) {
    new Breaks(scenario, folder).everywhere(Blow.VANISH, SAMPLE);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void a_disk_that_is_full_in_the_middle_equals_none(Scenario scenario) {
    new Breaks(scenario, folder).everywhere(Blow.FULL, SAMPLE);
  }
}
