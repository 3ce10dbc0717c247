package tidemark.app;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Ledger;
import tidemark.master.Fold;
import tidemark.master.LedgerContent;
import tidemark.past.Past;
import tidemark.past.Past.Spot;
import tidemark.past.Point;
import tidemark.past.RestoreReport;
import tidemark.past.RestoreWish;
import tidemark.past.RewindScope;
import tidemark.past.Rollback;
import tidemark.run.Plan;
import tidemark.run.Request;
import tidemark.run.Scratch;
import tidemark.sync.DatabaseSync;
import tidemark.sync.MasterRestore;
import tidemark.upkeep.backup.Backup;
import tidemark.upkeep.backup.BackupSources;
import tidemark.upkeep.backup.Backups;

/**
 * Brings back what was: rows as they were at an earlier moment, as new changes that everybody
 * receives; a damaged or missing master; or, where the share has lost everything, a backup.
 *
 * <p>Guarantee: nothing that can still be read is overwritten or deleted by it: rows that are
 * replaced stay in the ledger, files that are replaced are set aside. Threading: one thread.
 */
public final class Restore {
  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;
  private final BackupSources backups;
  private final LocalAccess access;
  private final Past past;
  private final Rollback rollback;

  /**
   * @param places where backups lie
   */
  Restore(Plan plan, Ledger ledger, Clock clock, List<Backups> places, LocalAccess access) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
    this.backups = new BackupSources(places);
    this.access = access;
    this.past = new Past(plan, ledger);
    this.rollback = new Rollback(plan, ledger, clock, backups);
  }

  // ---- rows

  /** Tells what would change; nothing is written. */
  public RestoreReport look(RestoreWish wish) {
    Target target = target(wish.to());
    Rollback.Dry dry = rollback.dryRun(target.moment(), scope(wish));
    return new RestoreReport(target.spot(), target.backup(), dry.result(), dry.versions(), null);
  }

  /** Writes rows as they were, as changes of this user, and syncs. */
  public RestoreReport rollBack(RestoreWish wish, Request request) {
    return access.alone(
        () -> {
          Target target = target(wish.to());
          Rollback.Done done = rollback.run(target.moment(), scope(wish), request);
          return new RestoreReport(
              target.spot(), target.backup(), done.result(), List.of(), done.run());
        });
  }

  private RewindScope scope(RestoreWish wish) {
    Point until = wish.until();
    return new RewindScope(
        wish.table(),
        wish.key(),
        until == null ? null : target(until).spot().entry(),
        wish.by(),
        wish.workstation(),
        wish.withChildren());
  }

  private record Target(Spot spot, @Nullable String backup, Rollback.Moment moment) {
    static Target of(Spot spot) {
      return new Target(spot, null, Rollback.Moment.of(spot.entry()));
    }
  }

  private Target target(Point point) {
    return switch (point.kind()) {
      case ENTRY -> Target.of(past.entry(point.number()));
      case TIME -> Target.of(past.at(point.number()));
      case BACKUP -> backup(point.text());
    };
  }

  private Target backup(String name) {
    BackupSources.Found first = found(name);
    Position position = first.backup().position();
    LedgerContent.Base base = into -> Optional.of(unpack(name, into));
    return new Target(
        new Spot(position.number(), first.backup().at()),
        name,
        new Rollback.Moment(position.number(), Optional.of(base)));
  }

  private BackupSources.Found found(String name) {
    return backups.named(name).stream()
        .findFirst()
        .orElseThrow(
            () ->
                new Failure(
                    Failure.USAGE,
                    "'" + name + "' is no entry, no time and no backup",
                    "`tidemark restore --list` names what one can go back to"));
  }

  /** The first one that is whole, where the same one lies in several places. */
  private Position unpack(String name, Path into) {
    @Nullable Failure damaged = null;
    for (BackupSources.Found found : backups.named(name)) {
      try {
        return found.bring(into);
      } catch (Failure e) {
        damaged = e;
      }
    }
    throw damaged != null ? damaged : new Failure(Failure.REFUSED, name + " is gone", "");
  }

  // ---- what there is

  /**
   * What one can go back to.
   *
   * @param oldest the first entry that is kept; null where there is none
   */
  public record Kept(@Nullable Spot oldest, List<Spot> snapshots, List<Backup> backups) {}

  public Kept kept() {
    return new Kept(
        past.oldest().orElse(null),
        ledger.snapshots().stream().map(past::spot).toList(),
        backups.all().stream().map(BackupSources.Found::backup).toList());
  }

  /** What was done since this moment, newest first. */
  public void eachDeed(long since, Consumer<Past.Deed> consumer) {
    past.eachDeed(since, consumer);
  }

  // ---- the master, and everything

  /** Makes a damaged or missing master whole again. */
  public Fold.Made master() {
    return access.alone(() -> new MasterRestore(plan, ledger, clock, backups).run());
  }

  /** Neither master nor ledger is left: only a backup can help. */
  public boolean everythingIsLost() {
    return new MasterRestore(plan, ledger, clock, backups).nothingIsLeft();
  }

  /** Where everything is lost, the share begins anew with this backup. */
  public DatabaseSync.Outcome beginWith(String backup, Request request) {
    found(backup);
    return access.alone(
        () -> {
          Path copy = Scratch.file(plan.scratch(), "backup");
          try {
            unpack(backup, copy);
            return new MasterRestore(plan, ledger, clock, backups).beginWith(copy, request);
          } finally {
            Scratch.delete(copy);
          }
        });
  }
}
