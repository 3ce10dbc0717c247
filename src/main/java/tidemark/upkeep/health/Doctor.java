package tidemark.upkeep.health;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tidemark.run.LocalDamage;

/**
 * Examines one database: the local file, the share, the ledger on it, the master, the backups and
 * the fleet, and says for each what to do about it.
 *
 * <p>Guarantee: changes nothing, except that reading a damaged entry mends it from kept bytes.
 * Threading: one thread.
 */
public final class Doctor {
  private final Subject subject;

  public Doctor(Subject subject) {
    this.subject = subject;
  }

  /** Everything, now, however long it takes. */
  public List<Finding> examine() {
    return examine(new Sizes(), new Sizes());
  }

  List<Finding> examine(Sizes local, Sizes master) {
    List<Finding> findings = new ArrayList<>(examined(own(local)));
    if (ShareChecks.isThere(findings)) {
      findings.addAll(examined(everybodys(master)));
    }
    return findings;
  }

  private static List<Finding> examined(List<Check> checks) {
    return checks.stream().flatMap(check -> check.examine(true).stream()).toList();
  }

  /** What each workstation has to look at for itself. */
  List<Check> own(Sizes sizes) {
    return joined(
        new LocalChecks(subject).all(sizes),
        new ApplicationChecks(subject).all(),
        new ShareChecks(subject).own());
  }

  /** What is the same whoever looks at it; makes sense only where the share is there. */
  List<Check> everybodys(Sizes sizes) {
    boolean master = subject.plan().hasMaster(); // else its server sees to that
    return joined(
        new ShareChecks(subject).everybodys(),
        new LedgerChecks(subject).all(),
        master ? new MasterChecks(subject).all(sizes) : List.of(),
        new BackupChecks(subject).all(),
        new FleetChecks(subject).all(),
        new ConflictChecks(subject).all());
  }

  /** Any of them may be the one that meets a damaged local file. */
  @SafeVarargs
  private List<Check> joined(List<Check>... areas) {
    Path local = subject.plan().local();
    return Stream.of(areas)
        .flatMap(List::stream)
        .map(
            check ->
                new Check(
                    check.name(),
                    check.every(),
                    deep -> LocalDamage.told(local, () -> check.examination().examine(deep))))
        .toList();
  }
}
