package tidemark.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/**
 * What it costs to say of each row which record it refers to: the same runs of a table of items
 * that declares its foreign key to quotes, and of one that does not. Arguments: rows (20,000),
 * rounds (5).
 */
public final class ParentsCost {
  private static final int QUOTES = 1_000;
  private static final int CHANGED = 1_000;

  private final int rows;
  private final Map<String, List<Double>> cpu = new LinkedHashMap<>();
  private final List<Double> bytes = new ArrayList<>();

  private ParentsCost(int rows) {
    this.rows = rows;
  }

  public static void main(String[] args) throws Exception {
    int rows = args.length > 0 && args[0].matches("\\d+") ? Integer.parseInt(args[0]) : 20_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    ParentsCost without = new ParentsCost(rows);
    ParentsCost with = new ParentsCost(rows);
    for (int i = 0; i < rounds; i++) {
      without.round("");
      with.round(" REFERENCES quotes(id)");
    }
    without.cpu.forEach((what, times) -> tell(what + ", ms of CPU", times, with.cpu.get(what)));
    tell("entries on the share, KB", without.bytes, with.bytes);
  }

  private static void tell(String what, List<Double> without, List<Double> with) {
    double a = median(without);
    double b = median(with);
    System.out.printf("%-44s without %8.0f   with %8.0f   ratio %.2f%n", what, a, b, b / a);
  }

  private static double median(List<Double> all) {
    return all.stream().sorted().toList().get(all.size() / 2);
  }

  private void round(String references) throws IOException {
    Path folder = Files.createTempDirectory("tidemark-parents");
    try {
      Fleet fleet = new Fleet(folder);
      Workstation first = fleet.workstation("first");
      Workstation next = fleet.workstation("next");
      first.edit(
          "CREATE TABLE quotes(id INTEGER PRIMARY KEY, name TEXT)",
          "CREATE TABLE items(id INTEGER PRIMARY KEY, quote INTEGER" + references + ", text TEXT)",
          "INSERT INTO quotes(id, name) " + numbers(QUOTES, "n, 'Quote '||n"));
      first.syncWell();
      next.syncWell();
      double before = kilobytes(fleet);
      first.edit("INSERT INTO items(id, quote, text) " + numbers(rows, "n, n%1000+1, 'Item '||n"));
      time(rows + " new rows out, with the fold", first);
      bytes.add(kilobytes(fleet) - before);
      time(rows + " new rows in", next);
      first.edit("UPDATE items SET text=text||'!' WHERE id%" + rows / CHANGED + "=0");
      time(CHANGED + " changed rows out, with the fold", first);
      time(CHANGED + " changed rows in", next);
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private static String numbers(int count, String select) {
    return "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<"
        + count
        + ") SELECT "
        + select
        + " FROM c";
  }

  private void time(String what, Workstation who) {
    long from = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    who.syncWell();
    long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - from;
    cpu.computeIfAbsent(what, w -> new ArrayList<>()).add(took / 1e6);
  }

  private static double kilobytes(Fleet fleet) throws IOException {
    Path entries = fleet.share().resolve("server.db-ledger").resolve("entries");
    try (Stream<Path> files = Files.walk(entries)) {
      return files.filter(Files::isRegularFile).mapToLong(p -> p.toFile().length()).sum() / 1e3;
    }
  }
}
