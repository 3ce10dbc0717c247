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
 * Any one operation on the share fails or is denied, then further edits, then a re-run: the same
 * rows and conflicts as if nothing had happened.
 */
@Tag("heavy")
class FailingShareTest {
  private static final int SAMPLE = 6;

  @TempDir(factory = QuickFolder.class)
  Path folder;

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void an_operation_that_fails_or_only_seems_to_fail_equals_none(Scenario scenario) {
    new Breaks(scenario, folder).everywhere(Blow.FAIL, SAMPLE);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void access_denied_once_equals_none(Scenario scenario) {
    new Breaks(scenario, folder).everywhere(Blow.DENY, SAMPLE);
  }
}
