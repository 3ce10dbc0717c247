package tidemark.ledger;

import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Position;

/**
 * A ledger that is lent to others: its entries and snapshots as the bytes they are, so that whoever
 * gets them can check them for himself.
 */
public interface LentLedger extends Ledger {
  /** The last entry that was retired, as of the last {@link #info}. */
  Position floor();

  /** The entry's bytes, checked and put right as by {@link #read}; null where it is not there. */
  byte @Nullable [] packed(long number);

  /**
   * Writes somebody's entry; false if another one has its number. The very same entry once more is
   * what it was the first time. REFUSED where the number is free only because its entry was lost.
   */
  boolean append(EntryFile.Packed packed);

  /**
   * Ends the ledger: nobody can append any more, and who comes by is told where it goes on. Commit
   * point: one rename, which takes the number after the last entry for good.
   *
   * @param last its last entry
   * @return false where somebody wrote another one meanwhile
   */
  boolean close(Position last, String movedTo);

  /** Where it goes on, if it was closed, whether or not the sign for all is up. */
  Optional<String> closedFor();

  /** As {@link #putBack(Position)}, with the bytes that somebody else kept. */
  boolean putBack(Position entry, byte[] packed);

  /** What is said of a snapshot; empty where there is none of this number. */
  Optional<SnapshotFile> snapshotFile(long number);

  /** Its packed bytes, which {@link SnapshotFile#unpack} makes the database of. */
  SeekableByteChannel openSnapshot(long number);
}
