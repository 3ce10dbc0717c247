package tidemark.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import tidemark.testing.FarShare;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/**
 * Runs over a line where each of our operations on the share takes 40 ms: nothing to do; 17 rows in
 * and 5 out, until the workstation is done and until the master has followed. SQLite's own work on
 * the master is not delayed. Arguments: milliseconds (40), rounds (7).
 */
public final class Latency {
  private Latency() {}

  public static void main(String[] args) throws Exception {
    long delay = args.length > 0 && args[0].matches("\\d+") ? Long.parseLong(args[0]) : 40;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
    Path folder = Files.createTempDirectory("tidemark-bench");
    List<Double> nothing = new ArrayList<>();
    List<Double> done = new ArrayList<>();
    List<Double> followed = new ArrayList<>();
    try {
      Fleet fleet = new Fleet(folder);
      Workstation near = fleet.workstation("near");
      Workstation far = fleet.workstation("far");
      Components.fill(near.db().file(), 10_000);
      fleet.settle();
      far.tap = new FarShare(delay);
      for (int i = 0; i < rounds; i++) {
        far.syncWell();
        nothing.add(millis(far::syncWell));
        Components.changeNeighbours(near.db().file(), 9_000, 17);
        near.syncWell();
        far.edit(
            "UPDATE components SET price=price+1 WHERE rowid IN (SELECT rowid FROM components ORDER BY rowid DESC LIMIT 5)");
        long from = System.nanoTime();
        double[] own = new double[2];
        int[] settled = {0};
        far.progress = () -> own[Math.min(settled[0]++, 1)] = (System.nanoTime() - from) / 1e6;
        followed.add(millis(far::syncWell));
        done.add(own[1]);
        far.progress = () -> {};
      }
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
    tell(delay, "nothing to do", nothing);
    tell(delay, "17 rows in, 5 out, until the workstation is done", done);
    tell(delay, "17 rows in, 5 out, until the master has followed", followed);
  }

  private interface Work {
    Object run();
  }

  private static double millis(Work work) {
    long from = System.nanoTime();
    work.run();
    return (System.nanoTime() - from) / 1e6;
  }

  private static void tell(long delay, String what, List<Double> times) {
    List<Double> sorted = times.stream().sorted().toList();
    System.out.printf(
        "%d ms for each operation, %-50s %,6.0f ms (longest %,6.0f ms)%n",
        delay, what, sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1));
  }
}
