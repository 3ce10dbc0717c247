package tidemark.smb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.share.ShareFiles;
import tidemark.sync.DatabaseSync;
import tidemark.testing.AtOperation;
import tidemark.testing.Workstation;

/** Connections that are cut in the middle of a run, at each of its operations on the share. */
@SmbTest
class CutOverSmbTest {
  @TempDir Path folder;
  private Office office;
  private Workstation anna;
  private Workstation ben;

  @BeforeEach
  void aServerAndTwoWorkstations() throws Exception {
    office = new Office(folder);
    anna = office.workstation("anna");
    ben = office.workstation("ben");
    anna.edit("CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT)");
    anna.edit("INSERT INTO notes VALUES('of anna','start'),('of ben','start')");
    office.comeToRest();
  }

  @AfterEach
  void closeTheOffice() throws Exception {
    office.close();
  }

  @Test
  void a_run_whose_connection_is_cut_at_any_operation_loses_and_doubles_nothing() throws Exception {
    int point = 0;
    AtOperation cut;
    do {
      String word = "point " + point;
      cut = new AtOperation(point, office.server()::killConnections);
      bothEdit(word);
      ben.syncWell();
      anna.tap = cut;
      DatabaseSync.Outcome outcome = anna.sync();
      anna.tap = ShareFiles.Tap.NONE;
      assertThat(outcome.exitCode()).as(word).isIn(0, Failure.OFFLINE, Failure.BUSY);
      everybodyHas(word);
      point++;
    } while (cut.done());
    office.comeToRest();
  }

  private void bothEdit(String word) {
    anna.edit("UPDATE notes SET text='" + word + "' WHERE id='of anna'");
    anna.edit("INSERT INTO notes(id, text) VALUES('anna " + word + "', 'x')");
    ben.edit("UPDATE notes SET text='" + word + "' WHERE id='of ben'");
  }

  private void everybodyHas(String word) {
    anna.syncWell();
    ben.syncWell();
    for (Workstation workstation : office.fleet().all()) {
      assertThat(workstation.db().rows("SELECT text FROM notes WHERE id LIKE 'of %'"))
          .as(workstation.name() + " after " + word)
          .containsExactly(word, word);
      assertThat(workstation.db().rows("SELECT text FROM notes WHERE id=?", "anna " + word))
          .hasSize(1);
      assertThat(workstation.conflicts()).isEmpty();
    }
  }
}
