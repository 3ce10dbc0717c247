package tidemark.testing;

import java.nio.file.Path;
import java.util.List;

/** Three workstations on real files. */
public abstract class FleetTest extends PairTest {
  protected Workstation cara;

  @Override
  protected void workstationsIn(Path where) {
    super.workstationsIn(where);
    cara = fleet.workstation("cara");
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
