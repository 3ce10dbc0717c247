package tidemark.upkeep.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.share.Removal;
import tidemark.share.ShareFiles;

/**
 * Removes backups, and what is left of those whose making or removing was cut off.
 *
 * <p>Guarantee: deletes no file but those it knows by name as its own; a backup beside which
 * somebody keeps something else is left alone. Commit point: the rename to a name that no reader
 * takes for a backup's. Threading: may be shared.
 */
final class Pruning {
  private static final Logger LOG = LoggerFactory.getLogger(Pruning.class);
  private static final String OURS = "manifest\\.json|[\\p{L}\\p{N}_-]+\\.db(\\.gz)?";

  private final Backups backups;
  private final ShareFiles share;
  private final Removal removal;

  Pruning(Backups backups) {
    this.backups = backups;
    this.share = backups.share();
    this.removal = new Removal(share, OURS);
  }

  /** Says which ones are gone. */
  List<Backup> remove(List<Backup> dispensable) {
    List<Backup> removed = new ArrayList<>();
    for (Backup backup : dispensable) {
      boolean gone =
          share.reach("remove the backup " + backup.name(), backups.folder(), () -> remove(backup));
      if (gone) {
        removed.add(backup);
      }
    }
    return removed;
  }

  private boolean remove(Backup backup) throws IOException {
    Path path = backups.folder().resolve(backup.name());
    if (!backup.isZip() && !holdsOnlyOurs(path)) {
      LOG.warn("{} is kept: there is something in it that Tidemark did not put there", path);
      return false;
    }
    Path aside = path.resolveSibling(backup.name() + "." + ShareFiles.random() + ".part");
    share.rename(path, aside);
    removal.remove(aside);
    return true;
  }

  private boolean holdsOnlyOurs(Path folder) throws IOException {
    Set<String> names = new HashSet<>();
    for (Path file : removal.list(folder)) {
      names.add(file.getFileName().toString());
    }
    return names.contains(Manifest.FILE) && names.stream().allMatch(name -> name.matches(OURS));
  }

  /**
   * Removes leftovers once they are too old to be anybody's.
   *
   * @param writtenBefore on the share's clock
   */
  void sweep(long writtenBefore) {
    share.reach(
        "remove what is left of cut off backups",
        backups.folder(),
        () -> {
          removal.sweep(backups.folder(), BackupName::isStaged, writtenBefore);
          return backups.folder();
        });
  }
}
