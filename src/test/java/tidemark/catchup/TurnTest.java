package tidemark.catchup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.share.Pace;
import tidemark.share.ShareFiles;
import tidemark.sync.DatabaseSync;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/** A slow workstation among quick ones gets its turn to append. */
@Timeout(60)
class TurnTest {
  @TempDir Path folder;

  /** Others are quick enough to append between anna's look at the ledger and her own append. */
  private final class QuickOnes implements ShareFiles.Tap {
    private final Fleet fleet;
    private final CountDownLatch inLine = new CountDownLatch(1);
    private int appends;
    private CompletableFuture<DatabaseSync.Outcome> last = new CompletableFuture<>();

    QuickOnes(Fleet fleet) {
      this.fleet = fleet;
    }

    @Override
    public void before(ShareFiles.Operation operation, Path path) {
      if (operation != ShareFiles.Operation.MOVE || !path.toString().contains("entries")) {
        return;
      }
      Workstation quick = fleet.workstation("quick" + ++appends);
      quick.syncWell();
      quick.edit("INSERT INTO notes(id) VALUES('quick" + appends + "')");
      if (appends <= 2) {
        quick.syncWell();
        return;
      }
      quick.pace = new InLine();
      last = CompletableFuture.supplyAsync(quick::sync);
      try {
        inLine.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Tells when somebody waits. */
    private final class InLine implements Pace {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public void pause(long millis) {
        inLine.countDown();
        Thread.yield();
      }
    }
  }

  @Test
  void who_was_beaten_twice_stands_in_line_and_the_quick_ones_let_it_go_first() throws Exception {
    Fleet fleet = new Fleet(folder);
    Workstation anna = fleet.workstation("anna");
    anna.edit("CREATE TABLE notes(id TEXT PRIMARY KEY)");
    anna.syncWell();
    anna.edit("INSERT INTO notes(id) VALUES('annas')");
    QuickOnes quick = new QuickOnes(fleet);
    anna.tap = quick;

    anna.syncWell();

    anna.tap = ShareFiles.Tap.NONE;
    assertThat(quick.appends).isEqualTo(3);
    assertThat(quick.last.get().success()).isTrue();
    fleet.settle().assertSame();
    assertThat(anna.db().rows("SELECT id FROM notes ORDER BY id"))
        .containsExactly("annas", "quick1", "quick2", "quick3");
    assertThat(fleet.share().resolve("server.db-ledger/append/lease")).doesNotExist();
  }
}
