package tidemark.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.look.Verify;
import tidemark.past.Differences;
import tidemark.testing.Database;
import tidemark.testing.Fleet;
import tidemark.testing.QuickFolder;
import tidemark.testing.Strace;
import tidemark.testing.Workstation;
import tidemark.upkeep.maintain.Maintenance;

/** The disk is full, or fails, at any of the writes by which a file is made smaller. */
@Tag("strace")
class FullDiskTest {
  @TempDir(factory = QuickFolder.class)
  Path folder;

  @Test
  void the_original_stands_wherever_the_disk_is_full() throws Exception {
    Strace.require();
    Fleet fleet = new Fleet(folder);
    Workstation anna = fleet.workstation("anna");
    anna.edit("CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, bom)");
    int refused = 0;
    for (int write : List.of(1, 2, 3, 5, 9, 20, 60)) {
      anna.edit(
          "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<100) INSERT OR REPLACE INTO quotes(quoteId, bom) SELECT 'Q'||n, randomblob(9000) FROM c",
          "DELETE FROM quotes WHERE CAST(substr(quoteId,2) AS INTEGER)>30");
      fleet.settle();
      for (Database database : List.of(anna.db(), fleet.master())) {
        List<Path> files = List.of(database.file(), Path.of(database.file() + "-journal"));
        Maintenance.Result result;
        try (Strace full = Strace.breaking("pwrite64:error=ENOSPC:when=" + write + "+", files)) {
          result =
              new Maintenance(
                      anna.plan(),
                      anna.ledger(),
                      anna.clock(),
                      new Maintenance.Wanted(true, false, List.of(), 365))
                  .run(Duration.ZERO);
        }
        refused += result.refusals().isEmpty() ? 0 : 1;
        assertThat(database.value("PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(database.value("SELECT count(*) FROM quotes")).isEqualTo("30");
      }
      fleet.settle().assertSame();
    }
    assertThat(refused).isGreaterThan(9);
    for (Differences findings : new Verify(anna.plan(), anna.ledger(), anna.clock()).run()) {
      assertThat(findings.areNone()).as(findings.database()).isTrue();
    }
  }
}
