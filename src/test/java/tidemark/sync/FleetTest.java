package tidemark.sync;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tidemark.testing.Fleet;
import tidemark.testing.Workstation;

/** Three workstations on real files; the tests say what happens on them. */
public abstract class FleetTest {
  @TempDir Path folder;
  public Fleet fleet;
  public Workstation anna;
  public Workstation ben;
  public Workstation cara;

  @BeforeEach
  void threeWorkstations() {
    threeWorkstationsIn(folder);
  }

  /** Others than before, for a test that begins again and again. */
  void threeWorkstationsIn(Path where) {
    fleet = new Fleet(where);
    anna = fleet.workstation("anna");
    ben = fleet.workstation("ben");
    cara = fleet.workstation("cara");
  }

  /** Anna's database has these tables and rows, and everybody has them too. */
  void everybodyHas(String... statements) {
    anna.edit(statements);
    fleet.all().forEach(Workstation::syncWell);
  }

  void everybodyHasTheApplicationsTables() {
    anna.db().script("/tidemark/app/demo/server.sql");
    fleet.all().forEach(Workstation::syncWell);
  }

  /** Kind and winner of every conflict a workstation knows, sorted. */
  static List<String> kinds(Workstation workstation) {
    return workstation
        .db()
        .rows("SELECT kind, winner FROM sync_conflicts ORDER BY kind, winner, id");
  }

  static String data(Workstation workstation, String column, String kind) {
    return workstation.db().value("SELECT " + column + " FROM sync_conflicts WHERE kind=?", kind);
  }
}
