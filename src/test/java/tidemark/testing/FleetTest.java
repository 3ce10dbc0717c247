package tidemark.testing;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Three workstations on real files; the tests say what happens on them. */
public abstract class FleetTest {
  @TempDir protected Path folder;
  protected Fleet fleet;
  protected Workstation anna;
  protected Workstation ben;
  protected Workstation cara;

  @BeforeEach
  void threeWorkstations() {
    threeWorkstationsIn(folder);
  }

  /** Others than before, for a test that begins again and again. */
  protected void threeWorkstationsIn(Path where) {
    fleet = new Fleet(where);
    anna = fleet.workstation("anna");
    ben = fleet.workstation("ben");
    cara = fleet.workstation("cara");
  }

  /** Anna's database has these tables and rows, and everybody has them too. */
  protected void everybodyHas(String... statements) {
    anna.edit(statements);
    fleet.all().forEach(Workstation::syncWell);
  }

  protected void everybodyHasTheApplicationsTables() {
    anna.db().script("/tidemark/app/demo/server.sql");
    fleet.all().forEach(Workstation::syncWell);
  }

  /** Kind and winner of every conflict a workstation knows, sorted. */
  protected static List<String> kinds(Workstation workstation) {
    return workstation
        .db()
        .rows("SELECT kind, winner FROM sync_conflicts ORDER BY kind, winner, id");
  }

  protected static String data(Workstation workstation, String column, String kind) {
    return workstation.db().value("SELECT " + column + " FROM sync_conflicts WHERE kind=?", kind);
  }
}
