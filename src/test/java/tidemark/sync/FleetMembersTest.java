package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.look.Fleet;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

/** Who is of the fleet, whatever becomes of databases and machines. */
class FleetMembersTest extends FleetTest {
  /** Made anew each time: a file that was copied from elsewhere is another member's. */
  @BeforeEach
  void everybodyHasSynced() {
    anna.edit("CREATE TABLE t(id TEXT PRIMARY KEY)", "INSERT INTO t VALUES('A')");
    fleet.all().forEach(Workstation::syncWell);
  }

  private static List<Fleet.Member> fleet(Workstation at) {
    return new Fleet(at.plan(), at.ledger()).workstations();
  }

  private static List<String> names(Workstation at) {
    return fleet(at).stream().map(Fleet.Member::workstation).toList();
  }

  private Fleet.Member annas() {
    return fleet(anna).stream().filter(Fleet.Member::self).findFirst().orElseThrow();
  }

  @Test
  void a_workstation_whose_database_was_made_anew_is_the_same() {
    String before = annas().id();
    String signed = anna.db().value("SELECT value FROM sync_state WHERE key='replica'");
    anna.loseLocalDatabase();
    anna.syncWell();

    assertThat(names(ben)).containsExactly("PC-anna", "PC-ben", "PC-cara");
    assertThat(annas().id()).isEqualTo(before);
    assertThat(anna.db().value("SELECT value FROM sync_state WHERE key='replica'"))
        .isNotEqualTo(signed);
  }

  @Test
  void one_whose_state_was_made_anew_is_the_same() {
    String before = annas().id();
    anna.db().execute("UPDATE sync_state SET value='former machine anna' WHERE key='owner'");
    anna.edit("INSERT INTO t(id) VALUES('B')");
    anna.syncWell();

    assertThat(names(ben)).containsExactly("PC-anna", "PC-ben", "PC-cara");
    assertThat(annas().id()).isEqualTo(before);
  }

  @Test
  void two_that_were_one_part_again() throws IOException {
    Workstation copy =
        new Workstation("anna", folder.resolve("copy"), fleet.share().resolve("server.db"));
    Files.copy(anna.db().file(), copy.db().file());
    copy.db().execute("UPDATE sync_state SET value='another machine' WHERE key='owner'");
    copy.edit("INSERT INTO t(id) VALUES('B')");
    copy.syncWell();
    for (int i = 0; i < 2; i++) {
      anna.edit("INSERT INTO t(id) VALUES('anna" + i + "')");
      anna.syncWell();
      copy.edit("INSERT INTO t(id) VALUES('copy" + i + "')");
      copy.syncWell();
    }
    assertThat(names(ben)).containsExactly("PC-anna", "PC-anna", "PC-ben", "PC-cara");
    List<String> files = fleet(ben).stream().map(Fleet.Member::id).sorted().toList();
    anna.edit("INSERT INTO t(id) VALUES('C')");
    anna.syncWell();
    assertThat(fleet(ben).stream().map(Fleet.Member::id).sorted()).isEqualTo(files);
  }

  @Test
  void one_that_is_gone_is_forgotten_and_back_once_it_syncs() {
    Fleet.Member gone =
        fleet(anna).stream().filter(one -> one.user().equals("cara")).findFirst().orElseThrow();
    new Fleet(anna.plan(), anna.ledger()).forget(gone);
    assertThat(names(anna)).containsExactly("PC-anna", "PC-ben");

    cara.edit("INSERT INTO t(id) VALUES('C')");
    cara.syncWell();
    assertThat(names(anna)).containsExactly("PC-anna", "PC-ben", "PC-cara");
    Path files = fleet.share().resolve("server.db-ledger/workstations");
    assertThat(files.toFile().list()).hasSize(3);
  }
}
