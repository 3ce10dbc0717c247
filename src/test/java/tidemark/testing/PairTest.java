package tidemark.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two workstations on real files; the tests say what happens on them. */
public abstract class PairTest {
  @TempDir(factory = QuickFolder.class)
  protected Path folder;

  protected Fleet fleet;
  protected Workstation anna;
  protected Workstation ben;

  @BeforeEach
  final void workstations() {
    workstationsIn(folder);
  }

  @AfterEach
  final void nobodyServes() {
    LentShare.closeAll();
  }

  /** Others than before, for a test that begins again and again. */
  protected void workstationsIn(Path where) {
    fleet = new Fleet(where);
    anna = fleet.workstation("anna");
    ben = fleet.workstation("ben");
  }

  /** Anna's database has these tables and rows, and everybody has them too. */
  protected void everybodyHas(String... statements) {
    fleet.begin(
        List.of(statements),
        () -> {
          anna.edit(statements);
          fleet.all().forEach(Workstation::syncWell);
        });
  }

  /** The same with the application's tables before. */
  protected void everybodyHasTheApplicationsTables(String... more) {
    List<String> all = new ArrayList<>(Database.statements("/tidemark/app/demo/server.sql"));
    all.addAll(List.of(more));
    everybodyHas(all.toArray(String[]::new));
  }

  /** All tests of a class begin so: made once, and copied. It may change nothing but files. */
  protected void begin(Runnable making) {
    fleet.begin(getClass(), making);
  }

  /** All have the same rows, and this is among them. */
  protected void everywhere(String select, String expected) {
    fleet.settle().assertSame();
    assertThat(anna.db().value(select)).isEqualTo(expected);
  }
}
