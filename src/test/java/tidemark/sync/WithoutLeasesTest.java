package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.testing.Fleet;
import tidemark.testing.History;
import tidemark.testing.SettablePace;
import tidemark.testing.Workstation;

/**
 * Neither the ledger nor the workstations rest on a lease: where everybody has one of his own, so
 * that none keeps anybody from anything, nothing is lost and all converge.
 */
@Timeout(300)
class WithoutLeasesTest {
  private static final Logger LOG = LoggerFactory.getLogger(WithoutLeasesTest.class);

  @TempDir Path folder;

  @Test
  void random_histories_lose_nothing_and_converge() throws IOException {
    histories(System.nanoTime() % 1_000_000_000, 3);
  }

  @Test
  @Tag("heavy")
  void many_random_histories_lose_nothing_and_converge() throws IOException {
    histories(System.nanoTime() % 1_000_000_000, 20);
  }

  private void histories(long first, int count) throws IOException {
    long seed = Long.getLong("seed", first);
    LOG.info("histories without leases from seed {} on", seed);
    for (int i = 0; i < (Long.getLong("seed") == null ? count : 1); i++) {
      Path here = folder.resolve("history-" + i);
      History history = new History(here, seed + i).withoutLeases();
      try {
        history.live(25).comeToRest().check();
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + (seed + i) + ": " + e + "\n" + history.story(), e);
      }
      FileUtils.deleteDirectory(here.toFile());
    }
  }

  @Test
  void five_at_once_append_and_fold_as_they_like_and_nothing_is_lost() throws Exception {
    rush(5, 6);
  }

  @Test
  @Tag("heavy")
  void eight_at_once_for_longer_lose_nothing_either() throws Exception {
    rush(8, 25);
  }

  private void rush(int many, int rounds) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime() % 1_000_000_000);
    LOG.info("a rush without leases, seed {}", seed);
    Fleet fleet = new Fleet(folder.resolve("rush"));
    Workstation first = fleet.workstation("w0");
    first.edit(
        "CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT)",
        "CREATE TABLE quotes(id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT)",
        "INSERT INTO notes VALUES('shared','0')");
    for (int i = 1; i < many; i++) {
      fleet.workstation("w" + i);
    }
    fleet.all().forEach(w -> w.leases = false);
    fleet.settle();
    ExecutorService threads = Executors.newFixedThreadPool(many);
    List<Future<?>> running = new ArrayList<>();
    for (Workstation workstation : fleet.all()) {
      Random random = new Random(seed + running.size());
      running.add(threads.submit(() -> work(workstation, random, rounds)));
    }
    for (Future<?> run : running) {
      run.get();
    }
    threads.shutdown();

    fleet.comeToRest(new SettablePace()).assertSame();
    assertThat(first.db().value("SELECT count(*) FROM notes")).isEqualTo("" + (many * rounds + 1));
    assertThat(first.db().value("SELECT count(DISTINCT title) FROM quotes"))
        .isEqualTo("" + many * rounds);
    assertThat(first.db().value("SELECT count(*) FROM quotes")).isEqualTo("" + many * rounds);
    assertThat(fleet.master().value("PRAGMA integrity_check")).isEqualTo("ok");
  }

  private static void work(Workstation workstation, Random random, int rounds) {
    for (int round = 0; round < rounds; round++) {
      String mine = workstation.name() + "-" + round;
      workstation.edit(
          "INSERT INTO notes(id, text) VALUES('" + mine + "','" + random.nextInt() + "')",
          "INSERT INTO quotes(title) VALUES('" + mine + "')",
          "UPDATE notes SET text='" + mine + "' WHERE id='shared'");
      DatabaseSync.Outcome outcome = workstation.sync();
      if (outcome.failure() != null && outcome.exitCode() != Failure.BUSY) {
        throw new AssertionError(workstation.name() + ": " + outcome.failure(), outcome.failure());
      }
    }
  }
}
