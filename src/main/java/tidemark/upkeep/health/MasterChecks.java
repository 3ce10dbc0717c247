package tidemark.upkeep.health;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import tidemark.change.ByteCount;
import tidemark.change.Failure;
import tidemark.jdbc.FileHeader;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.look.Status;
import tidemark.run.Scratch;
import tidemark.share.ShareFiles;

/**
 * Whether the master is whole and up to date.
 *
 * <p>It is read once, page by page, into a copy on this machine: nobody waits while the copy is
 * examined.
 */
final class MasterChecks {

  private static final String MENDING =
      "The next sync sets it aside and makes it anew from the ledger; nobody's edits are in danger.";

  private final Subject subject;
  private final Path master;
  private final ShareFiles share;

  MasterChecks(Subject subject) {
    this.subject = subject;
    this.master = subject.plan().master();
    this.share = subject.plan().share();
  }

  List<Check> all(Sizes sizes) {
    return List.of(
        new Check("master", Check.DAILY, this::whole),
        Check.hourly("master behind", () -> List.of(behind())),
        Check.daily("master journal", () -> List.of(journal())),
        Check.daily("master size", () -> List.of(size(sizes))));
  }

  private List<Finding> whole(boolean deep) {
    long size = bytes();
    if (size == 0) {
      return List.of(
          Finding.warning("master", master + " is not there, or empty", "The next sync makes it."));
    }
    Path scratch = subject.plan().scratch();
    Path copy = Scratch.file(scratch, "doctor");
    try {
      if (Files.getFileStore(scratch).getUsableSpace() < size) {
        return List.of(
            Finding.warning(
                "master",
                "there is no room on this machine to examine a copy of " + master,
                "Make room for " + ByteCount.text(size) + " at " + scratch + "."));
      }
      copyTo(copy);
      return new Wholeness("master", MENDING).of(copy, master, deep);
    } catch (Failure e) {
      if (e.exitCode() == Failure.REFUSED) {
        return List.of(Finding.bad("master", e.whatFailed(), MENDING));
      }
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Scratch.delete(copy);
    }
  }

  private void copyTo(Path copy) {
    share.reach(
        "look at the master",
        master,
        () -> {
          try (Sql sql = Sql.open(master, OpenMode.READ, Subject.BUSY)) {
            sql.attendedBy(share::isWaitedFor);
            sql.number("SELECT count(*) FROM sqlite_master"); // says best why it cannot be read
            sql.copyTo(copy);
          }
          return copy;
        });
  }

  private long bytes() {
    return share.reach(
        "look at the master",
        master,
        () -> {
          try {
            return share.stat(master).size();
          } catch (NoSuchFileException e) {
            return 0L;
          }
        });
  }

  private Finding behind() {
    Status status = new Status(subject.plan(), subject.ledger());
    Status.Share seen = status.share(status.local().position());
    if (seen.trouble() != null) {
      throw seen.trouble();
    }
    Long behind = seen.masterBehind();
    return behind == null || behind == 0
        ? Finding.well("master behind", "the master is up to date")
        : Finding.warning(
                "master behind",
                "the master is behind by " + behind + " of the ledger's entries",
                "The next sync brings it up to date. If it stays behind, something keeps it locked: close what has it open.")
            .passing();
  }

  /** Read past all locks: WAL shares memory between its users, which those of a share have not. */
  private Finding journal() {
    boolean wal =
        share.reach(
            "look at the master",
            master,
            () -> {
              try (InputStream in = share.open(master)) {
                return FileHeader.of(in).isWal();
              } catch (NoSuchFileException e) {
                return false;
              }
            });
    return wal
        ? Finding.warning(
            "master journal",
            "the master is in WAL mode, which damages a file on a share",
            "Some program switched it: find out which one opens the master directly. The next sync that writes the master switches it back.")
        : Finding.well("master journal", "a rollback journal, as it has to be on a share");
  }

  private Finding size(Sizes sizes) {
    long size = bytes();
    LocalDate today = LocalDate.ofInstant(subject.now(), subject.clock().getZone());
    Finding finding = sizes.judge("master size", today, size, subject.limits());
    sizes.note(today, size);
    return finding;
  }
}
