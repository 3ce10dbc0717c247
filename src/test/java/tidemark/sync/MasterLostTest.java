package tidemark.sync;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.testing.Breaks;
import tidemark.testing.QuickFolder;
import tidemark.testing.Scenario;
import tidemark.testing.Strace;

/**
 * From any of SQLite's calls for the master on all fail, or the process dies there, or the master
 * was only just to be adopted: the run of the workstation is a success all the same, or offline,
 * and after a re-run all databases equal those of an unbroken run, the master whole.
 */
@Tag("strace")
class MasterLostTest {
  @TempDir(factory = QuickFolder.class)
  Path folder;

  @BeforeEach
  void requireStrace() {
    Strace.require();
  }

  @ParameterizedTest
  @CsvSource({
    "EIO, 'pread64,pwrite64,fsync,fdatasync,openat,unlink'",
    "ENOSPC, 'pwrite64'",
  })
  void calls_that_fail_from_one_on_equal_none(String error, String names) throws Exception {
    new Breaks(Scenario.A_BUSY_DAY, folder).injectEverywhere(names, "error=" + error, true, 3, 40);
  }

  @Test
  void a_call_that_fails_while_a_master_is_adopted_equals_none() throws Exception {
    new Breaks(Scenario.A_MASTER_IS_ADOPTED, folder)
        .injectEverywhere("pread64,pwrite64,fsync,openat,unlink", "error=EIO", false, 3, 40);
  }

  @Test
  void a_process_killed_while_it_writes_the_master_equals_none() throws Exception {
    new Breaks(Scenario.A_BUSY_DAY, folder).killEverywhere("pwrite64,fsync,unlink", 4, 50);
  }
}
