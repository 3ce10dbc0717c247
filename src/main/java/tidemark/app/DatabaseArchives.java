package tidemark.app;

import java.nio.file.Path;
import java.time.Clock;
import tidemark.ledger.Ledger;
import tidemark.run.Plan;
import tidemark.upkeep.archive.ArchiveOrder;
import tidemark.upkeep.archive.ArchiveReturn;
import tidemark.upkeep.archive.Archiving;

/** Old rows of one database, moved to files of their own and back. */
public final class DatabaseArchives {
  private final Plan plan;
  private final Ledger ledger;
  private final LocalAccess access;
  private final Clock clock;

  DatabaseArchives(Plan plan, Ledger ledger, LocalAccess access, Clock clock) {
    this.plan = plan;
    this.ledger = ledger;
    this.access = access;
    this.clock = clock;
  }

  /** What {@link #move} would move, as things stand here. */
  public Archiving.Result wouldMove(ArchiveOrder order) {
    return new Archiving(plan, ledger, clock).wouldMove(order);
  }

  /** Moves old rows into an archive. */
  public Archiving.Result move(ArchiveOrder order) {
    return access.alone(() -> new Archiving(plan, ledger, clock).move(order));
  }

  /** Brings archived rows back. */
  public ArchiveReturn.Result bringBack(ArchiveReturn.Order order) {
    return access.alone(() -> new ArchiveReturn(plan, ledger, clock).run(order));
  }

  /** The name of the database that this archive is of. */
  public String databaseOf(Path archive) {
    return ArchiveReturn.databaseOf(archive, plan);
  }
}
