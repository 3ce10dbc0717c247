package tidemark.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.Place;
import tidemark.change.TableRule;
import tidemark.ledger.Author;
import tidemark.ledger.KeptEntries;
import tidemark.ledger.Ledger;
import tidemark.ledger.folder.ShareLedger;
import tidemark.ledger.http.Calls;
import tidemark.ledger.http.Client;
import tidemark.ledger.http.HttpLedger;
import tidemark.run.Plan;
import tidemark.run.Request;
import tidemark.share.Bandwidth;
import tidemark.share.Pace;
import tidemark.share.Patience;
import tidemark.share.ShareFiles;
import tidemark.sync.DatabaseSync;
import tidemark.testing.Database;

/**
 * A workstation at any place, as its daemon works: one ledger, one client for all runs. What it
 * asks of the place is counted, requests at a server and file operations in a folder.
 */
final class Desk {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Path folder;
  private final AtomicInteger asked = new AtomicInteger();
  private final ShareFiles share;
  private final Plan plan;
  private final Ledger ledger;
  private double settled;

  Desk(String name, Path folder, Place place) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.share =
        new ShareFiles(
            new ShareFiles.Tap() {
              @Override
              public void before(ShareFiles.Operation operation, Path path) {
                asked.incrementAndGet();
              }
            },
            Pace.REAL,
            Bandwidth.UNLIMITED,
            new Patience(TIMEOUT, Pace.REAL));
    this.plan =
        new Plan(
            "server",
            folder.resolve("server.db"),
            place,
            share,
            table -> TableRule.DEFAULT,
            table -> true,
            true,
            true,
            folder.resolve("scratch"),
            new Author(name, "PC-" + name, "machine-" + name),
            Duration.ofDays(90),
            90,
            10_000);
    this.ledger = ledger(place);
  }

  private Ledger ledger(Place place) {
    KeptEntries kept = new KeptEntries(folder.resolve("kept"));
    if (place instanceof Place.Server server) {
      Calls.Sending sending =
          Calls.Sending.by(Client.of(server, TIMEOUT, name -> Optional.empty()));
      return new HttpLedger(
          server,
          kept,
          folder.resolve("scratch"),
          request -> {
            asked.incrementAndGet();
            return sending.send(request);
          },
          TIMEOUT,
          Clock.systemUTC(),
          Pace.REAL,
          Bandwidth.UNLIMITED);
    }
    return new ShareLedger(plan.master(), kept, plan.author(), TIMEOUT, Clock.systemUTC(), share);
  }

  Database db() {
    return new Database(plan.local());
  }

  Path file() {
    return plan.local();
  }

  /** Fails where anything was left undone. */
  Desk sync() {
    asked.set(0);
    DatabaseSync.Outcome outcome =
        new DatabaseSync(
                plan, ledger, Clock.systemUTC(), changes -> settled = System.nanoTime() / 1e6)
            .run(new Request(Set.of(), Direction.BOTH, ConflictRule.NEWEST, "manual"));
    if (!outcome.success()) {
      throw new IllegalStateException(
          outcome.status() + " " + outcome.report().held(), outcome.failure());
    }
    return this;
  }

  /** When the last run was done with the workstation's own database, in milliseconds. */
  double settledAt() {
    return settled;
  }

  /** In the last run. */
  int asked() {
    return asked.get();
  }
}
