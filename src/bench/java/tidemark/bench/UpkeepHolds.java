package tidemark.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.commons.io.FileUtils;
import tidemark.change.ConflictRule;
import tidemark.past.RewindScope;
import tidemark.past.Rollback;
import tidemark.run.Copies;
import tidemark.run.Request;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;
import tidemark.upkeep.archive.ArchiveOrder;
import tidemark.upkeep.archive.Archiving;

/**
 * How long the application may have to wait while old rows are archived, or a change of many rows
 * is taken back.
 *
 * <p>Arguments: rows that are moved, or taken back; half of the table.
 */
public final class UpkeepHolds {
  private UpkeepHolds() {}

  public static void main(String[] args) throws Exception {
    int rows = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    for (int round = 0; round < 2; round++) { // the first warms up
      Path folder = Files.createTempDirectory("tidemark-bench");
      try {
        measure(new Fleet(folder), folder, rows);
      } finally {
        FileUtils.deleteDirectory(folder.toFile());
      }
    }
  }

  private static void measure(Fleet fleet, Path folder, int rows) throws Exception {
    Workstation anna = fleet.workstation("anna");
    anna.edit(
        "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, bom TEXT, created_at DATETIME)",
        "CREATE TABLE items(id INTEGER PRIMARY KEY, quoteId TEXT REFERENCES quotes(quoteId), n)",
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<"
            + 2 * rows
            + ") INSERT INTO quotes SELECT printf('Q%08d', n), hex(randomblob(100)),"
            + " CASE n%2 WHEN 0 THEN '2020-01-01' ELSE '2025-01-01' END FROM c",
        "INSERT INTO items(quoteId, n) SELECT quoteId, n FROM quotes, (SELECT 1 AS n UNION SELECT"
            + " 2)");
    anna.syncWell();
    long then = Long.parseLong(anna.db().value("SELECT max(position) FROM sync_tables"));
    anna.edit("UPDATE quotes SET bom='imported by mistake' WHERE created_at<'2024-01-01'");
    anna.syncWell();
    tell(
        "a rollback of %,d rows".formatted(rows),
        LockHolds.whileItRuns(
            anna.db().file(),
            () ->
                new Rollback(anna.plan(), anna.ledger(), anna.clock(), Copies.NONE)
                    .run(
                        Rollback.Moment.of(then),
                        new RewindScope(null, null, null, null, null, false),
                        Request.byHand(ConflictRule.NEWEST))));
    tell(
        "archiving %,d rows with 2 children each".formatted(rows),
        LockHolds.whileItRuns(
            anna.db().file(),
            () ->
                new Archiving(anna.plan(), anna.ledger(), anna.clock())
                    .move(
                        new ArchiveOrder(
                            "quotes",
                            Instant.parse("2024-01-01T00:00:00Z").toEpochMilli(),
                            folder.resolve("old.db"),
                            null,
                            ConflictRule.NEWEST))));
  }

  private static void tell(String what, List<Double> holds) {
    holds.sort(null);
    System.out.printf(
        "%s: the lock was held %d times, p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
        what,
        holds.size(),
        holds.get(holds.size() / 2),
        holds.get((int) (holds.size() * 0.99)),
        holds.get(holds.size() - 1));
  }
}
