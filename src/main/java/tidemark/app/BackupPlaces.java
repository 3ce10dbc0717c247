package tidemark.app;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import tidemark.change.Failure;
import tidemark.config.BackupSettings;
import tidemark.share.ShareFiles;
import tidemark.upkeep.backup.BackupStorage;
import tidemark.upkeep.backup.Backups;

/** The folders that the config names for backups. */
final class BackupPlaces {
  private final BackupSettings settings;
  private final Function<Path, ShareFiles> shares;
  private final Path known;

  /**
   * @param shares the way to a folder
   * @param known the file in which this workstation keeps which folders it has used
   */
  BackupPlaces(BackupSettings settings, Function<Path, ShareFiles> shares, Path known) {
    this.settings = settings;
    this.shares = shares;
    this.known = known;
  }

  BackupSettings settings() {
    return settings;
  }

  /** Empty where there are to be none. */
  Optional<BackupStorage> first() {
    return settings.folder().map(this::storage);
  }

  BackupStorage required() {
    return first()
        .orElseThrow(
            () ->
                new Failure(
                    Failure.USAGE,
                    "the config names no folder for backups",
                    "Add `backup:` with `folder: …` below it, best on other storage than the share."));
  }

  /** Where weekly ones are brought to. */
  Optional<BackupStorage> elsewhere() {
    return settings.copyTo().map(this::storage);
  }

  private BackupStorage storage(Path folder) {
    return new BackupStorage(folder, shares.apply(folder), known);
  }

  /** All there are of this database, to read. */
  List<Backups> all(String database) {
    return Stream.of(settings.folder(), settings.copyTo())
        .flatMap(Optional::stream)
        .map(folder -> new Backups(folder, database, shares.apply(folder)))
        .toList();
  }
}
