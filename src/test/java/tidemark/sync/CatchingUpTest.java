package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testing.Fleet;
import tidemark.testing.LongLedger;
import tidemark.testing.Strace;
import tidemark.testing.Workstation;

/** What reading many entries costs beside the reading. */
class CatchingUpTest {
  @TempDir Path folder;

  @Test
  @Tag("strace")
  void the_masters_file_is_not_locked_for_each_entry() throws IOException {
    Strace.require();
    Fleet fleet = new Fleet(folder);
    Workstation anna = fleet.workstation("anna");
    anna.edit(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
        "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i+1 FROM n WHERE i<29)"
            + " INSERT INTO parts SELECT 'SKU-' || i, i FROM n");
    anna.syncWell();
    LongLedger history =
        new LongLedger(anna.ledger(), fleet.share().resolve("server.db-ledger"), "price");

    history.writeUpTo(10);
    int few = locksOfTheMaster(anna, fleet);
    history.writeUpTo(110);
    int many = locksOfTheMaster(anna, fleet);

    assertThat(few).isPositive();
    assertThat(many - few).isLessThan(20);
  }

  private int locksOfTheMaster(Workstation anna, Fleet fleet) throws IOException {
    Path trace = folder.resolve("trace.txt");
    List<Path> master = List.of(fleet.master().file());
    try (Strace watching = Strace.watching("fcntl", master, trace)) {
      anna.syncWell();
    }
    return Strace.calls(trace).size();
  }
}
