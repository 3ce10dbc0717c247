package tidemark.app;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.config.BackupSettings;
import tidemark.ledger.Ledger;
import tidemark.run.Plan;
import tidemark.upkeep.backup.Backup;
import tidemark.upkeep.backup.BackupCopies;
import tidemark.upkeep.backup.BackupPlan;
import tidemark.upkeep.backup.BackupProof;
import tidemark.upkeep.backup.BackupStorage;
import tidemark.upkeep.backup.Backups;
import tidemark.upkeep.backup.Examined;
import tidemark.upkeep.backup.KnownBackups;
import tidemark.upkeep.backup.LocalBackups;
import tidemark.upkeep.backup.MasterBackups;
import tidemark.upkeep.backup.Rehearsal;
import tidemark.upkeep.backup.Rehearsed;
import tidemark.upkeep.backup.Rotation;

/**
 * The backups of one database, as the config has them. Everything but {@link #folder} and {@link
 * #look} fails where it names no folder for them.
 *
 * <p>Threading: one thread.
 */
public final class DatabaseBackups {
  private final Plan plan;
  private final Ledger ledger;
  private final LocalAccess access;
  private final BackupPlaces places;
  private final BackupSettings settings;
  private final Clock clock;

  DatabaseBackups(Plan plan, Ledger ledger, LocalAccess access, BackupPlaces places, Clock clock) {
    this.plan = plan;
    this.ledger = ledger;
    this.access = access;
    this.places = places;
    this.settings = places.settings();
    this.clock = clock;
  }

  /**
   * A backup at a glance.
   *
   * @param packed how many bytes it takes where it lies
   * @param check null where it was not examined since it was made, when all of it was read back
   */
  public record Listed(Backup backup, long packed, @Nullable Examined check) {}

  /**
   * What there is.
   *
   * @param unreadable what is called like a backup and is none, with the reason
   * @param nextDue of the master's; past where it has yet to be made
   * @param uncopied weekly ones that are to be brought to other storage
   * @param copying why nobody can tell; null if one can
   */
  public record Overview(
      Path folder,
      List<Listed> backups,
      Map<String, String> unreadable,
      Instant nextDue,
      Optional<Rehearsed> rehearsal,
      List<Backup> uncopied,
      @Nullable Failure copying) {}

  /** Empty where there are to be none. */
  public Optional<Path> folder() {
    return settings.folder();
  }

  /** Empty where there are to be none. */
  public Optional<Overview> look() {
    return folder().map(folder -> look(folder, places.required()));
  }

  private Overview look(Path folder, BackupStorage storage) {
    if (!storage.isThere()) {
      return new Overview(
          folder, List.of(), Map.of(), nextDue(List.of()), Optional.empty(), List.of(), null);
    }
    Backups backups = storage.of(plan.name());
    Backups.Shelf shelf = backups.look();
    KnownBackups known = backups.known();
    List<Listed> listed = new ArrayList<>();
    for (Backup backup : shelf.backups()) {
      listed.add(new Listed(backup, backups.sizeOf(backup), known.checks().get(backup.name())));
    }
    List<Backup> uncopied = List.of();
    Failure copying = null;
    try {
      uncopied = uncopied();
    } catch (Failure e) {
      copying = e;
    }
    return new Overview(
        folder,
        listed,
        shelf.unreadable(),
        nextDue(shelf.backups()),
        known.rehearsal(),
        uncopied,
        copying);
  }

  private Instant nextDue(List<Backup> there) {
    ZonedDateTime now = clock.instant().atZone(clock.getZone());
    ZonedDateTime latest = Rotation.latest(now, settings.at());
    boolean made = rotation().due(there, now, settings.at()).isEmpty();
    return (made ? latest.plusDays(1) : latest).toInstant();
  }

  /** All of this database that can be read, newest first. */
  public List<Backup> list() {
    BackupStorage storage = places.required();
    return storage.isThere() ? storage.of(plan.name()).list() : List.of();
  }

  /** One of the master, now. */
  public MasterBackups.Made makeNow() {
    return new MasterBackups(ready(), access::alone).makeNow(access.patience());
  }

  /** What is due and nobody has made yet. */
  public MasterBackups.Made makeDue() {
    return new MasterBackups(ready(), access::alone).makeDue();
  }

  /** Since when one is due. */
  public Instant dueSince(Instant now) {
    return Rotation.latest(now.atZone(clock.getZone()), settings.at()).toInstant();
  }

  /** One of the local database, now. */
  public Backup makeLocal() {
    places.required().ensure();
    return new LocalBackups(backupPlan()).make();
  }

  /** Weekly ones that are to be brought to other storage. */
  private List<Backup> uncopied() {
    BackupPlan backups = backupPlan();
    Optional<BackupStorage> elsewhere = places.elsewhere();
    return elsewhere.isEmpty()
        ? List.of()
        : new BackupCopies(backups, elsewhere.get().of(plan.name())).missing();
  }

  /** Brings weekly ones to other storage; says which. */
  public List<Backup> copy() {
    Optional<BackupStorage> elsewhere = places.elsewhere();
    if (elsewhere.isEmpty()) {
      return List.of();
    }
    elsewhere.get().ensure();
    return new BackupCopies(backupPlan(), elsewhere.get().of(plan.name())).bring();
  }

  /** Examines these. */
  public List<BackupProof.Proof> examine(List<Backup> backups) {
    return new BackupProof(backupPlan()).examine(backups);
  }

  /** What is called like a backup and is none, with the reason. */
  public Map<String, String> unreadable() {
    BackupStorage storage = places.required();
    return storage.isThere() ? storage.of(plan.name()).look().unreadable() : Map.of();
  }

  /** Tries a restore of the newest one, now. */
  public Rehearsed rehearse() {
    return new Rehearsal(backupPlan()).run();
  }

  /** Whether it is time to try a restore, and there is something to try it with. */
  public boolean isRehearsalDue(Instant now) {
    return folder().isPresent()
        && settings.rehearse().isPresent()
        && new Rehearsal(backupPlan()).isDue(now, settings.rehearse().get());
  }

  /** What {@link #prune} would remove. */
  public List<Backup> dispensable() {
    return new MasterBackups(backupPlan(), access::alone).dispensable();
  }

  /** Removes what is kept no longer; says which. */
  public List<Backup> prune() {
    return new MasterBackups(backupPlan(), access::alone).prune();
  }

  private Rotation rotation() {
    return new Rotation(settings.daily(), settings.weekly(), settings.monthly());
  }

  /** To write there; the master's share comes first, which often is the same. */
  private BackupPlan ready() {
    ledger.info();
    places.required().ensure();
    return backupPlan();
  }

  private BackupPlan backupPlan() {
    String version = DatabaseBackups.class.getPackage().getImplementationVersion();
    return new BackupPlan(
        plan,
        ledger,
        clock,
        places.required().of(plan.name()),
        rotation(),
        settings.at(),
        settings.compress() == BackupSettings.Compression.GZIP,
        new Backup.Maker(
            plan.author().user(), plan.author().workstation(), version == null ? "-" : version));
  }
}
