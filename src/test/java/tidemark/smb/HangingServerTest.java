package tidemark.smb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.share.ShareFiles;
import tidemark.sync.DatabaseSync;
import tidemark.testing.AtOperation;
import tidemark.testing.Workstation;

/** A server that hangs, dies or comes back in the middle of a run. */
@SmbTest
class HangingServerTest {
  private static final int STEP = 11;

  @TempDir Path folder;
  private final ExecutorService daemon = Executors.newSingleThreadExecutor();
  private Office office;
  private Workstation anna;
  private Workstation ben;

  @BeforeEach
  void aServerAndTwoWorkstations() throws Exception {
    office = new Office(folder);
    anna = office.workstation("anna");
    ben = office.workstation("ben");
    anna.edit("CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT)");
    anna.edit("INSERT INTO notes VALUES('of anna','start'),('of ben','start')");
    office.comeToRest();
  }

  @AfterEach
  void closeTheOffice() throws Exception {
    daemon.shutdownNow();
    office.close();
  }

  private void bothEdit(String word) {
    anna.edit("UPDATE notes SET text='" + word + "' WHERE id='of anna'");
    ben.edit("UPDATE notes SET text='" + word + "' WHERE id='of ben'");
    ben.syncWell();
  }

  private void everybodyHas(String word) {
    office.pace().pass(java.time.Duration.ofSeconds(20));
    anna.syncWell();
    ben.syncWell();
    for (Workstation workstation : office.fleet().all()) {
      assertThat(workstation.db().rows("SELECT text FROM notes"))
          .as(workstation.name() + " after " + word)
          .containsExactly(word, word);
      assertThat(workstation.conflicts()).isEmpty();
    }
  }

  @Test
  void a_run_waits_for_a_server_that_hangs_and_goes_on_with_it() throws Exception {
    AtOperation hang;
    int point = 0;
    do {
      String word = "point " + point;
      CountDownLatch hanging = new CountDownLatch(1);
      hang =
          new AtOperation(
              point,
              () -> {
                office.server().stop();
                hanging.countDown();
              });
      bothEdit(word);
      anna.tap = hang;
      Future<DatabaseSync.Outcome> run = daemon.submit(() -> anna.sync());
      if (hanging.await(5, TimeUnit.SECONDS)) {
        assertThat(waits(run) || hang.wasLast()).as("waits at point " + point).isTrue();
        assertThat(anna.db().rows("SELECT text FROM notes WHERE id='of anna'"))
            .containsExactly(word);
        anna.edit("UPDATE notes SET text=text WHERE id='of anna'"); // nothing local is locked
        office.server().cont();
      }
      assertThat(run.get().exitCode()).as(word).isIn(0, Failure.OFFLINE, Failure.BUSY);
      anna.tap = ShareFiles.Tap.NONE;
      everybodyHas(word);
      point += STEP;
    } while (hang.done());
    office.comeToRest();
  }

  private static boolean waits(Future<DatabaseSync.Outcome> run) throws Exception {
    try {
      run.get(200, TimeUnit.MILLISECONDS);
      return false;
    } catch (TimeoutException e) {
      return true;
    }
  }

  @Test
  void a_run_whose_server_hangs_too_long_ends_offline_and_its_edits_stay_pending()
      throws Exception {
    bothEdit("before");
    anna.tap = new AtOperation(20, office.server()::stop);
    DatabaseSync.Outcome outcome = anna.sync();
    assertThat(outcome.exitCode()).isEqualTo(Failure.OFFLINE);
    office.server().cont();
    anna.tap = ShareFiles.Tap.NONE;
    everybodyHas("before");
    office.comeToRest();
  }

  @Test
  void a_server_that_dies_at_any_operation_and_is_started_again_loses_nothing() throws Exception {
    AtOperation death;
    int point = 3;
    do {
      String word = "point " + point;
      death = new AtOperation(point, office.server()::kill);
      bothEdit(word);
      anna.tap = death;
      DatabaseSync.Outcome outcome = anna.sync();
      assertThat(outcome.exitCode()).as(word).isIn(0, Failure.OFFLINE, Failure.BUSY);
      anna.tap = ShareFiles.Tap.NONE;
      if (death.done()) {
        office.server().startAgain();
      }
      everybodyHas(word);
      point += STEP;
    } while (death.done());
    office.comeToRest();
  }
}
