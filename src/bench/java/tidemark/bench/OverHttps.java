package tidemark.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;
import tidemark.change.Place;
import tidemark.share.Pace;
import tidemark.testing.Database;
import tidemark.testing.JavaProcess;

/**
 * A place that a server lends over HTTPS beside a folder of the same disk, in one run: nothing to
 * do, 17 rows in and 5 out, a join; then rows in plenty with little memory on both sides; then many
 * who wait for news at one server. The server is a process of its own, and shares the processors
 * with who asks it. Tells rows of a table, each with its target. Arguments: rows (100000), rounds
 * (7; 0: none), rows with little memory (1000000; 0: none), who waits (500; 0: none), edits that
 * they wait for (20).
 */
public final class OverHttps {
  private static final String[] LITTLE = {"-Xmx256m"};
  private static final int SETTLED = 10_000;
  private static final String PRICES =
      "SELECT cast(round(100 * total(price)) AS INTEGER) FROM components";

  private final Path folder;
  private final int rounds;
  private final List<String> misses = new ArrayList<>();

  private OverHttps(Path folder, int rounds) {
    this.folder = folder;
    this.rounds = rounds;
  }

  public static void main(String[] args) throws Exception {
    int[] wanted = {100_000, 7, 1_000_000, 500, 20};
    for (int i = 0; i < args.length && i < wanted.length; i++) {
      wanted[i] = Integer.parseInt(args[i]);
    }
    Path folder = Files.createTempDirectory("tidemark-bench");
    OverHttps bench = new OverHttps(folder, wanted[1]);
    try {
      System.out.println("| | folder | HTTPS | HTTPS to folder | target |");
      System.out.println("| --- | ---: | ---: | ---: | --- |");
      if (wanted[1] > 0) {
        bench.days();
        bench.joins(wanted[0]);
      }
      if (wanted[2] > 0) {
        bench.plenty(wanted[2]);
      }
      if (wanted[3] > 0) {
        bench.crowd(wanted[3], wanted[4]);
      }
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
    bench.misses.forEach(miss -> System.out.println("missed: " + miss));
  }

  /** A place, and what is measured at it, in milliseconds. */
  private final class Side {
    private final Database master;
    private final Desk near;
    private final Desk far;
    private final List<Double> idle = new ArrayList<>();
    private final List<Double> done = new ArrayList<>();
    private final List<Double> ended = new ArrayList<>();
    private final List<Double> followed = new ArrayList<>();
    private int idleAsked;
    private int changeAsked;

    /**
     * @param place as somebody may use it
     */
    Side(String name, Function<String, Place> place, Database master) throws Exception {
      this.master = master;
      this.near = new Desk("near", folder.resolve(name + "/near"), place.apply("near"));
      this.far = new Desk("far", folder.resolve(name + "/far"), place.apply("far"));
    }

    void begin() throws Exception {
      Components.fill(near.file(), SETTLED);
      near.sync();
      awaitMaster("SELECT count(*) FROM components", near);
      far.sync();
    }

    void round() throws Exception {
      far.sync();
      idle.add(millis(far::sync));
      idleAsked = Math.max(idleAsked, far.asked());
      Components.changeNeighbours(near.file(), SETTLED - 1_000, 17);
      near.sync();
      awaitMaster(PRICES, near);
      far.db()
          .execute(
              "UPDATE components SET price=price+1 WHERE rowid IN (SELECT rowid FROM components ORDER BY rowid DESC LIMIT 5)");
      double from = System.nanoTime() / 1e6;
      far.sync();
      ended.add(System.nanoTime() / 1e6 - from);
      done.add(far.settledAt() - from);
      changeAsked = Math.max(changeAsked, far.asked());
      awaitMaster(PRICES, far);
      followed.add(System.nanoTime() / 1e6 - from);
      near.sync();
    }

    /** At the server, it follows by itself. */
    void awaitMaster(String what, Desk like) {
      await(
          () -> master.hasTable("components") && master.value(what).equals(like.db().value(what)));
    }
  }

  private void days() throws Exception {
    Path share = Files.createDirectories(folder.resolve("folder/share"));
    Path master = share.resolve("server.db");
    try (ServedPlace server = new ServedPlace(folder.resolve("served"), LITTLE)) {
      Side plain = new Side("folder", user -> new Place.Folder(master), new Database(master));
      Side https = new Side("https", server::place, server.master());
      for (Side side : List.of(plain, https)) {
        side.begin();
      }
      for (int i = 0; i < rounds; i++) {
        plain.round();
        https.round();
      }
      tellDays(plain, https);
    }
  }

  private void tellDays(Side plain, Side https) {
    row(
        "nothing to do, requests (file operations)",
        "%d".formatted(plain.idleAsked),
        "%d".formatted(https.idleAsked),
        null,
        "at most 3",
        https.idleAsked <= 3);
    compared("nothing to do", plain.idle, https.idle, null);
    row(
        "17 rows in and 5 out, requests (file operations)",
        "%d".formatted(plain.changeAsked),
        "%d".formatted(https.changeAsked),
        null,
        "at most 6",
        https.changeAsked <= 6);
    compared("the same, until the workstation's database is done", plain.done, https.done, null);
    compared("the same, until the run is over", plain.ended, https.ended, 2.0);
    compared("the same, until the master has followed", plain.followed, https.followed, null);
  }

  /** At the same folder, by its path and by the server in front of it. */
  private void joins(int rows) throws Exception {
    Path place = folder.resolve("joins");
    try (ServedPlace server = new ServedPlace(place.resolve("served"), LITTLE)) {
      Place plain = new Place.Folder(server.master().file());
      Desk first = new Desk("first", place.resolve("first"), plain);
      Components.fill(first.file(), rows);
      first.sync();
      Place https = server.place("fresh");
      compareJoins("join of %,d rows, from a snapshot".formatted(rows), plain, https, rows);
      FileUtils.cleanDirectory(
          server.master().file().resolveSibling("server.db-ledger/snapshots").toFile());
      compareJoins("join of %,d rows, from entries alone".formatted(rows), plain, https, rows);
    }
  }

  private void compareJoins(String what, Place plain, Place https, int rows) throws Exception {
    List<Double> here = new ArrayList<>();
    List<Double> there = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      here.add(join(plain, rows));
      there.add(join(https, rows));
    }
    compared(what, here, there, null);
    double ratio = median(here) / median(there);
    row(
        "the same, rows a second",
        "%,.0f".formatted(rows * 1000.0 / median(here)),
        "%,.0f".formatted(rows * 1000.0 / median(there)),
        ratio,
        "at least 0.5 times",
        ratio >= 0.5);
  }

  /** With a client of its own, as whoever joins has. */
  private double join(Place place, int rows) throws Exception {
    Path own = Files.createTempDirectory(folder, "fresh");
    double from = System.nanoTime() / 1e6;
    Desk fresh = new Desk("fresh", own, place).sync();
    double taken = System.nanoTime() / 1e6 - from;
    if (!fresh.db().value("SELECT count(*) FROM components").equals("" + rows)) {
      throw new IllegalStateException("the join brought something else");
    }
    FileUtils.deleteDirectory(own.toFile());
    return taken;
  }

  /** Workstations are processes, too, since the heap counts. */
  private void plenty(int rows) throws Exception {
    Path place = folder.resolve("plenty");
    try (ServedPlace server = new ServedPlace(place.resolve("served"), LITTLE)) {
      Path first = configured(place.resolve("first"), server.place("first"), "first");
      Components.fill(first.resolveSibling("server.db"), rows);
      Measured sent = measured(first);
      await(() -> server.master().hasTable("components"));
      double from = System.nanoTime() / 1e6;
      await(() -> server.master().value("SELECT count(*) FROM components").equals("" + rows));
      double followed = System.nanoTime() / 1e6 - from;
      Measured joined = measured(configured(place.resolve("next"), server.place("next"), "next"));
      String what = "%,d rows, -Xmx256m on both sides: ".formatted(rows);
      row(what + "first sync", "", "%.1f s".formatted(sent.seconds), null, "goes through", true);
      row(
          what + "the master follows after",
          "",
          "%.1f s".formatted(followed / 1000),
          null,
          "",
          true);
      row(what + "join", "", "%.1f s".formatted(joined.seconds), null, "goes through", true);
      row(
          what + "most that was resident: sender, who joins, server",
          "",
          "%d, %d, %d MB".formatted(sent.peak, joined.peak, server.peak()),
          null,
          "",
          true);
    }
  }

  private record Measured(double seconds, long peak) {}

  private static Path configured(Path home, Place.Server place, String user) throws Exception {
    Path config = Files.createDirectories(home).resolve("tidemark.yml");
    Files.writeString(
        config,
        "user: %s\nworkstation: PC-%s\nstate: '%s'\ntray: false\n"
                .formatted(user, user, home.resolve("state"))
            + "databases:\n  server:\n    local: '%s'\n    master: %s\n    key: %s\n    trust: '%s'\n"
                .formatted(
                    home.resolve("server.db"),
                    place.address(),
                    place.key(),
                    place.trust().orElseThrow()));
    return config;
  }

  private static Measured measured(Path config) throws Exception {
    double from = System.nanoTime() / 1e6;
    long peak = 0;
    try (JavaProcess sync =
        ServedPlace.tidemark(
            config.resolveSibling(""), LITTLE, "sync", "--config", config.toString())) {
      while (sync.runs()) {
        try {
          peak = Math.max(peak, ServedPlace.memory(sync.pid(), "VmHWM"));
        } catch (java.io.IOException ended) {
          break;
        }
        Pace.REAL.pause(5);
      }
      if (sync.ended(60) != 0) {
        throw new IllegalStateException(sync.out() + sync.err());
      }
    }
    return new Measured((System.nanoTime() / 1e6 - from) / 1000, peak);
  }

  private void crowd(int many, int edits) throws Exception {
    Path place = folder.resolve("crowd");
    try (ServedPlace server = new ServedPlace(place.resolve("served"))) {
      Desk editor = new Desk("editor", place.resolve("editor"), server.place("editor"));
      Components.fill(editor.file(), 1_000);
      editor.sync();
      await(() -> server.master().hasTable("components"));
      long before = server.resident();
      List<Place.Server> places = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        places.add(server.place("w" + i));
      }
      try (Crowd crowd = new Crowd(places)) {
        List<Double> all = new ArrayList<>();
        List<Double> last = new ArrayList<>();
        awaitAll(crowd, many);
        double served = server.cpu();
        double asked = cpu();
        for (int i = 0; i < edits; i++) {
          edit(editor, crowd, many, all, last);
          awaitAll(crowd, many);
        }
        row(
            "%d wait: processors for an edit, server and those who wait".formatted(many),
            "",
            "%,.0f, %,.0f ms".formatted((server.cpu() - served) / edits, (cpu() - asked) / edits),
            null,
            "",
            true);
        tellCrowd(server, many, before, all, last);
      }
    }
  }

  /** What this process has had of the processors, in milliseconds. */
  private static double cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
  }

  private static void awaitAll(Crowd crowd, int many) {
    await(
        () -> {
          if (crowd.failure() != null) {
            throw new IllegalStateException(crowd.failure());
          }
          return crowd.waiting() == many;
        });
    Pace.REAL.pause(1_000); // they have asked; now they are heard
  }

  private static void edit(
      Desk editor, Crowd crowd, int many, List<Double> all, List<Double> last) {
    editor.db().execute("UPDATE components SET price=price+1 WHERE rowid=7");
    double from = System.nanoTime() / 1e6;
    editor.sync();
    long number = Long.parseLong(editor.db().value("SELECT max(number) FROM sync_entries"));
    await(() -> crowd.have(number) == many);
    crowd.arrivals(number).forEach(arrival -> all.add(arrival - from));
    last.add(crowd.arrivals(number).get(many - 1) - from);
  }

  private void tellCrowd(
      ServedPlace server, int many, long before, List<Double> all, List<Double> last)
      throws Exception {
    String what = "%d wait: ".formatted(many);
    double median = median(all);
    row(
        what + "an edit is at one of them, median and longest",
        "",
        "%,.0f, %,.0f ms".formatted(median, all.stream().mapToDouble(a -> a).max().orElse(0)),
        null,
        "2 s (median)",
        median <= 2_000);
    row(
        what + "an edit is at all of them, median and longest",
        "",
        "%,.0f, %,.0f ms"
            .formatted(median(last), last.stream().mapToDouble(a -> a).max().orElse(0)),
        null,
        "2 s (median)",
        median(last) <= 2_000);
    long resident = server.resident();
    long heap = server.heap();
    row(
        what + "server's memory: resident, before they came, at most; heap used, needed",
        "",
        "%d, %d, %d; %d, %d MB"
            .formatted(resident, before, server.peak(), heap, server.heapNeeded()),
        null,
        "under 300 MB",
        server.peak() < 300);
  }

  private static void await(Callable<Boolean> so) {
    try {
      while (!so.call()) {
        Pace.REAL.pause(5);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static double millis(Callable<?> work) throws Exception {
    long from = System.nanoTime();
    work.call();
    return (System.nanoTime() - from) / 1e6;
  }

  private static double median(List<Double> all) {
    List<Double> sorted = all.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private void compared(
      String what, List<Double> folder, List<Double> https, @Nullable Double most) {
    double ratio = median(https) / median(folder);
    row(
        what,
        "%,.1f ms".formatted(median(folder)),
        "%,.1f ms".formatted(median(https)),
        ratio,
        most == null ? "" : "at most " + most + " times",
        most == null || ratio <= most);
  }

  private void row(
      String what,
      String folder,
      String https,
      @Nullable Double ratio,
      String target,
      boolean met) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s |%n",
        what,
        folder,
        https,
        ratio == null ? "" : String.format(Locale.ROOT, "%.2f", ratio),
        target);
    if (!met) {
      misses.add(what + ": " + https + ", target " + target);
    }
  }
}
