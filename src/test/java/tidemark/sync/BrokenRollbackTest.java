package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.change.ConflictRule;
import tidemark.change.Failure;
import tidemark.past.RewindScope;
import tidemark.past.Rollback;
import tidemark.run.Copies;
import tidemark.run.Request;
import tidemark.share.ShareFiles;
import tidemark.testing.Fleet;
import tidemark.testing.Folders;
import tidemark.testing.Kill;
import tidemark.testing.QuickFolder;
import tidemark.testing.Saboteur;
import tidemark.testing.Saboteur.Blow;
import tidemark.testing.SettablePace;
import tidemark.testing.Workstation;

/** A rollback that is broken off has happened whole, or not at all; the next run goes on. */
class BrokenRollbackTest {
  private static final RewindScope ALL = new RewindScope(null, null, null, null, null, false);

  @TempDir(factory = QuickFolder.class)
  Path folder;

  private final SettablePace pace = new SettablePace();
  private Fleet fleet;
  private Workstation anna;
  private List<String> then;
  private List<String> before;

  @BeforeEach
  void somethingToTakeBack() throws IOException {
    open("whole");
    anna.edit(
        "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, name TEXT)",
        "CREATE TABLE lines(id INTEGER PRIMARY KEY, quoteId TEXT REFERENCES quotes(quoteId))",
        "INSERT INTO quotes VALUES('Q1','a'),('Q2','b')",
        "INSERT INTO lines VALUES(1,'Q1'),(2,'Q2')");
    fleet.settle();
    then = rows();
    anna.edit(
        "DELETE FROM lines WHERE id=2",
        "DELETE FROM quotes WHERE quoteId='Q2'",
        "UPDATE quotes SET name='z'",
        "INSERT INTO quotes(quoteId, name) VALUES('Q3','c')");
    fleet.settle();
    before = rows();
  }

  private void open(String name) throws IOException {
    Path place = folder.resolve(name);
    Files.createDirectories(place);
    fleet = new Fleet(place);
    anna = workstation("anna");
    workstation("ben");
  }

  private Workstation workstation(String name) {
    Workstation workstation = fleet.workstation(name);
    workstation.pace = pace;
    workstation.startDaemon();
    return workstation;
  }

  private List<String> rows() {
    List<String> rows = new ArrayList<>();
    rows.addAll(anna.db().rows("SELECT quoteId, name FROM quotes ORDER BY 1"));
    rows.addAll(anna.db().rows("SELECT id, quoteId FROM lines ORDER BY 1"));
    return rows;
  }

  private void rollBack() {
    new Rollback(anna.plan(), anna.ledger(), anna.clock(), Copies.NONE)
        .run(Rollback.Moment.of(1), ALL, Request.byHand(ConflictRule.NEWEST));
  }

  @Tag("heavy")
  @ParameterizedTest
  @EnumSource(
      value = Blow.class,
      names = {"KILL", "FAIL", "CUT", "FULL"})
  void whatever_happens_at_any_operation_it_is_whole_or_nothing(Blow blow) throws IOException {
    Saboteur counting = at(Saboteur.counting());
    int undone = 0;
    int done = 0;
    for (int point = blow.ordinal() % 3; point < counting.points(); point += 3) {
      if (!blow.fits(counting.trace().get(point))) {
        continue;
      }
      String what = blow + " at " + point;
      at(Saboteur.at(blow, point));
      List<String> left = rows();
      assertThat(left).as(what).isIn(before, then);
      fleet.comeToRest(pace).assertSame();
      assertThat(rows()).as(what).isEqualTo(left);
      undone += left.equals(before) ? 1 : 0;
      done += left.equals(then) ? 1 : 0;
      rollBack();
      fleet.comeToRest(pace).assertSame();
      assertThat(rows()).as(what).isEqualTo(then);
    }
    assertThat(done).isPositive();
    assertThat(undone > 0).as("a full share is no hindrance before").isEqualTo(blow != Blow.FULL);
  }

  /** On a copy of everything as it was. */
  private Saboteur at(Saboteur saboteur) throws IOException {
    Path place = folder.resolve("broken");
    if (Files.exists(place)) {
      Folders.delete(place);
    }
    Folders.copy(folder.resolve("whole"), place);
    open("broken");
    anna.tap = saboteur;
    try {
      rollBack();
    } catch (Failure e) {
      assertThat(e.hint()).isNotBlank();
    } catch (Kill gone) {
      open("broken");
    }
    anna.tap = ShareFiles.Tap.NONE;
    pace.pass(Duration.ofSeconds(40));
    return saboteur;
  }
}
