package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.share.Patience;
import tidemark.share.ShareFiles;
import tidemark.testing.Fleet;
import tidemark.testing.Saboteur;
import tidemark.testing.SettablePace;
import tidemark.testing.Wait;
import tidemark.testing.Workstation;

/**
 * An operation on the share that does not return: the run gives up, and what happens late does no
 * harm.
 */
@Timeout(300)
class HangingShareTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path folder;

  /** Hangs in one operation until it is let go. */
  private static final class Hang implements ShareFiles.Tap {
    private final int point;
    private final SettablePace pace;
    private final CountDownLatch back = new CountDownLatch(1);
    private final AtomicInteger points = new AtomicInteger();
    private volatile boolean hung;

    Hang(int point, SettablePace pace) {
      this.point = point;
      this.pace = pace;
    }

    @Override
    public void before(ShareFiles.Operation operation, Path path) {
      pass();
    }

    @Override
    public void after(ShareFiles.Operation operation, Path path) {
      pass();
    }

    private void pass() {
      if (points.getAndIncrement() == point) {
        hung = true;
        pace.pass(LIMIT);
        try {
          back.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /**
   * One course of events: two workstations, one of which meets the hang in a run with all in it.
   */
  private final class Office {
    final SettablePace pace = new SettablePace();
    final Fleet fleet;
    final Workstation anna;
    final Workstation ben;

    Office(String name) {
      fleet = new Fleet(folder.resolve(name));
      anna = fleet.workstation("anna");
      ben = fleet.workstation("ben");
      fleet.all().forEach(w -> w.pace = pace);
      anna.edit(
          "CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT)",
          "INSERT INTO notes VALUES('n1','one'),('n2','two'),('n3','three')");
      fleet.comeToRest(pace);
      ben.edit(
          "UPDATE notes SET text='ben' WHERE id='n1'",
          "INSERT INTO notes(id, text) VALUES('b','ben')");
      ben.syncWell();
      anna.edit(
          "UPDATE notes SET text='anna' WHERE id='n2'",
          "DELETE FROM notes WHERE id='n3'",
          "INSERT INTO notes(id, text) VALUES('a','anna')");
    }

    /** The share hangs at this point and comes back once the others went on. */
    Hang hangAt(int point) {
      Hang hang = new Hang(point, pace);
      anna.tap = hang;
      anna.patience = new Patience(LIMIT, pace);
      DatabaseSync.Outcome outcome = anna.sync();
      assertThat(hang.hung).as("hangs at " + point).isTrue();
      assertThat(anna.patience.hangs()).isTrue();
      assertThat(outcome.exitCode()).isIn(0, Failure.OFFLINE);
      assertThat(anna.db().value("SELECT status FROM sync_log ORDER BY id DESC LIMIT 1"))
          .isEqualTo(outcome.failure() == null ? "success" : "offline");
      return hang;
    }

    void letGo(Hang hang) {
      hang.back.countDown();
      Wait.until("the hang to end", () -> !anna.patience.hangs());
    }

    void check(String what) {
      fleet.all().forEach(Workstation::startDaemon); // whose leases run out
      fleet.comeToRest(pace);
      fleet.assertSame();
      assertThat(ben.db().rows("SELECT id, text FROM notes ORDER BY id"))
          .as(what)
          .containsExactly("a|anna", "b|ben", "n1|ben", "n2|anna later");
      assertThat(ben.conflicts()).as(what).isEmpty();
      assertThat(fleet.master().value("PRAGMA integrity_check")).as(what).isEqualTo("ok");
    }
  }

  private int points() {
    Office office = new Office("count");
    Saboteur counting = Saboteur.counting();
    office.anna.tap = counting;
    office.anna.syncWell();
    return counting.points();
  }

  @Tag("heavy")
  @Test
  void at_some_points_a_hang_makes_the_run_give_up_and_what_finishes_late_does_no_harm() {
    hangAtEvery(11);
  }

  @Test
  @Tag("heavy")
  void wherever_it_hangs_the_run_gives_up_and_what_finishes_late_does_no_harm() {
    hangAtEvery(1);
  }

  private void hangAtEvery(int step) {
    int points = points();
    for (int point = 0; point < points; point += step) {
      Office office = new Office("late-" + point);
      Hang hang = office.hangAt(point);
      Patience past = office.anna.patience;
      office.anna.tap = ShareFiles.Tap.NONE;
      office.anna.patience = new Patience(LIMIT, office.pace);
      office.anna.edit("UPDATE notes SET text='anna later' WHERE id='n2'");
      if (point % 2 == 0) { // others go on before it comes back, or after
        office.ben.sync();
        office.anna.sync();
      }
      office.anna.patience = past;
      office.letGo(hang);
      office.anna.patience = new Patience(LIMIT, office.pace);
      office.check("hung at " + point);
    }
  }

  @Test
  void while_it_hangs_the_next_run_is_refused_at_once_and_the_local_file_is_free()
      throws Exception {
    Office office = new Office("office");
    Hang hang = office.hangAt(0);
    Saboteur counting = Saboteur.counting();
    office.anna.tap = counting;

    DatabaseSync.Outcome next = office.anna.sync();

    assertThat(next.exitCode()).isEqualTo(Failure.OFFLINE);
    assertThat(next.failure().whatFailed()).contains("the share does not answer");
    assertThat(counting.points()).isZero();
    try (Connection application = office.anna.db().connect();
        Statement statement = application.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      statement.execute("ROLLBACK");
    }
    office.letGo(hang);
    office.anna.edit("UPDATE notes SET text='anna later' WHERE id='n2'");
    office.check("after it came back");
  }
}
