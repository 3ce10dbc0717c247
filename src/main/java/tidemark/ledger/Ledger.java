package tidemark.ledger;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tidemark.change.Position;

/**
 * The shared history: numbered, immutable entries, each naming its predecessor's hash.
 *
 * <p>Guarantees: an entry appears whole and exactly once; what {@link #read} returns was checked
 * (checksum, format, limits). Correctness never rests on a clock, on exists() or on a lease.
 *
 * <p>Every method throws {@link tidemark.change.Failure}: OFFLINE where the share cannot be
 * reached, REFUSED where what is there is damaged, foreign or of a newer format.
 */
public interface Ledger {
  /**
   * What the ledger says of itself; empty where there is none. OFFLINE where the folder that should
   * hold the master is not there either.
   */
  Optional<Info> info();

  /** Whether this machine keeps entries of a ledger that once was here. */
  boolean wasHere();

  /**
   * Begins a ledger, whole or not at all; where another workstation was first, theirs stands.
   *
   * @return what it says of itself, or what the other one's does
   */
  Info create();

  /** The way in for a ledger that is carried here from another place. */
  Arrival arrival();

  /**
   * Renames what is left of a lost or damaged ledger, so that another one can begin in its place.
   * Nothing is deleted.
   *
   * @return where it is now; empty where nothing was left
   */
  Optional<Path> setAside();

  /**
   * The entry, or null where it is not there (yet). Kept bytes repair a damaged one. Entries read
   * are kept, byte for byte, on this workstation.
   */
  @Nullable Entry read(long number);

  /**
   * Whether the ledger's entry at this position is the very one with this hash. Costs one look at
   * the share when it was verified before and its file did not change.
   */
  boolean holds(Position position);

  /**
   * Makes sure that the ledger ends with the entry of this number, or goes on with the next one.
   * REFUSED where only later ones are there, whichever numbers they have: the next one was lost.
   */
  void requireEnd(long last);

  /** The numbers from one to another whose entries are not there. */
  List<Long> missing(long from, long to);

  /**
   * Writes the next entry, or returns null if somebody else was first. The commit point is one
   * rename. REFUSED where the number is free only because its entry was lost.
   *
   * @param after the head as seen: the entry gets the number after it
   */
  @Nullable Entry append(Position after, Author author, Draft draft);

  /**
   * Puts an entry this workstation kept back where the share lost it, or where somebody wrote past
   * the hole meanwhile, which is known by the entry after it; false if nothing fitting is kept.
   */
  boolean putBack(Position entry);

  /** An entry this workstation kept, from its own disk, or null: what a fork left behind. */
  @Nullable Entry kept(Position entry);

  /**
   * The keys of the entry last offered for a number, whose fate was not known when it was tried.
   */
  Optional<Entry> offered();

  /**
   * Difference of the share's clock to this machine's, in milliseconds; writes a file to learn it.
   */
  long clockSkew();

  /**
   * Whether it answers, and yet nothing can be written: rights, a full disk, a mounted snapshot.
   */
  boolean canOnlyBeRead();

  /** The newest snapshot that is whole, brought to a local file which the caller deletes. */
  default Optional<Snapshot> snapshot(Path into) {
    return snapshot(into, Long.MAX_VALUE);
  }

  /** The same among those of this entry or earlier ones. */
  Optional<Snapshot> snapshot(Path into, long atMost);

  /** Numbers of the snapshots there are, newest first. */
  List<Long> snapshots();

  /** Publishes a verified copy of a database at this position; written aside, then renamed. */
  void addSnapshot(Position position, Path database);

  /**
   * Moves entries up to this number, and snapshots no longer needed, into the archive; raises the
   * floor.
   */
  void retire(long upTo);

  /**
   * Deletes what was begun and never finished, by whoever was cut off. Whoever calls this holds the
   * fold lease.
   *
   * @param writtenBefore on the share's clock: too old to be anybody's
   */
  void sweep(long writtenBefore);

  /** The same among the entries kept at this workstation, and by its own clock. */
  void sweepKept(long writtenBefore);

  /**
   * The number of the last entry. They have no gaps: it is found by leaps and halving, without
   * reading any.
   *
   * @param known one that is there, or 0
   */
  default long last(long known) {
    long low = known;
    long leap = 1;
    while (writtenAt(low + leap) != null) {
      low += leap;
      leap *= 2;
    }
    long high = low + leap;
    while (low + 1 < high) {
      long middle = low + (high - low) / 2;
      if (writtenAt(middle) != null) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * What an application finds in an empty database of this place: the version of its data, and
   * whose it is. Zero where nobody knows.
   */
  default Beginning beginning() {
    return new Beginning(0, 0);
  }

  /** SQLite's `user_version` and `application_id`. */
  record Beginning(int userVersion, int applicationId) {}

  /** Whether the place tells of new entries, so that nobody has to look for them. */
  default boolean tells() {
    return false;
  }

  /**
   * Waits until there are entries after this one, for so long at most; only where the place {@link
   * #tells} of them.
   *
   * @return the number of the last one; empty where there is none
   */
  default OptionalLong awaitAfter(long last, Duration most) {
    throw new IllegalStateException("nobody is told of new entries here: " + this);
  }

  /**
   * When this entry was written, on the share's clock, without reading its changes; null if absent.
   */
  @Nullable Long writtenAt(long number);

  /** What the last fold left to know about the master. */
  Optional<MasterState> masterState();

  void masterState(MasterState state);

  /** This workstation's public file: who it is, where it stands, its recent runs. JSON text. */
  void publish(String workstationId, String json);

  /** The public file of this id; null where there is none. */
  @Nullable String published(String workstationId);

  /** Takes away the public file of a workstation that is gone; false where there is none. */
  boolean unpublish(String workstationId);

  /** By id the files of all workstations that wrote theirs since this moment. */
  Map<String, String> published(long since);

  /** The lease that lets those who were beaten to it append in turn; nothing rests on it. */
  Lease appendLease();

  /** The lease under which alone the master may be written. */
  Lease foldLease();

  /**
   * What a ledger says of itself.
   *
   * @param floor the oldest entry still kept is the one after this number
   * @param movedTo the place it was carried to, where nobody is to go on here; null: it is here
   */
  record Info(String id, int format, long floor, @Nullable String movedTo) {
    /** Of one that is here. */
    public Info(String id, int format, long floor) {
      this(id, format, floor, null);
    }
  }

  /** A copy of the database at a position, as a local file. */
  record Snapshot(Position position, Path file) {}

  /**
   * How the last fold left the master: its file's size, modification time and count of changes, so
   * that a foreign edit is noticed past all locks.
   *
   * @param held some of what the master could not take, which stays so until another fold
   */
  record MasterState(
      Position position,
      long size,
      long modified,
      long changes,
      long foldedAt,
      List<HeldBack> held) {}

  /**
   * What a database could not take.
   *
   * @param table empty where it is the whole database
   */
  record HeldBack(String table, String what, String why) {}
}
