package tidemark.upkeep.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Failure;
import tidemark.share.ShareFiles;
import tidemark.testing.AtOperation;
import tidemark.testing.Database;
import tidemark.testing.Folders;
import tidemark.testing.Kill;
import tidemark.testing.QuickFolder;
import tidemark.testing.Saboteur;
import tidemark.testing.Saboteur.Blow;

/** However archiving is broken off, no row is in neither place, and the next time finishes it. */
class BrokenArchivingTest {
  @TempDir(factory = QuickFolder.class)
  Path folder;

  private OldQuotes office;
  private List<String> all;

  private void begin(int old) {
    office = OldQuotes.made(folder.resolve("whole"), old);
    all = office.content(office.anna.db().file());
  }

  /** A file beside the master. */
  private Path onShare(String name) {
    return office.fleet.share().resolve(name);
  }

  private void assertNothingIsLost(Path archive, String what) {
    List<String> somewhere = new ArrayList<>(office.content(office.anna.db().file()));
    if (Files.exists(archive)) {
      somewhere.addAll(office.content(archive));
    }
    assertThat(somewhere).as(what).containsAll(all);
  }

  private void assertItIsFinished(Path archive, String what) {
    office.archivePatiently(archive);
    List<String> young = office.content(office.ben.db().file());
    assertThat(young).as(what).singleElement().asString().startsWith("young");
    List<String> old = new ArrayList<>(all);
    old.removeAll(young);
    assertThat(office.content(archive)).as(what).containsExactlyInAnyOrderElementsOf(old);
  }

  /** Writes down which points of a run touch the archive, or what lies beside it for a while. */
  private static final class Touches implements ShareFiles.Tap {
    private final Saboteur counting = Saboteur.counting();
    private final List<Integer> points = new ArrayList<>();
    private final Path archive;

    Touches(Path archive) {
      this.archive = archive;
    }

    @Override
    public void before(ShareFiles.Operation operation, Path path) throws IOException {
      note(path);
      counting.before(operation, path);
    }

    @Override
    public void after(ShareFiles.Operation operation, Path path) throws IOException {
      note(path);
      counting.after(operation, path);
    }

    private void note(Path path) {
      if (path.toString().startsWith(archive.toString())) {
        points.add(counting.points());
      }
    }
  }

  private Touches touches(String name) throws IOException {
    anew();
    Touches touches = new Touches(onShare(name));
    office.anna.tap = touches;
    office.archive(office.anna, onShare(name));
    return touches;
  }

  /** On a copy of everything as it was. */
  private void anew() throws IOException {
    Path place = folder.resolve("broken");
    if (Files.exists(place)) {
      Folders.delete(place);
    }
    Folders.copy(folder.resolve("whole"), place);
    office = OldQuotes.in(place);
  }

  @Tag("heavy")
  @ParameterizedTest
  @CsvSource({
    "old.db, KILL",
    "old.db, CUT",
    "old.sql, KILL",
    "old.sql, FAIL",
    "old.sql, CUT",
    "old.sql, FULL"
  })
  void at_each_operation_on_the_archive_and_the_next_two(String name, Blow blow) throws Exception {
    begin(3);
    Touches touches = touches(name);
    assertThat(touches.points).hasSizeGreaterThanOrEqualTo(3);
    int struck = 0;
    for (int touch : touches.points) {
      for (int point = touch; point < Math.min(touch + 3, touches.counting.points()); point++) {
        if (blow.fits(touches.counting.trace().get(point))) {
          anew();
          breakAt(blow, point, onShare(name));
          struck++;
        }
      }
    }
    assertThat(struck).isGreaterThan(1);
  }

  private void breakAt(Blow blow, int point, Path archive) {
    String what = blow + " at " + point;
    office.anna.tap = Saboteur.at(blow, point);
    try {
      office.archive(office.anna, archive);
    } catch (Failure e) {
      assertThat(e.hint()).as(what).isNotBlank();
    } catch (Kill gone) {
      assertThat(blow).isEqualTo(Blow.KILL);
    }
    office.anna.tap = ShareFiles.Tap.NONE;
    assertNothingIsLost(archive, what);
    assertItIsFinished(archive, what);
  }

  @Test
  void where_the_archive_cannot_take_all_rows_none_is_deleted() {
    begin(250);
    Path file = onShare("old.db");
    office.archive(office.anna, file); // so that there are tables, and columns
    office.restore(office.anna, file);
    office.fleet.comeToRest(office.pace);
    new Database(file)
        .execute(
            "DELETE FROM quotes",
            "DELETE FROM items",
            "CREATE TRIGGER full BEFORE INSERT ON quotes WHEN NEW.quoteId='R150' BEGIN SELECT"
                + " RAISE(ABORT, 'no more'); END");

    assertThatThrownBy(() -> office.archive(office.anna, file)).hasMessageContaining("no more");

    assertThat(office.content(office.anna.db().file())).isEqualTo(all);
    new Database(file).execute("DROP TRIGGER full");
    assertItIsFinished(file, "after a failure within the copying");
  }

  @ParameterizedTest
  @ValueSource(strings = {"old.db", "old.sql"})
  void cut_off_amid_the_deletes_what_is_deleted_is_in_the_archive(String name) {
    begin(250);
    Path file = onShare(name);
    office
        .anna
        .db()
        .execute(
            "CREATE TRIGGER cut BEFORE DELETE ON quotes WHEN OLD.quoteId='R150' BEGIN SELECT"
                + " RAISE(ROLLBACK, 'the power is off'); END");

    assertThatThrownBy(() -> office.archive(office.anna, file)).isInstanceOf(Exception.class);

    assertThat(office.anna.db().rows("SELECT quoteId FROM quotes"))
        .contains("R150")
        .hasSizeLessThan(251);
    office.anna.db().execute("DROP TRIGGER cut");
    assertNothingIsLost(file, "amid the deletes");
    assertItIsFinished(file, "amid the deletes");
  }

  @Test
  void a_row_that_the_database_refuses_to_delete_stays_with_all_that_hangs_on_it() {
    begin(3);
    office
        .anna
        .db()
        .execute(
            "CREATE TRIGGER no BEFORE DELETE ON quotes WHEN OLD.quoteId='R2' BEGIN SELECT"
                + " RAISE(ABORT, 'never'); END");

    Archiving.Result result = office.archive(office.anna, onShare("old.db"));

    assertThat(OldQuotes.left(result.left()))
        .singleElement()
        .asString()
        .contains("quotes R2")
        .contains("never");
    assertThat(office.anna.db().rows("SELECT quoteId FROM items")).containsExactly("R2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"old.db", "old.sql"})
  void two_that_archive_the_same_rows_at_once_lose_nothing(String name) throws Exception {
    begin(3);
    int points = touches(name).counting.points();
    for (int point = 0; point < points; point += 11) {
      anew();
      Path file = onShare(name);
      OldQuotes here = office;
      office.anna.tap =
          new AtOperation(
              point,
              () -> {
                try {
                  here.archive(here.ben, file);
                } catch (Failure e) {
                  assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(Failure.BUSY);
                }
              });
      try {
        office.archive(office.anna, file);
      } catch (Failure e) {
        assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(Failure.BUSY);
      }
      office.anna.tap = ShareFiles.Tap.NONE;
      assertNothingIsLost(file, "two at once at " + point);
      assertItIsFinished(file, "two at once at " + point);
    }
  }

  @Test
  void who_lost_the_lease_meanwhile_does_not_put_its_dump_over_another_s() throws Exception {
    begin(3);
    Touches touches = touches("old.sql");
    int refused = 0;
    for (int point : touches.points) {
      Saboteur.Point at = touches.counting.trace().get(point);
      if (at.operation() == ShareFiles.Operation.MOVE && !at.happened()) {
        continue; // the lease was asked for right before
      }
      anew();
      OldQuotes here = office;
      Path file = onShare("old.sql");
      office.anna.tap =
          new AtOperation(
              point,
              () -> {
                here.ben.ledger().foldLease().breakIt();
                here.ben.edit(OldQuotes.rows("late", 1, 1));
                here.archive(here.ben, file);
              });
      try {
        office.archive(office.anna, file);
      } catch (Failure e) {
        assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(Failure.BUSY);
        refused++;
      }
      office.anna.tap = ShareFiles.Tap.NONE;
      String what = "lost at " + point;
      assertNothingIsLost(file, what);
      assertThat(office.content(file)).as(what).contains("late1|bom 1|Clate1|2020-01-01");
    }
    assertThat(refused).isGreaterThan(1);
  }
}
