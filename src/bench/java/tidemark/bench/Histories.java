package tidemark.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.io.FileUtils;
import tidemark.testing.Mishaps;
import tidemark.testing.Shrinking;

/**
 * Random histories with families, many of them, each with its own mishaps; see docs/PROOF.md. What
 * became of each seed is a line of the file, so that a run which was broken off goes on where it
 * was; the stories of those that went wrong lie beside it. Arguments: the file, the first seed, how
 * many (10000), steps of each (40), threads (as many as there are processors).
 */
public final class Histories {
  private final Path file;
  private final long first;
  private final int count;
  private final int steps;
  private final Map<Long, String> done = new ConcurrentHashMap<>();
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger wrong = new AtomicInteger();
  private final long since = System.nanoTime();

  private Histories(Path file, long first, int count, int steps) {
    this.file = file;
    this.first = first;
    this.count = count;
    this.steps = steps;
  }

  public static void main(String[] args) throws Exception {
    Histories histories =
        new Histories(
            Path.of(args[0]),
            Long.parseLong(args[1]),
            (int) number(args, 2, 10_000),
            (int) number(args, 3, 40));
    histories.remember();
    histories.run((int) number(args, 4, Runtime.getRuntime().availableProcessors()));
    histories.tell();
  }

  private static long number(String[] args, int place, long otherwise) {
    return args.length > place ? Long.parseLong(args[place]) : otherwise;
  }

  /** What an earlier run has done; half a line is a seed to be done again. */
  private void remember() throws IOException {
    if (!Files.exists(file)) {
      Files.createDirectories(stories());
      return;
    }
    String text = Files.readString(file);
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      String[] parts = line.split("\t");
      if (Integer.parseInt(parts[2]) == steps) {
        done.put(Long.parseLong(parts[0]), parts[1]);
      }
    }
    if (!text.endsWith("\n")) {
      Files.writeString(file, "\n", StandardOpenOption.APPEND);
    }
    System.out.println(done.size() + " are done already");
  }

  private Path stories() {
    return file.resolveSibling(file.getFileName() + "-stories");
  }

  private void run(int threads) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("tidemark-histories");
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    for (long seed = first; seed < first + count; seed++) {
      long mine = seed;
      if (!done.containsKey(mine)) {
        workers.execute(() -> history(mine, folder.resolve(Long.toString(mine))));
      }
    }
    workers.shutdown();
    while (!workers.awaitTermination(1, TimeUnit.MINUTES)) {
      progress();
    }
    FileUtils.deleteDirectory(folder.toFile());
  }

  private void history(long seed, Path folder) {
    Set<Mishaps.Kind> mishaps = Mishaps.drawn(seed);
    Shrinking.Outcome outcome = new Shrinking(folder, seed, mishaps).run(steps, Set.of());
    Throwable fault = outcome.fault();
    String kinds = mishaps.toString().replaceAll("[\\[\\] ]", "");
    String what = fault == null ? "" : String.valueOf(fault.getMessage()).replaceAll("\\s+", " ");
    record(String.join("\t", "" + seed, fault == null ? "well" : "wrong", "" + steps, kinds, what));
    done.put(seed, fault == null ? "well" : "wrong");
    now.incrementAndGet();
    if (fault != null) {
      wrong.incrementAndGet();
      System.out.println(
          "wrong: -Dseed=" + seed + " -Dmishaps=" + kinds + " -Dsteps=" + steps + ": " + what);
      keep(seed, fault + "\n" + outcome.story() + "\n");
    }
  }

  private synchronized void record(String line) {
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void keep(long seed, String story) {
    try {
      Files.createDirectories(stories());
      Files.writeString(stories().resolve(seed + ".txt"), story);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void progress() {
    Duration taken = Duration.ofNanos(System.nanoTime() - since);
    double rate = 60.0 * now.get() / Math.max(1, taken.toSeconds());
    System.out.printf(
        "%d of %d, %d of these now, %.0f a minute, %d wrong now%n",
        done.size(), count, now.get(), rate, wrong.get());
  }

  private void tell() {
    progress();
    Map<String, Long> outcomes = new TreeMap<>();
    done.forEach(
        (seed, outcome) -> {
          if (seed >= first && seed < first + count) {
            outcomes.merge(outcome, 1L, Long::sum);
          }
        });
    System.out.println(
        "seeds " + first + " to " + (first + count - 1) + ", " + steps + " steps: " + outcomes);
  }
}
