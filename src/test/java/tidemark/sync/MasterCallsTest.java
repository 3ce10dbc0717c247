package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.testing.Afterwards;
import tidemark.testing.Breaks;
import tidemark.testing.Mortal;
import tidemark.testing.QuickFolder;
import tidemark.testing.Scenario;
import tidemark.testing.Story;
import tidemark.testing.Strace;

/**
 * The system fails SQLite at any one of its calls for the master, or at all from there on, or the
 * process dies there: the run of the workstation is a success all the same, or offline, and after a
 * re-run all databases equal those of an unbroken run, the master whole.
 */
@Tag("strace")
class MasterCallsTest {

  private static final int SAMPLE = Breaks.ALL ? 1 : 16;

  @TempDir(factory = QuickFolder.class)
  Path folder;

  @BeforeEach
  void requireStrace() {
    Assumptions.assumeTrue(
        Strace.possible(), "strace is not installed, or may not look at processes here");
  }

  @ParameterizedTest
  @CsvSource({
    "A_BUSY_DAY, EIO, 'pread64,pwrite64,fsync,fdatasync,ftruncate,openat,unlink'",
    "A_BUSY_DAY, ENOSPC, 'pwrite64,fsync,fdatasync,ftruncate,openat'",
    "A_BUSY_DAY, EACCES, 'openat,unlink'",
    "A_MASTER_IS_ADOPTED, EIO, 'pread64,pwrite64,fsync,fdatasync,ftruncate,openat,unlink'"
  })
  void a_call_that_fails_equals_none(Scenario scenario, String error, String names)
      throws Exception {
    breakEach(scenario, names, ":error=" + error + ":when=", "");
  }

  @ParameterizedTest
  @CsvSource({
    "A_BUSY_DAY, EIO, 'pread64,pwrite64,fsync,fdatasync,openat,unlink'",
    "A_BUSY_DAY, ENOSPC, 'pwrite64'"
  })
  void calls_that_fail_from_one_on_equal_none(Scenario scenario, String error, String names)
      throws Exception {
    breakEach(scenario, names, ":error=" + error + ":when=", "+");
  }

  private void breakEach(Scenario scenario, String names, String how, String onward)
      throws IOException {
    Breaks breaks = new Breaks(scenario, folder);
    Map<String, Integer> calls = breaks.calls(names);
    assertThat(calls).isNotEmpty();
    SoftAssertions each = new SoftAssertions();
    calls.forEach(
        (call, count) -> {
          for (int n = 1; n <= count; n += SAMPLE) {
            String injection = call + how + n + onward;
            Afterwards afterwards = Afterwards.next(n);
            each.check(() -> breaks.inject(injection, afterwards));
          }
        });
    each.assertAll();
  }

  @Test
  void a_process_killed_while_it_writes_the_master_equals_none() throws Exception {
    Breaks breaks = new Breaks(Scenario.A_BUSY_DAY, folder);
    Map<String, Integer> calls = breaks.calls("pwrite64,fsync,unlink");
    for (String call : calls.keySet()) {
      int step = call.equals("unlink") ? 1 : Breaks.ALL ? 4 : 60;
      for (int n = 2; n <= calls.get(call); n += step) {
        String injection = call + ":signal=KILL:when=" + n;
        Story broken = Story.begin(Scenario.A_BUSY_DAY, folder.resolve("killed"));
        boolean died = Mortal.syncKilledAt(injection, broken.masterFiles(), broken.home(), "anna");
        assertThat(died).as(injection).isTrue();
        breaks.check(broken, injection, Afterwards.next(n));
      }
    }
  }
}
