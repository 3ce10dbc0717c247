package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.ledger.Author;
import tidemark.ledger.KeptEntries;
import tidemark.ledger.Lease;
import tidemark.ledger.folder.ShareLedger;
import tidemark.say.SyncWish;
import tidemark.share.Bandwidth;
import tidemark.share.Pace;
import tidemark.share.Patience;
import tidemark.share.ShareFiles;
import tidemark.testing.Database;
import tidemark.testing.Wait;

/** The right to bring the master up to date, left behind by a workstation that was killed. */
@Timeout(60)
class LeftLeaseTest {
  @TempDir Path folder;

  @Test
  void the_daemon_sees_over_several_runs_that_its_owner_is_dead() {
    try (Kept anna = new Kept(folder, "anna", "every: 24h\nleaseTimeout: 1s")) {
      anna.local().execute("CREATE TABLE notes(id TEXT PRIMARY KEY)");
      anna.keeper.due();
      assertThat(killed().foldLease().tryAcquire()).isPresent();
      anna.local().execute("INSERT INTO notes(id) VALUES('n1')");

      Database master = new Database(folder.resolve("share/server.db"));
      AtomicInteger runs = new AtomicInteger();
      Wait.until(
          "the heir",
          () -> {
            anna.keeper.due();
            runs.incrementAndGet();
            return !master.rows("SELECT id FROM notes").isEmpty();
          });

      assertThat(runs.get()).as("it was taken for dead neither at once nor never").isGreaterThan(1);
    }
  }

  @Test
  void processes_that_run_once_see_it_together_and_the_master_goes_on() {
    try (Kept anna = new Kept(folder, "anna", "every: 24h\nleaseTimeout: 1s")) {
      anna.local().execute("CREATE TABLE notes(id TEXT PRIMARY KEY)");
      sync(anna);
      assertThat(killed().foldLease().tryAcquire()).isPresent();
      anna.local().execute("INSERT INTO notes(id) VALUES('n1')");
      sync(anna);
      assertThat(anna.master().rows("SELECT id FROM notes")).as("not at once").isEmpty();

      Wait.until(
          "the heir",
          () -> {
            sync(anna);
            return !anna.master().rows("SELECT id FROM notes").isEmpty();
          });
    }
  }

  /** By a process that begins and ends with it. */
  private static void sync(Kept one) {
    one.workstation().sync(SyncWish.ALL, "manual", (name, settled) -> {});
  }

  @Test
  void a_master_that_stays_behind_is_no_green_tick() {
    try (Kept anna = new Kept(folder, "anna", "every: 24h\nleaseTimeout: 30s")) {
      anna.local().execute("CREATE TABLE notes(id TEXT PRIMARY KEY)");
      sync(anna);
      Lease.Held dead = killed().foldLease().tryAcquire().orElseThrow();
      anna.local().execute("INSERT INTO notes(id) VALUES('n1')");
      sync(anna);
      assertThat(state(anna)).isEqualTo("connected");

      anna.clock.setError(Duration.ofSeconds(40));
      assertThat(state(anna)).isEqualTo("attention");

      dead.close();
      sync(anna);
      assertThat(state(anna)).isEqualTo("connected");
    }
  }

  private static String state(Kept one) {
    return one.workstation().databases().get(0).standing().tell(false).state();
  }

  private ShareLedger killed() {
    ShareFiles share =
        new ShareFiles(
            ShareFiles.Tap.NONE, Pace.REAL, new Bandwidth(OptionalLong.empty()), Patience.ENDLESS);
    return new ShareLedger(
        folder.resolve("share/server.db"),
        new KeptEntries(folder.resolve("kept")),
        new Author("ben", "PC-ben", "ben"),
        Duration.ofSeconds(1),
        Clock.systemUTC(),
        share);
  }
}
