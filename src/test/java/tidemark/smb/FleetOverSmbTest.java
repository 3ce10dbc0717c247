package tidemark.smb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
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
import tidemark.testing.Database;
import tidemark.testing.Folders;
import tidemark.testing.Workstation;

/** A team's days, over a real server. */
@SmbTest
class FleetOverSmbTest {
  private static final Logger LOG = LoggerFactory.getLogger(FleetOverSmbTest.class);

  @TempDir Path folder;
  private Office office;
  private Workstation anna;
  private Workstation ben;
  private Workstation cara;

  @BeforeEach
  void aServerAndThreeWorkstations() throws Exception {
    office = new Office(folder);
    anna = office.workstation("anna");
    ben = office.workstation("ben");
    cara = office.workstation("cara");
    anna.edit("CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT)");
    anna.edit("INSERT INTO notes VALUES('n1','one'),('n2','two'),('n3','three')");
    office.comeToRest();
  }

  @AfterEach
  void closeTheOffice() throws Exception {
    office.close();
  }

  @Test
  void edits_and_deletes_of_all_reach_everybody_and_the_master() {
    anna.edit("UPDATE notes SET text='uno' WHERE id='n1'");
    ben.edit("DELETE FROM notes WHERE id='n2'");
    cara.edit("INSERT INTO notes(id, text) VALUES('n4','four')");
    office.comeToRest();
    assertThat(ben.db().rows("SELECT id, text FROM notes ORDER BY id"))
        .containsExactly("n1|uno", "n3|three", "n4|four");
  }

  @Test
  void the_loser_of_a_conflict_is_kept_everywhere() {
    anna.edit("UPDATE notes SET text='Anna' WHERE id='n1'");
    ben.edit("UPDATE notes SET text='Ben' WHERE id='n1'");
    anna.syncWell();
    office.comeToRest();
    String winner = cara.db().value("SELECT text FROM notes WHERE id='n1'");
    String loser = winner.equals("Anna") ? "Ben" : "Anna";
    for (Workstation workstation : office.fleet().all()) {
      assertThat(workstation.conflicts()).hasSize(1).allMatch(row -> row.contains(loser));
    }
  }

  @Test
  void one_who_joins_late_gets_everything_and_can_edit_it() throws Exception {
    Workstation dora = office.workstation("dora");
    dora.syncWell();
    dora.edit("UPDATE notes SET text='drei' WHERE id='n3'");
    office.comeToRest();
    assertThat(anna.db().value("SELECT text FROM notes WHERE id='n3'")).isEqualTo("drei");
  }

  @Test
  void edits_in_the_master_by_another_program_on_another_mount_reach_everybody() {
    Database seenByBen = new Database(ben.plan().master());
    Database onTheServer = office.fleet().master();
    office.repeat(
        () -> tryTo(seenByBen, "UPDATE notes SET text='IT was here' WHERE id='n2'"),
        () -> onTheServer.value("SELECT text FROM notes WHERE id='n2'").equals("IT was here"));
    office.comeToRest();
    assertThat(cara.db().value("SELECT text FROM notes WHERE id='n2'")).isEqualTo("IT was here");
  }

  /** The mount may fail any program that writes over it. */
  private static void tryTo(Database database, String statement) {
    try {
      database.execute(statement);
    } catch (IllegalStateException failed) {
      LOG.info("once more: {}", failed.getMessage());
    }
  }

  @Test
  void entries_are_retired_and_one_who_was_away_so_long_comes_back() {
    for (int day = 0; day < 5; day++) {
      anna.edit("UPDATE notes SET text='day " + day + "' WHERE id='n1'");
      anna.syncWell();
      ben.syncWell();
    }
    cara.edit("UPDATE notes SET text='of long ago' WHERE id='n3'");
    office.fleet().age(Duration.ofDays(400));
    anna.edit("UPDATE notes SET text='later' WHERE id='n1'");
    Path archive = office.ledger().resolve("archive");
    office.repeat(anna::syncWell, () -> !Folders.in(archive).isEmpty());
    office.comeToRest();
    assertThat(anna.db().rows("SELECT text FROM notes ORDER BY id"))
        .containsExactly("later", "two", "of long ago");
  }

  @Test
  void workstations_at_work_at_the_same_time_lose_and_double_nothing() throws Exception {
    int rounds = 8;
    List<Callable<Void>> days = new ArrayList<>();
    for (Workstation workstation : office.fleet().all()) {
      days.add(
          () -> {
            for (int round = 0; round < rounds; round++) {
              String id = workstation.name() + round;
              workstation.edit("INSERT INTO notes(id, text) VALUES('" + id + "','" + id + "')");
              workstation.edit("UPDATE notes SET text='" + id + "' WHERE id='n1'");
              assertThat(workstation.sync().exitCode()).isIn(0, Failure.BUSY);
            }
            return null;
          });
    }
    AtOnce.run(days);
    office.comeToRest();
    assertThat(anna.db().value("SELECT count(*) FROM notes")).isEqualTo("" + (3 + 3 * rounds));
  }
}
