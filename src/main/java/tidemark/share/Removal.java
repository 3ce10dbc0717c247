package tidemark.share;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is Tidemark's own in a shared folder.
 *
 * <p>Guarantee: nothing else. Of a folder only the files whose names it knows go, and the folder if
 * nothing is left; no link is followed, since whoever may write to the share decides where it
 * leads. Threading: may be shared.
 */
public final class Removal {
  private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

  private final ShareFiles files;
  private final Pattern within;

  /**
   * @param within what files in folders of ours are called
   */
  public Removal(ShareFiles files, String within) {
    this.files = files;
    this.within = Pattern.compile("(" + within + ")" + ShareFiles.MAYBE_ASIDE);
  }

  /** What is in a folder; nothing where it is none, or a link to one. */
  public List<Path> list(Path folder) throws IOException {
    return isFolder(folder) ? files.list(folder) : List.of();
  }

  private boolean isFolder(Path path) throws IOException {
    try {
      BasicFileAttributes found = files.statLink(path);
      return found.isDirectory() && !found.isOther(); // a junction of Windows is both
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Deletes a file, a link or a folder of ours; false where something else is in it, which stays.
   */
  public boolean remove(Path path) throws IOException {
    for (Path file : list(path)) {
      if (within.matcher(file.getFileName().toString()).matches()) {
        remove(file);
      }
    }
    try {
      files.delete(path);
      return true;
    } catch (DirectoryNotEmptyException e) {
      LOG.warn("{} stays: there is something in it that Tidemark did not put there", path);
      return false;
    }
  }

  /**
   * Deletes what bears names of ours and was never finished, once it is too old to be anybody's.
   *
   * @param writtenBefore on the share's clock
   */
  public void sweep(Path folder, Predicate<String> ours, long writtenBefore) throws IOException {
    sweep(list(folder), ours, writtenBefore);
  }

  /** The same among the files beside this one, in a folder that the config names. */
  public void sweepBeside(Path file, Predicate<String> ours, long writtenBefore)
      throws IOException {
    sweep(files.list(file.resolveSibling("")), ours, writtenBefore);
  }

  private void sweep(List<Path> there, Predicate<String> ours, long writtenBefore)
      throws IOException {
    for (Path path : there) {
      if (ours.test(path.getFileName().toString()) && isWrittenBefore(writtenBefore, path)) {
        removeIfPossible(path);
      }
    }
  }

  /** Somebody may have it open, and what is behind it shall go all the same. */
  private void removeIfPossible(Path path) throws IOException {
    try {
      remove(path);
    } catch (FileSystemException e) {
      LOG.warn("{} could not be deleted and stays for now: {}", path, e.toString());
    }
  }

  private boolean isWrittenBefore(long moment, Path path) throws IOException {
    try {
      return files.statLink(path).lastModifiedTime().toMillis() < moment;
    } catch (NoSuchFileException e) {
      return false; // its owner was at it
    }
  }
}
