package tidemark.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.io.FileUtils;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/**
 * How long the application may have to wait while changes of others arrive: a second connection
 * asks for the write lock again and again, and notes how long it was not to be had.
 *
 * <p>Arguments: changed rows, rounds.
 */
public final class LockHolds {
  private static final int TABLE = 100_000;
  private static final long PAUSE = 100_000;

  private LockHolds() {}

  public static void main(String[] args) throws Exception {
    int changed = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
    for (boolean scattered : new boolean[] {false, true}) {
      for (String journal : List.of("DELETE", "WAL")) {
        List<Double> holds = new ArrayList<>();
        Path folder = Files.createTempDirectory("tidemark-bench");
        try {
          Fleet fleet = new Fleet(folder);
          Workstation first = fleet.workstation("first");
          Workstation next = fleet.workstation("next");
          Components.fill(first.db().file(), TABLE);
          first.syncWell();
          next.syncWell();
          next.db().value("PRAGMA journal_mode=" + journal);
          for (int i = 0; i < rounds; i++) {
            if (scattered) {
              Components.changeScattered(first.db().file(), TABLE, changed);
            } else {
              Components.changeNeighbours(first.db().file(), TABLE, changed);
            }
            first.syncWell();
            List<Double> seen = whileItRuns(next.db().file(), next::syncWell);
            if (i > rounds / 2) {
              holds.addAll(seen);
            }
          }
        } finally {
          FileUtils.deleteDirectory(folder.toFile());
        }
        holds.sort(null);
        System.out.printf(
            "%,d %s rows arrive, journal %s: the lock was held %d times, p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
            changed,
            scattered ? "scattered" : "neighbouring",
            journal,
            holds.size(),
            holds.get(holds.size() / 2),
            holds.get((int) (holds.size() * 0.99)),
            holds.get(holds.size() - 1));
      }
    }
  }

  static List<Double> whileItRuns(Path file, Runnable sync) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<List<Double>> probe = CompletableFuture.supplyAsync(() -> probe(file, done));
    try {
      sync.run();
    } finally {
      done.set(true);
    }
    return probe.get();
  }

  /** The spans in which the lock was not to be had, in ms. */
  private static List<Double> probe(Path file, AtomicBoolean done) {
    List<Double> spans = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=0");
        Statement statement = connection.createStatement()) {
      long since = 0;
      while (!done.get()) {
        boolean free = isFree(statement);
        long now = System.nanoTime();
        if (!free && since == 0) {
          since = now;
        } else if (free && since != 0) {
          spans.add((now - since) / 1e6);
          since = 0;
        }
        LockSupport.parkNanos(PAUSE);
      }
      return spans;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isFree(Statement statement) throws SQLException {
    try {
      statement.execute("BEGIN IMMEDIATE");
      statement.execute("ROLLBACK");
      return true;
    } catch (SQLException e) {
      if (e.getErrorCode() == 5) { // SQLITE_BUSY
        return false;
      }
      throw e;
    }
  }
}
