package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.change.Failure;
import tidemark.master.Fold;
import tidemark.run.Copies;
import tidemark.testing.Database;
import tidemark.testing.Fleet;
import tidemark.testing.Folders;
import tidemark.testing.Kill;
import tidemark.testing.QuickFolder;
import tidemark.testing.Saboteur;
import tidemark.testing.Saboteur.Blow;
import tidemark.testing.SettablePace;
import tidemark.testing.Workstation;

/** A damaged master is made anew when somebody says so, and the damaged one is never lost. */
class MasterRestoreTest {
  @TempDir(factory = QuickFolder.class)
  Path folder;

  private final SettablePace pace = new SettablePace();
  private Fleet fleet;
  private Workstation anna;
  private byte[] damaged;

  @BeforeEach
  void aDamagedMaster() throws IOException {
    open("whole");
    anna.edit(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, name TEXT)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<200) INSERT INTO parts SELECT 'S'||i, hex(zeroblob(40)) FROM n");
    fleet.settle();
    Path master = fleet.master().file();
    byte[] bytes = Files.readAllBytes(master);
    Arrays.fill(bytes, 4096, bytes.length / 2, (byte) 7);
    Files.write(master, bytes);
    damaged = bytes;
  }

  private void open(String name) throws IOException {
    Path place = folder.resolve(name);
    Files.createDirectories(place);
    fleet = new Fleet(place);
    anna = fleet.workstation("anna");
    anna.pace = pace;
    anna.startDaemon();
  }

  private Fold.Made restore() {
    return new MasterRestore(anna.plan(), anna.ledger(), anna.clock(), Copies.NONE).run();
  }

  private List<Path> copiesOfTheDamagedOne() throws IOException {
    try (Stream<Path> there = Files.list(fleet.share())) {
      return there
          .filter(file -> file.getFileName().toString().matches("server\\.db(\\.damaged-.*)?"))
          .filter(file -> Arrays.equals(bytes(file), damaged))
          .toList();
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void it_is_made_anew_and_the_damaged_one_is_kept_beside_it() throws IOException {
    Fold.Made restored = restore();
    assertThat(restored.wasWhole()).isFalse();
    assertThat(copiesOfTheDamagedOne()).containsExactly(restored.aside().orElseThrow());
    assertThat(restore().wasWhole()).isTrue();
    fleet.settle().assertSame();
  }

  @Test
  void another_applications_database_in_its_place_is_left_alone() throws IOException {
    Path master = fleet.master().file();
    Files.delete(master);
    new Database(master).execute("CREATE TABLE wages(id INTEGER PRIMARY KEY, amount REAL)");
    byte[] before = Files.readAllBytes(master);
    assertThatThrownBy(this::restore)
        .isInstanceOf(Failure.class)
        .hasMessageContaining("is not the master this ledger knows");
    assertThat(Files.readAllBytes(master)).isEqualTo(before);
  }

  @Tag("heavy")
  @ParameterizedTest
  @EnumSource(
      value = Blow.class,
      names = {"KILL", "FAIL", "CUT", "FULL", "DENY"})
  void whatever_happens_at_any_operation_the_damaged_one_stays_and_the_next_one_succeeds(Blow blow)
      throws IOException {
    Saboteur counting = at(Saboteur.counting());
    int struck = 0;
    for (int point = 0; point < counting.points(); point++) {
      if (!blow.fits(counting.trace().get(point))) {
        continue;
      }
      Saboteur saboteur = at(Saboteur.at(blow, point));
      struck += saboteur.struck() ? 1 : 0;
      String what = blow + " at " + point + " " + counting.trace().get(point);
      assertThat(copiesOfTheDamagedOne()).as(what).hasSize(1);
      again(what);
      assertThat(copiesOfTheDamagedOne()).as(what).hasSize(1);
      fleet.settle().assertSame();
    }
    assertThat(struck).isGreaterThan(4);
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
      restore();
    } catch (Failure e) {
      assertThat(e.hint()).isNotBlank();
    } catch (Kill gone) {
      open("broken");
    }
    anna.tap = tidemark.share.ShareFiles.Tap.NONE;
    return saboteur;
  }

  /** A lease of one who died is seen to be dead only after a while. */
  private void again(String what) {
    for (int tries = 0; tries < 10; tries++) {
      try {
        restore();
        return;
      } catch (Failure e) {
        assertThat(e.exitCode()).as(what + ": " + e.getMessage()).isEqualTo(Failure.BUSY);
        pace.pass(java.time.Duration.ofSeconds(40));
      }
    }
    throw new AssertionError(what + ": it never succeeds");
  }
}
