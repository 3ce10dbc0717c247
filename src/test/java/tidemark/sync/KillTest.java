package tidemark.sync;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.testing.Afterwards;
import tidemark.testing.Breaks;
import tidemark.testing.Mortal;
import tidemark.testing.QuickFolder;
import tidemark.testing.Saboteur.Blow;
import tidemark.testing.Scenario;
import tidemark.testing.Story;

/**
 * A run that dies at any one point, then further edits, then a re-run: the same rows and conflicts
 * as if nothing had happened. Points lie before and after every operation on the share and every
 * local commit; each local commit has an operation on the share before and after it, or is followed
 * by the progress call.
 */
class KillTest {
  @TempDir(factory = QuickFolder.class)
  Path folder;

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void a_kill_at_some_points_and_further_edits_equal_no_kill(Scenario scenario) {
    Breaks breaks = new Breaks(scenario, folder);
    List<Integer> points = breaks.points(Blow.KILL);
    for (int i = 1; i < points.size(); i += points.size() / 3) {
      breaks.at(Blow.KILL, points.get(i), Afterwards.next(i));
    }
  }

  @Tag("heavy")
  @ParameterizedTest
  @EnumSource(Scenario.class)
  void a_kill_at_every_point_and_further_edits_equal_no_kill(Scenario scenario) {
    new Breaks(scenario, folder).everywhere(Blow.KILL, 2);
  }

  @Tag("heavy")
  @ParameterizedTest
  @EnumSource(
      value = Scenario.class,
      names = {"A_BUSY_DAY", "A_MASTER_IS_ADOPTED"})
  void a_process_that_really_dies_equals_no_kill(Scenario scenario) throws Exception {
    Breaks breaks = new Breaks(scenario, folder);
    int points = breaks.points(Blow.KILL).size();
    for (int point = 3; point < points; point += points / 5) {
      Story broken = Story.begin(scenario, folder.resolve("dead"));
      Mortal.sync(broken.home(), "anna", point);
      breaks.check(broken, "a dead process at " + point, Afterwards.CHANGE);
    }
  }
}
