package tidemark.ledger;

import java.io.IOException;
import java.io.InputStream;
import tidemark.change.Position;

/**
 * The way in for a ledger that is carried here from another place, entry by entry.
 *
 * <p>Guarantee: until it is opened nobody meets here, and only what follows the entries that have
 * arrived is taken; whatever is broken off can be done again. Commit point: {@link #open}. Every
 * method throws {@link tidemark.change.Failure}. Threading: one carrier at a time.
 */
public interface Arrival {
  /**
   * Begins, or goes on where an earlier try ended. USAGE where something else is there.
   *
   * @param id of the ledger that comes
   * @param floor where what is still kept of it begins
   */
  State begin(String id, Position floor);

  /**
   * How far it is.
   *
   * @param open it has arrived, and others may have gone on by now
   * @param head the last entry that is here
   */
  record State(boolean open, Position head) {}

  /** The entry after the last one that is here. */
  void put(EntryFile.Packed next);

  /** A snapshot, which is looked at before it counts. */
  void put(SnapshotFile description, PackedSnapshot packed);

  /** A snapshot as it lies at the other place; may be asked for more than once. */
  @FunctionalInterface
  interface PackedSnapshot {
    InputStream open() throws IOException;
  }

  /**
   * From here on everybody can meet here. Doing it again changes nothing.
   *
   * @param head the last entry there is, which has to be here
   */
  void open(Position head);
}
