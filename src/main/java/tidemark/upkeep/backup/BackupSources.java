package tidemark.upkeep.backup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.run.Copies;

/**
 * The backups of the master as copies from which to restore, wherever they are kept.
 *
 * <p>Guarantee: what is damaged is passed by. Reads only.
 */
public final class BackupSources implements Copies {
  private static final Logger LOG = LoggerFactory.getLogger(BackupSources.class);

  private final List<Backups> places;

  /**
   * @param places where backups lie, the nearest first
   */
  public BackupSources(List<Backups> places) {
    this.places = places;
  }

  /** A backup and where it lies. */
  public record Found(Backups place, Backup backup) {
    public Position bring(Path into) {
      place.unpack(backup, into);
      return backup.position();
    }
  }

  /** All of the master, newest first; a place that is away is passed by. */
  public List<Found> all() {
    List<Found> all = new ArrayList<>();
    for (Backups place : places) {
      try {
        for (Backup backup : place.list()) {
          boolean known =
              all.stream().anyMatch(found -> found.backup().name().equals(backup.name()));
          if (backup.isOfMaster() && !known) {
            all.add(new Found(place, backup));
          }
        }
      } catch (Failure e) {
        LOG.warn("backups are passed by: {}", e.whatFailed());
      }
    }
    all.sort((one, other) -> Backups.NEWEST_FIRST.compare(one.backup(), other.backup()));
    return all;
  }

  /** Those of this name: the same one may lie in several places. */
  public List<Found> named(String name) {
    List<Found> named = new ArrayList<>();
    for (Backups place : places) {
      try {
        place.find(name).ifPresent(backup -> named.add(new Found(place, backup)));
      } catch (Failure e) {
        LOG.warn("backups are passed by: {}", e.whatFailed());
      }
    }
    return named;
  }

  @Override
  public Optional<Position> newest(long atMost, Path into) {
    for (Found found : all()) {
      if (found.backup().position().number() <= atMost) {
        try {
          return Optional.of(found.bring(into));
        } catch (Failure e) {
          if (e.exitCode() != Failure.REFUSED) {
            throw e;
          }
          LOG.warn("{}: the next older one is taken", e.whatFailed());
        }
      }
    }
    return Optional.empty();
  }
}
