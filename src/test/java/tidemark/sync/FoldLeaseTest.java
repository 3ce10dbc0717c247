package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.share.ShareFiles;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/** Whoever lost the fold lease, for hanging too long or by IT's hand, leaves the master alone. */
class FoldLeaseTest {
  @TempDir Path folder;

  @Tag("heavy")
  @Test
  void who_loses_the_lease_after_any_operation_of_its_fold_commits_nothing_more_to_the_master()
      throws IOException {
    for (int point = 0; ; point++) {
      Fleet fleet = new Fleet(folder.resolve("at-" + point));
      Workstation anna = fleet.workstation("anna");
      anna.edit("CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT)");
      anna.syncWell();
      Workstation ben = fleet.workstation("ben");
      anna.edit("INSERT INTO notes(id, text) VALUES('a','anna')");
      Robber robber = new Robber(fleet, point);
      anna.tap = robber;

      DatabaseSync.Outcome outcome = anna.sync();

      anna.tap = ShareFiles.Tap.NONE;
      if (robber.before == null) {
        assertThat(point).as("operations of a fold").isGreaterThan(5);
        return;
      }
      assertThat(outcome.success()).isTrue();
      assertThat(Files.readAllBytes(fleet.master().file()))
          .as("robbed after operation " + point)
          .isEqualTo(robber.before);
      ben.syncWell();
      fleet.settle().assertSame();
    }
  }

  /** Takes the lease away after the given operation that was made while it was held. */
  private static final class Robber implements ShareFiles.Tap {
    private final Fleet fleet;
    private final int point;
    private int passed;
    private byte[] before;

    Robber(Fleet fleet, int point) {
      this.fleet = fleet;
      this.point = point;
    }

    @Override
    public void after(ShareFiles.Operation operation, Path path) throws IOException {
      Path lease = fleet.share().resolve("server.db-ledger/fold/lease");
      byte[] now = Files.readAllBytes(fleet.master().file());
      boolean permitted =
          operation == ShareFiles.Operation.READ && path.startsWith(lease); // the last look
      if (before == null && Files.exists(lease) && !permitted && passed++ == point) {
        before = now;
        fleet.all().get(1).ledger().foldLease().breakIt();
      }
    }
  }
}
