package tidemark.upkeep.health;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.change.Place;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;

/** Whether the share is there for this workstation, and what it is like. */
final class ShareChecks {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final Subject subject;
  private final Ledger ledger;
  private final Place place;

  ShareChecks(Subject subject) {
    this.subject = subject;
    this.ledger = subject.ledger();
    this.place = subject.plan().place();
  }

  /** Seen by each workstation for itself. */
  List<Check> own() {
    return List.of(Check.hourly("share", this::share));
  }

  /** The same for all. */
  List<Check> everybodys() {
    return place
        .file()
        .map(
            master ->
                List.of(
                    Check.hourly("share space", () -> List.of(space(master))),
                    Check.hourly("lease", this::leases)))
        .orElse(List.of());
  }

  private List<Finding> share() {
    Finding reached = reached();
    return reached.isTrouble() ? List.of(reached) : List.of(reached, clock());
  }

  private Finding reached() {
    if (ledger.info().isPresent()) {
      Object where = place.file().<Object>map(file -> file.resolveSibling("")).orElse(place);
      return Finding.well("share", where + " can be reached");
    }
    return ledger.wasHere()
        ? Finding.bad(
            "share",
            "there is no ledger beside "
                + place
                + " although this workstation keeps entries of one",
            "Mount the share. If the ledger really is lost: `tidemark ledger rebuild`.")
        : Finding.warning(
            "share", "there is no ledger beside " + place + " yet", "The first sync begins it.");
  }

  /** A file has to be written to learn the share's time: so this shows that one may write, too. */
  private Finding clock() {
    long skew;
    try {
      skew = ledger.clockSkew();
    } catch (Failure e) {
      if (ledger.canOnlyBeRead()) {
        return onlyRead(e);
      }
      throw e;
    }
    String differ = "this machine's clock and the share's differ by " + Math.abs(skew) + " ms";
    return Math.abs(skew) < subject.limits().clockSkew().toMillis()
        ? Finding.well("clock", differ + "; the share can be written")
        : Finding.warning(
            "clock",
            differ,
            "Set the clock that is wrong: times are corrected, but people who read them wonder.");
  }

  private Finding onlyRead(Failure why) {
    String said = "the share can only be read: " + why.whatFailed();
    return subject.direction() == Direction.PULL
        ? Finding.well("clock", said + "; that is enough for `direction: pull`")
        : Finding.bad(
            "clock",
            said,
            why.hint() + " Where this workstation is to read alone, set `direction: pull`.");
  }

  private Finding space(Path master) {
    return subject
        .plan()
        .share()
        .reach(
            "look at the free space",
            master,
            () ->
                Space.judge(
                    "share space",
                    master.toAbsolutePath().resolveSibling(""),
                    subject.limits().freeSpace()));
  }

  private List<Finding> leases() {
    return List.of(lease("fold", ledger.foldLease()), lease("append", ledger.appendLease()));
  }

  private static Finding lease(String which, Lease lease) {
    Optional<Lease.Owner> owner = lease.owner();
    if (owner.isEmpty()) {
      return Finding.well("lease", "nobody has the " + which + " lease").about(which);
    }
    String held = "the " + which + " lease is " + owner.get().who() + "'s";
    return (owner.get().since().compareTo(LONG) < 0
            ? Finding.well("lease", held)
            : Finding.warning(
                "lease",
                held,
                "If that program runs no more, the next run takes it over by itself once it has been silent for `leaseTimeout`; `tidemark doctor --break-lease` does it at once."))
        .about(which);
  }

  /** Whether the rest can be examined. */
  static boolean isThere(List<Finding> findings) {
    return findings.stream()
        .noneMatch(finding -> finding.check().equals("share") && finding.isTrouble());
  }
}
