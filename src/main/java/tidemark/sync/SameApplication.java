package tidemark.sync;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Optional;
import tidemark.change.Failure;
import tidemark.jdbc.FileHeader;
import tidemark.master.MasterFile;
import tidemark.replica.Replica;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;

/**
 * Refuses a local database that is another application's than the master, where both say whose they
 * are: a path confused in the config would mix the two for everybody.
 *
 * <p>Asks only before the first sync, and the files' headers alone, past all locks.
 */
final class SameApplication {
  private final Plan plan;

  SameApplication(Plan plan) {
    this.plan = plan;
  }

  void require() {
    int here = localId();
    if (here == 0 || !plan.hasMaster() || hasSynced()) {
      return;
    }
    int master = new MasterFile(plan).applicationId();
    if (master != 0 && master != here) {
      throw Failure.ofOthers(
          Failure.REFUSED,
          plan.local().toString(),
          " is a database of another application (application_id "
              + here
              + ") than the master "
              + plan.master()
              + " ("
              + master
              + ")",
          "correct databases." + plan.name() + " in the config; nothing was changed",
          null);
    }
  }

  private boolean hasSynced() {
    Optional<Replica> known = new LocalDatabase(plan).look();
    known.ifPresent(Replica::close);
    return known.isPresent();
  }

  /** Zero where it says nothing, or cannot be read: whoever opens it will tell why. */
  private int localId() {
    try (InputStream in = Files.newInputStream(plan.local())) {
      return FileHeader.of(in).applicationId();
    } catch (IOException e) {
      return 0;
    }
  }
}
