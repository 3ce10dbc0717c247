package tidemark.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Optional;

/**
 * When and where the master is backed up, and how many backups are kept.
 *
 * @param folder empty for no backups
 * @param at due once a day from then on
 * @param copyTo where weekly ones go as well
 * @param rehearse how often a restore is tried; empty for never
 */
public record BackupSettings(
    Optional<Path> folder,
    LocalTime at,
    Optional<Path> copyTo,
    int daily,
    int weekly,
    int monthly,
    Compression compress,
    Optional<Duration> rehearse) {

  /** How daily and weekly ones lie in the folder; monthly ones are zip files. */
  public enum Compression {
    GZIP,
    NONE
  }
}
