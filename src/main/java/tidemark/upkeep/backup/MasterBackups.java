package tidemark.upkeep.backup;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.ledger.Ledger;
import tidemark.master.MasterCopy;
import tidemark.upkeep.backup.Backup.Kind;
import tidemark.upkeep.backup.BackupMaking.Source;

/**
 * Backs the master up and removes what is kept no longer.
 *
 * <p>Guarantee: a backup holds the master at one entry, with nothing that stands in no entry; of
 * several workstations one makes what is due. What fails costs no backup that is there, and none is
 * removed before a new one is whole. Threading: one thread.
 */
public final class MasterBackups {
  private static final Logger LOG = LoggerFactory.getLogger(MasterBackups.class);
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final BackupPlan plan;
  private final Alone alone;

  public MasterBackups(BackupPlan plan, Alone alone) {
    this.plan = plan;
    this.alone = alone;
  }

  /** Does something while no other process of this machine writes here. */
  public interface Alone {
    MasterCopy take(Supplier<MasterCopy> copy);
  }

  /**
   * What was done.
   *
   * @param trouble why what is kept no longer could not be removed; null if it was
   */
  public record Made(List<Backup> backups, List<Backup> removed, @Nullable Failure trouble) {}

  /** What is due, unless others made it meanwhile. */
  public Made makeDue() {
    String ledger = ledgerId();
    if (due(good(ledger)).isEmpty()) {
      return new Made(List.of(), List.of(), null);
    }
    return make(Duration.ZERO, this::due);
  }

  private Set<Kind> due(List<Backup> good) {
    ZonedDateTime now = Instant.ofEpochMilli(plan.shareTime()).atZone(plan.clock().getZone());
    return plan.rotation().due(good, now, plan.at());
  }

  /**
   * One, whatever there is.
   *
   * @param wait so long for whoever is at the master
   */
  public Made makeNow(Duration wait) {
    return make(wait, good -> EnumSet.of(Kind.MANUAL));
  }

  private Made make(Duration wait, Function<List<Backup>, Collection<Kind>> wanted) {
    try (MasterCopy copy =
        alone.take(() -> MasterCopy.take(plan.plan(), plan.ledger(), plan.clock(), wait))) {
      Source source = new Source(copy.file(), copy.ledgerId(), copy.position());
      Collection<Kind> kinds = wanted.apply(good(copy.ledgerId()));
      List<Backup> made = plan.making().make(kinds, source, plan.shareTime(), copy::requireLease);
      try {
        return new Made(made, made.isEmpty() ? List.of() : prune(), null);
      } catch (Failure e) {
        LOG.warn("old backups of {} stay until the next one: {}", name(), e.getMessage());
        return new Made(made, List.of(), e);
      }
    }
  }

  private String name() {
    return plan.plan().name();
  }

  private String ledgerId() {
    return plan.ledger()
        .info()
        .map(Ledger.Info::id)
        .orElseThrow(
            () ->
                new Failure(
                    Failure.OFFLINE, "there is no ledger on the share", "sync once to begin one"));
  }

  /** Of this ledger, those known to be damaged left out. */
  private List<Backup> good(String ledger) {
    Set<String> damaged = plan.backups().known().damaged();
    return ofLedger(ledger).stream().filter(b -> !damaged.contains(b.name())).toList();
  }

  private List<Backup> ofLedger(String ledger) {
    return plan.backups().list().stream().filter(b -> b.ledger().equals(ledger)).toList();
  }

  /** What would be removed now. */
  public List<Backup> dispensable() {
    return plan.rotation().dispensable(ofLedger(ledgerId()), plan.backups().known().damaged());
  }

  /** Removes what is kept no longer, and leftovers of what was cut off. */
  public List<Backup> prune() {
    Pruning pruning = new Pruning(plan.backups());
    pruning.sweep(plan.shareTime() - ABANDONED.toMillis());
    return pruning.remove(dispensable());
  }
}
