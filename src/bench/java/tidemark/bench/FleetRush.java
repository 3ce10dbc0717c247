package tidemark.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.io.FileUtils;
import tidemark.change.Failure;
import tidemark.share.ShareFiles;
import tidemark.sync.DatabaseSync;
import tidemark.testing.FarShare;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/**
 * A whole fleet that edits and syncs in the same second, the worst that can happen to one share:
 * how long until everybody's edits stand in the ledger and are everywhere, how long one waits for
 * its turn to append, operations and bytes for each sync. All run on this one machine, so that its
 * processors are shared by all. Arguments: fleets (5,50,500), edits of each (5), milliseconds for
 * each operation (1), how many sync at a time (all).
 */
public final class FleetRush {
  private static final int ROWS = 1_000;

  private final int edits;
  private final long delay;
  private final int atOnce;

  private FleetRush(int edits, long delay, int atOnce) {
    this.edits = edits;
    this.delay = delay;
    this.atOnce = atOnce;
  }

  public static void main(String[] args) throws Exception {
    String fleets = args.length > 0 && args[0].matches("[\\d,]+") ? args[0] : "5,50,500";
    int edits = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    long delay = args.length > 2 ? Long.parseLong(args[2]) : 1;
    int atOnce = args.length > 3 ? Integer.parseInt(args[3]) : 1_000;
    System.out.printf(
        "each edits %d rows; %d ms for each operation on the share; `in the ledger` and `turn` in ms%n",
        edits, delay);
    System.out.println(
        "workstations | in the ledger: p50 p99 longest | turn: p50 p99 | given up | everywhere after | operations, KB a sync");
    for (String fleet : fleets.split(",")) {
      new FleetRush(edits, delay, atOnce).rush(Integer.parseInt(fleet));
    }
  }

  /** One workstation, with what its syncs cost. */
  private static final class Member {
    private final Workstation workstation;
    private final FarShare share;
    private double begun;
    private double firstTry;
    private double posted;
    private int syncs;
    private int givenUp;

    Member(Workstation workstation, long delay) {
      this.workstation = workstation;
      this.share = new FarShare(delay);
      workstation.startDaemon();
      workstation.tap =
          new ShareFiles.Tap() {
            @Override
            public void before(ShareFiles.Operation operation, Path path) {
              if (firstTry == 0 && path.toString().contains("append")) {
                firstTry = now();
              }
              share.before(operation, path);
            }

            @Override
            public void after(ShareFiles.Operation operation, Path path)
                throws java.io.IOException {
              share.after(operation, path);
              if (operation == ShareFiles.Operation.MOVE && path.toString().contains("entries")) {
                posted = now();
              }
            }
          };
    }

    void sync() {
      if (syncs++ == 0) {
        begun = now();
      }
      DatabaseSync.Outcome outcome = workstation.sync();
      if (outcome.failure() != null) {
        givenUp++;
        if (outcome.exitCode() != Failure.BUSY) {
          throw outcome.failure();
        }
      }
    }
  }

  private void rush(int many) throws Exception {
    Path folder = Files.createTempDirectory("tidemark-bench");
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(many, atOnce));
    try {
      Fleet fleet = new Fleet(folder);
      Workstation first = fleet.workstation("w0");
      Components.fill(first.db().file(), ROWS);
      first.syncWell();
      for (int i = 1; i < many; i++) {
        fleet.workstation("w" + i);
      }
      List<Member> members = new ArrayList<>();
      for (Workstation workstation : fleet.all()) {
        workstation.syncWell();
        edit(workstation);
      }
      fleet.all().forEach(workstation -> members.add(new Member(workstation, delay)));
      double from = now();
      together(threads, members);
      do {
        together(threads, members);
      } while (!converged(members, many));
      tell(members, from, now());
    } finally {
      threads.shutdownNow();
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private void edit(Workstation workstation) {
    for (int i = 0; i < edits; i++) {
      workstation.edit(
          "INSERT INTO components(sku, description) VALUES('"
              + workstation.name()
              + "-"
              + i
              + "', 'rush')");
    }
  }

  private static void together(ExecutorService threads, List<Member> members) throws Exception {
    List<Future<?>> running = new ArrayList<>();
    for (Member member : members) {
      Callable<Object> sync =
          () -> {
            member.sync();
            return true;
          };
      running.add(threads.submit(sync));
    }
    for (Future<?> run : running) {
      run.get();
    }
  }

  private boolean converged(List<Member> members, int many) {
    String all = Integer.toString(ROWS + many * edits);
    return members.stream()
        .allMatch(m -> m.workstation.db().value("SELECT count(*) FROM components").equals(all));
  }

  private static double now() {
    return System.nanoTime() / 1e6;
  }

  private static void tell(List<Member> members, double from, double end) {
    List<Double> posted = members.stream().map(m -> m.posted - m.begun).sorted().toList();
    List<Double> turns = members.stream().map(m -> m.posted - m.firstTry).sorted().toList();
    int syncs = members.stream().mapToInt(m -> m.syncs).sum();
    System.out.printf(
        "%12d | %,8.0f %,8.0f %,8.0f | %,8.0f %,8.0f | %3d | %s | %,.0f, %,.0f%n",
        members.size(),
        at(posted, 0.5),
        at(posted, 0.99),
        at(posted, 1),
        at(turns, 0.5),
        at(turns, 0.99),
        members.stream().mapToInt(m -> m.givenUp).sum(),
        Duration.ofMillis((long) (end - from)),
        members.stream().mapToInt(m -> m.share.operations()).sum() / (double) syncs,
        members.stream().mapToLong(m -> m.share.bytes()).sum() / 1024.0 / syncs);
  }

  private static double at(List<Double> sorted, double part) {
    return sorted.get((int) Math.round((sorted.size() - 1) * part));
  }
}
