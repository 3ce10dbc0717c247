package tidemark.smb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.share.ShareFiles;
import tidemark.testing.Database;
import tidemark.testing.Folders;
import tidemark.testing.Workstation;

/**
 * The master written by several at once over mounts whose locks do not reach each other, which
 * damages it: it heals, and nobody's edits are in danger meanwhile.
 */
@SmbTest
class ManyFoldsOverSmbTest {
  private static final Logger LOG = LoggerFactory.getLogger(ManyFoldsOverSmbTest.class);
  private static final int ROUNDS = 12;

  @TempDir Path folder;
  private Office office;

  @BeforeEach
  void aServerAndThreeWorkstations() throws Exception {
    office = new Office(folder);
    Workstation anna = office.workstation("anna");
    office.workstation("ben");
    office.workstation("cara");
    anna.edit("CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT)");
    anna.edit("CREATE INDEX notes_text ON notes(text)");
    anna.edit("INSERT INTO notes VALUES('n1','one')");
    office.comeToRest();
  }

  @AfterEach
  void closeTheOffice() throws Exception {
    office.close();
  }

  @Test
  void a_fold_lease_that_keeps_nobody_out_costs_at_most_the_master_which_heals() throws Exception {
    List<Callable<Void>> days = new ArrayList<>();
    for (Workstation workstation : office.fleet().all()) {
      workstation.tap = new NoLease(office.ledger().resolve("fold/lease"), workstation.name());
      days.add(() -> work(workstation));
    }
    AtOnce.run(days);
    office.fleet().all().forEach(workstation -> workstation.tap = ShareFiles.Tap.NONE);
    comesToRestWithEverything();
  }

  private Void work(Workstation workstation) {
    for (int round = 0; round < ROUNDS; round++) {
      String id = workstation.name() + round;
      String text = id.repeat(200); // several pages of its own
      workstation.edit("INSERT INTO notes(id, text) VALUES('" + id + "','" + text + "')");
      assertThat(workstation.sync().exitCode())
          .isIn(0, Failure.INCOMPLETE, Failure.OFFLINE, Failure.BUSY);
    }
    return null;
  }

  private void comesToRestWithEverything() {
    office.repeat(
        () -> office.fleet().all().forEach(Workstation::sync),
        () -> office.fleet().master().value("PRAGMA integrity_check").equals("ok"));
    office.comeToRest();
    for (Workstation workstation : office.fleet().all()) {
      assertThat(workstation.db().value("SELECT count(*) FROM notes"))
          .isEqualTo("" + (1 + 3 * ROUNDS));
      assertThat(workstation.conflicts()).isEmpty();
    }
  }

  /** Whoever looks for somebody else's lease finds none. */
  private record NoLease(Path lease, String me) implements ShareFiles.Tap {
    @Override
    public void before(ShareFiles.Operation operation, Path path) throws IOException {
      if (!path.endsWith("fold/lease/owner.json")) {
        return;
      }
      Path owner = lease.resolve("owner.json");
      if (Files.exists(owner) && !Files.readString(owner).contains(me)) {
        Path away = lease.resolveSibling("gone-" + me + System.nanoTime());
        Files.move(lease, away);
      }
    }
  }

  @Test
  void a_master_that_two_other_programs_damaged_is_set_aside_and_made_anew() throws Exception {
    Workstation anna = office.fleet().all().get(0);
    Workstation ben = office.fleet().all().get(1);
    for (int i = 0; i < 40; i++) {
      anna.edit("INSERT INTO notes(id, text) VALUES('long " + i + "', hex(randomblob(3000)))");
    }
    office.comeToRest();
    int tries = 0;
    while (masterIsWell() && tries++ < 10) {
      writeAtOnce(new Database(anna.plan().master()), new Database(ben.plan().master()));
    }
    assertThat(masterIsWell()).as("after " + tries + " tries").isFalse();
    ben.edit("INSERT INTO notes(id, text) VALUES('of ben', 'meanwhile')");
    office.repeat(() -> office.fleet().all().forEach(Workstation::sync), this::masterIsWell);
    office.comeToRest();
    assertThat(Folders.in(office.fleet().share())).anyMatch(name -> name.contains("damaged"));
    assertThat(anna.db().rows("SELECT id FROM notes WHERE id='of ben'")).hasSize(1);
  }

  /** Each believes to have the write lock; the one that commits last knows nothing of the other. */
  private static void writeAtOnce(Database one, Database other) throws SQLException {
    try (Connection first = one.connect();
        Connection second = other.connect();
        Statement ofFirst = first.createStatement();
        Statement ofSecond = second.createStatement()) {
      ofFirst.execute("BEGIN IMMEDIATE");
      ofSecond.execute("BEGIN IMMEDIATE");
      tryTo(ofFirst, "DELETE FROM notes WHERE rowid % 3 = 0");
      tryTo(
          ofSecond,
          "INSERT INTO notes(id, text) VALUES(hex(randomblob(8)), hex(randomblob(9000)))");
      tryTo(ofFirst, "COMMIT");
      tryTo(ofSecond, "COMMIT");
    }
  }

  /** They share one journal file: either may find that the other just took it away. */
  private static void tryTo(Statement statement, String sql) {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      LOG.debug("they are in each other's way: {}", e.getMessage());
    }
  }

  private boolean masterIsWell() {
    try {
      return office.fleet().master().value("PRAGMA integrity_check").equals("ok");
    } catch (IllegalStateException e) {
      return false;
    }
  }
}
