package tidemark.upkeep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.jdbc.Sql;
import tidemark.ledger.Entry;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;
import tidemark.ledger.ShareFiles;

/**
 * Examines one database: the share, the ledger on it, the master and the local file, and says for
 * each what to do about it.
 *
 * <p>Guarantee: changes nothing, except that reading a damaged entry mends it from kept bytes.
 * Threading: one thread.
 */
public final class Doctor {
  private static final Duration BUSY = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final long NOTABLE_SKEW = 60_000;

  private static final Duration WEEK = Duration.ofDays(7);
  private static final int MANY = 5;

  private final Path local;
  private final Path master;
  private final Path scratch;
  private final ShareFiles share;
  private final Ledger ledger;

  /**
   * @param scratch a local folder for what is needed only for a while
   */
  public Doctor(Path local, Path master, Path scratch, ShareFiles share, Ledger ledger) {
    this.local = local;
    this.master = master;
    this.scratch = scratch;
    this.share = share;
    this.ledger = ledger;
  }

  public List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    findings.add(examined("local file", () -> database("local file", local)));
    Optional<Ledger.Info> info;
    try {
      info = ledger.info();
    } catch (Failure e) {
      findings.add(Finding.bad("share", e));
      return findings;
    }
    findings.add(Finding.well("share", master.resolveSibling("") + " can be reached"));
    findings.add(examined("clock", this::clock));
    if (info.isEmpty()) {
      findings.add(noLedger());
      return findings;
    }
    findings.add(examined("lease", () -> lease("fold", ledger.foldLease())));
    findings.add(examined("lease", () -> lease("append", ledger.appendLease())));
    Walk walk = new Walk(info.get().floor());
    findings.add(examined("ledger", () -> chain(info.get(), walk)));
    findings.add(examined("master", () -> master(walk.head)));
    findings.add(walk.otherPrograms());
    return findings;
  }

  private static Finding examined(String check, Supplier<Finding> examination) {
    try {
      return examination.get();
    } catch (Failure e) {
      return Finding.bad(check, e);
    }
  }

  private Finding noLedger() {
    return ledger.wasHere()
        ? Finding.bad(
            "ledger",
            "there is no ledger beside "
                + master
                + " although this workstation keeps entries of one",
            "Mount the share. If the ledger really is lost: `tidemark ledger rebuild`.")
        : Finding.warning(
            "ledger", "there is no ledger beside " + master + " yet", "The first sync begins it.");
  }

  /** A file has to be written to learn the share's time: so this shows that one may write, too. */
  private Finding clock() {
    long skew = ledger.clockSkew();
    String differ = "this machine's clock and the share's differ by " + Math.abs(skew) + " ms";
    return Math.abs(skew) < NOTABLE_SKEW
        ? Finding.well("clock", differ + "; the share can be written")
        : Finding.warning(
            "clock",
            differ,
            "Set the clock that is wrong: times are corrected, but people who read them wonder.");
  }

  private static Finding lease(String which, Lease lease) {
    Optional<Lease.Owner> owner = lease.owner();
    if (owner.isEmpty()) {
      return Finding.well("lease", "nobody has the " + which + " lease");
    }
    String held = "the " + which + " lease is " + owner.get().who() + "'s";
    return owner.get().since().compareTo(LONG) < 0
        ? Finding.well("lease", held)
        : Finding.warning(
            "lease",
            held,
            "If that program runs no more, the next run takes it over by itself once it has been silent for `leaseTimeout`; `tidemark doctor --break-lease` does it at once.");
  }

  /** What was seen on the way through the ledger. */
  private static final class Walk {
    private final List<Long> editsOfMaster = new ArrayList<>();
    private long head;

    Walk(long head) {
      this.head = head;
    }

    void pass(Entry entry) {
      if (entry.author().isMaster()) {
        editsOfMaster.add(entry.at());
      }
    }

    /** A person edits the master now and then; who does so all the time is a program. */
    Finding otherPrograms() {
      long last = editsOfMaster.stream().mapToLong(Long::longValue).max().orElse(0);
      long count = editsOfMaster.stream().filter(at -> at > last - WEEK.toMillis()).count();
      String edits = "the master was edited past Tidemark in " + count;
      return count < MANY
          ? Finding.well(
              "other programs",
              count == 0
                  ? "nobody edited the master past Tidemark lately"
                  : edits + (count == 1 ? " entry" : " entries") + " of a week")
          : Finding.warning(
              "other programs",
              edits + " entries of a week, last at " + ChangeTime.iso(last),
              "A second program seems to sync the same files, such as the application's former sync: switch it off, or what it overwrites before Tidemark sees it is lost.");
    }
  }

  /** What somebody who joins would read: the newest snapshot and all entries after it. */
  private Finding chain(Ledger.Info info, Walk walk) {
    Position position = beginning(info);
    long from = position.number();
    for (Entry next = ledger.read(from + 1); next != null; next = ledger.read(next.number() + 1)) {
      if (position.number() > 0 && !next.previous().equals(position.hash())) {
        return Finding.bad(
            "ledger",
            "entry " + next.number() + " does not follow the entry before it",
            "Let all workstations sync: whoever kept the entry that is missing puts it back. Else: `tidemark ledger rebuild`.");
      }
      position = next.position();
      walk.pass(next);
    }
    ledger.requireEnd(position.number());
    walk.head = position.number();
    long entries = walk.head - from;
    return Finding.well(
        "ledger",
        (from == 0 ? "" : "snapshot " + from + " and ")
            + entries
            + (entries == 1 ? " entry" : " entries")
            + (from == 0
                ? ", whole and in unbroken order"
                : " after it, whole and in unbroken order"));
  }

  private Position beginning(Ledger.Info info) {
    Path file = scratch.resolve("doctor-" + UUID.randomUUID() + ".db");
    try {
      Files.createDirectories(scratch);
      Optional<Ledger.Snapshot> snapshot = ledger.snapshot(file);
      if (snapshot.isEmpty() && info.floor() > 0) {
        throw new Failure(
            Failure.REFUSED,
            "there is no snapshot, and the entries up to " + info.floor() + " are in the archive",
            "The next run that brings the master up to date makes one.");
      }
      return snapshot.map(Ledger.Snapshot::position).orElse(Position.START);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(file);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Finding master(long head) {
    Finding itself = share.reach("look at the master", master, () -> database("master", master));
    long folded = ledger.masterState().map(state -> state.position().number()).orElse(0L);
    return itself.health() == Finding.Health.WELL && folded < head
        ? Finding.warning(
            "master",
            "the master is behind by " + (head - folded) + " of the ledger's entries",
            "The next sync brings it up to date. If it stays behind, something keeps it locked: close what has it open.")
        : itself;
  }

  private Finding database(String check, Path file) {
    try {
      if (check.equals("master") ? share.stat(file).size() == 0 : Files.size(file) == 0) {
        return missing(check, file);
      }
    } catch (NoSuchFileException e) {
      return missing(check, file);
    } catch (IOException e) {
      return Finding.bad(check, file + " cannot be read: " + e, "Check the rights on its folder.");
    }
    try (Sql sql = Sql.open(file, Sql.Mode.READ, BUSY)) {
      sql.attendedBy(share::isWaitedFor);
      String verdict = sql.first("PRAGMA integrity_check(1)", c -> c.string(1)).orElse("");
      return verdict.equals("ok")
          ? Finding.well(check, file + " is whole")
          : Finding.bad(check, file + " is damaged: " + verdict, mending(check));
    } catch (Failure e) {
      return e.exitCode() == Failure.REFUSED
          ? Finding.bad(check, e.whatFailed(), mending(check))
          : Finding.bad(check, e);
    }
  }

  private static Finding missing(String check, Path file) {
    return Finding.warning(check, file + " is not there, or empty", "The next sync makes it.");
  }

  private static String mending(String check) {
    return check.equals("master")
        ? "The next sync sets it aside and makes it anew from the ledger; nobody's edits are in danger."
        : "Stop the application, move the file away and sync: it is made anew from the ledger. Edits not sent yet are only in that file: keep it.";
  }
}
