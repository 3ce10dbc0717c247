package tidemark.run;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.share.Pace;
import tidemark.share.Removal;
import tidemark.share.ShareFiles;

/**
 * Files needed only for a moment, which a process that is killed leaves behind.
 *
 * <p>Guarantee: what is swept has a name of ours, is a day old and no link. Threading: whoever
 * sweeps has the workstation's lock on the local database.
 */
public final class Scratch {
  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

  /** So old nothing is needed any more. */
  public static final long ABANDONED = 86_400_000;

  private static final String ITS_JOURNALS = "(-journal|-wal|-shm)?";
  private static final String LEFT = "[a-z]{1,20}-[0-9a-f-]{1,36}\\.db" + ITS_JOURNALS;

  private Scratch() {}

  /** A name in a folder, which is made, that nobody has. */
  public static Path file(Path folder, String name) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw unusable(folder, e);
    }
    return folder.resolve(name + "-" + UUID.randomUUID() + ".db");
  }

  /** Deletes what killed runs left in the scratch folder and beside the local database. */
  public static void sweep(Plan plan, long now) {
    String made = Pattern.quote(plan.local().getFileName() + ".new-") + "[0-9a-f]{16}";
    ShareFiles here = new ShareFiles(ShareFiles.Tap.NONE, Pace.REAL);
    Removal removal = new Removal(here, LEFT);
    try {
      removal.sweep(plan.scratch(), name -> name.matches(LEFT), now - ABANDONED);
      removal.sweepBeside(plan.local(), name -> name.matches(made + ITS_JOURNALS), now - ABANDONED);
    } catch (IOException e) {
      LOG.warn("what killed runs left on this machine's own disk stays for now: {}", e.toString());
    }
  }

  /** Gone with what SQLite may have left beside it; what cannot be deleted now does no harm. */
  public static void delete(Path database) {
    for (String suffix : List.of("", "-journal", "-wal", "-shm")) {
      try {
        Files.deleteIfExists(Path.of(database + suffix));
      } catch (IOException e) {
        LOG.warn(
            "{}{} could not be deleted and stays behind: {}", database, suffix, e.getMessage());
      }
    }
  }

  /** A new file; that it cannot be written is never taken for a failure of the share. */
  public static OutputStream create(Path file) {
    try {
      return new FilterOutputStream(Files.newOutputStream(file)) {
        @Override
        public void write(byte[] bytes, int from, int length) {
          try {
            out.write(bytes, from, length);
          } catch (IOException e) {
            throw unusable(file, e);
          }
        }
      };
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private static Failure unusable(Path where, IOException e) {
    return new Failure(
        Failure.INCOMPLETE,
        where + " on this machine's own disk cannot be written: " + e.getMessage(),
        "Make room there, or make the state folder writable for this user.",
        e);
  }
}
