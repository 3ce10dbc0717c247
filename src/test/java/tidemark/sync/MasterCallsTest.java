package tidemark.sync;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.testing.Breaks;
import tidemark.testing.QuickFolder;
import tidemark.testing.Scenario;
import tidemark.testing.Strace;

/**
 * The system fails SQLite at any one of its calls for the master: the run of the workstation is a
 * success all the same, or offline, and after a re-run all databases equal those of an unbroken
 * run, the master whole.
 */
@Tag("strace")
class MasterCallsTest {
  @TempDir(factory = QuickFolder.class)
  Path folder;

  @BeforeEach
  void requireStrace() {
    Strace.require();
  }

  @ParameterizedTest
  @CsvSource({
    "EIO, 'pread64,pwrite64,fsync,fdatasync,ftruncate,openat,unlink'",
    "ENOSPC, 'pwrite64,fsync,fdatasync,ftruncate,openat'",
    "EACCES, 'openat,unlink'"
  })
  void a_call_that_fails_equals_none(String error, String names) throws Exception {
    new Breaks(Scenario.A_BUSY_DAY, folder).injectEverywhere(names, "error=" + error, false, 1, 16);
  }
}
