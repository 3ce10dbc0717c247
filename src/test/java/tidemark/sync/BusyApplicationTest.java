package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.testing.BusyApplication;
import tidemark.testing.Fleet;
import tidemark.testing.Ledgers;
import tidemark.testing.RandomSchema;
import tidemark.testing.Workstation;

@Tag("heavy")
class BusyApplicationTest {
  private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
  private static final int ROUNDS = 20;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void an_application_that_writes_all_the_time_loses_no_edit_and_never_waits_long(String journal)
      throws Exception {
    Fleet fleet = new Fleet(folder);
    Workstation anna = fleet.workstation("anna");
    Workstation ben = fleet.workstation("ben");
    anna.edit("CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT)");
    anna.edit("INSERT INTO notes(id,text) VALUES('r0','word000001'),('r1','word000002')");
    fleet.settle();
    BusyApplication.Report report;
    Set<String> benWrote = new TreeSet<>();
    try (BusyApplication application = BusyApplication.start(anna.db(), journal)) {
      for (int round = 0; round < ROUNDS; round++) {
        String word = String.format("word%06d", 100_000 + round);
        benWrote.add(word);
        ben.edit(
            "INSERT OR REPLACE INTO notes(id,text) VALUES('r" + round % 5 + "','" + word + "')");
        ben.syncWell();
        anna.syncWell();
      }
      report = application.stop();
    }
    fleet.settle().assertSame();
    Set<String> found = Ledgers.words(fleet.share());
    found.addAll(RandomSchema.words(anna.conflicts().toString()));
    assertThat(report.toBeFound()).isNotEmpty();
    assertThat(found).containsAll(report.toBeFound()).containsAll(benWrote);
    LOG.info(
        "{}: {} commits of the application, the longest took {} ms",
        journal,
        report.commits(),
        report.worstWaitMillis());
    assertThat(report.worstWaitMillis()).isLessThan(BusyApplication.BUSY_TIMEOUT);
  }
}
