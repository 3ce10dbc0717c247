package tidemark.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.catchup.Align;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.rest.Stock;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;
import tidemark.run.Request;
import tidemark.run.SyncReport;
import tidemark.say.FleetMember;
import tidemark.sync.DatabaseSync;

/**
 * One database of a server's config, for programs that are not Tidemark.
 *
 * <p>Threading: may be shared; edits are carried by one at a time.
 */
final class DatabaseForPrograms implements Stock {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseForPrograms.class);

  private final Database database;
  private final Plan plan;
  private final Ledger ledger;
  private final ConflictRule rule;

  /**
   * @param ledger nobody else's: it is asked by many threads
   */
  DatabaseForPrograms(Database database, Plan plan, Ledger ledger, ConflictRule rule) {
    this.database = database;
    this.plan = plan;
    this.ledger = ledger;
    this.rule = rule;
  }

  @Override
  public String name() {
    return plan.name();
  }

  @Override
  public ConflictRule rule() {
    return rule;
  }

  @Override
  public String workstation() {
    return plan.author().workstation();
  }

  @Override
  public Optional<Replica> look() {
    return new LocalDatabase(plan).look();
  }

  @Override
  public Replica open() {
    return new LocalDatabase(plan).open();
  }

  @Override
  public Path local() {
    return plan.local();
  }

  @Override
  public String file() {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(plan.local(), BasicFileAttributes.class);
      return attributes.fileKey() + " " + attributes.creationTime();
    } catch (IOException e) {
      return "none"; // opening it says why
    }
  }

  @Override
  public SyncReport carry(DatabaseSync.Hand hand) {
    return database.carry(hand, new Request(Set.of(), Direction.BOTH, rule, "program"));
  }

  @Override
  public synchronized @Nullable Entry entry(long number) {
    try {
      return ledger.read(number);
    } catch (Failure e) {
      LOG.debug("who deleted a row cannot be told now: {}", e.whatFailed());
      return null;
    }
  }

  @Override
  public synchronized long floor() {
    return ledger.info().orElseThrow(() -> Align.ledgerIsGone(plan.place())).floor();
  }

  @Override
  public List<FleetMember> fleet() {
    return database.fleet();
  }
}
