package tidemark.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import tidemark.change.TableRule;
import tidemark.replica.Replica;
import tidemark.sync.SchemaAccept;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/**
 * What a migration costs that makes a table anew: as it was, with its columns spelt otherwise, and
 * with another key. First in the one transaction in which what is remembered of its rows follows,
 * then in the run after it. Arguments: rows (100,000), rounds (5).
 */
public final class KeyChangeCost {
  private static final String STAMPS = "updated_at DATETIME, updated_by TEXT, synced_at DATETIME";

  private final int rows;
  private final Map<String, List<Double>> cpu = new LinkedHashMap<>();

  private KeyChangeCost(int rows) {
    this.rows = rows;
  }

  public static void main(String[] args) throws Exception {
    int rows = args.length > 0 && args[0].matches("\\d+") ? Integer.parseInt(args[0]) : 100_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    KeyChangeCost cost = new KeyChangeCost(rows);
    for (int i = 0; i < rounds; i++) {
      cost.round("as it was", "id INTEGER PRIMARY KEY, rev INTEGER, text TEXT, " + STAMPS);
      cost.round("spelt otherwise", "ID INTEGER PRIMARY KEY, Rev INTEGER, Text TEXT, " + STAMPS);
      cost.round(
          "another key",
          "id INTEGER, rev INTEGER, text TEXT, " + STAMPS + ", PRIMARY KEY(id, rev)");
    }
    cost.cpu.forEach(
        (what, times) ->
            System.out.printf(
                "%,d rows, %-50s %8.0f ms of CPU%n",
                rows, what, times.stream().sorted().toList().get(times.size() / 2)));
  }

  private void round(String how, String columns) throws IOException {
    Path folder = Files.createTempDirectory("tidemark-keys");
    try {
      Workstation first = new Fleet(folder).workstation("first");
      first.edit(
          "CREATE TABLE items(id INTEGER PRIMARY KEY, rev INTEGER, text TEXT)",
          "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<"
              + rows
              + ") INSERT INTO items(id, rev, text) SELECT n, 1, 'Item '||n FROM c");
      first.syncWell();
      first.edit(
          "CREATE TABLE next(" + columns + ")",
          "INSERT INTO next SELECT id, rev, text, updated_at, updated_by, synced_at FROM items",
          "DROP TABLE items",
          "ALTER TABLE next RENAME TO items");
      time(how + ": what is remembered follows", () -> open(first).close());
      if (how.equals("another key")) {
        new SchemaAccept(first.plan()).run("items");
      }
      time(how + ": the next run, with the master", first::syncWell);
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private static Replica open(Workstation at) {
    return Replica.open(
        at.db().file(), Duration.ofSeconds(1), table -> TableRule.DEFAULT, table -> true);
  }

  private void time(String what, Runnable work) {
    long from = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    work.run();
    long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - from;
    cpu.computeIfAbsent(what, w -> new ArrayList<>()).add(took / 1e6);
  }
}
