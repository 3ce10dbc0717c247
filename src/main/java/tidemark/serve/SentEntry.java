package tidemark.serve;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.ledger.DamagedEntryException;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;

/** An entry that somebody sent, checked as every reader checks it. Threading: no state. */
final class SentEntry {
  private SentEntry() {}

  /**
   * An entry that was sent.
   *
   * @param key whose user has to be its author; null where it was somebody's long ago
   */
  static EntryFile.Packed of(Question asked, @Nullable AccessKey key, @Nullable Long number)
      throws IOException {
    byte[] bytes = asked.body(EntryFile.MAX_PACKED);
    Entry entry;
    try {
      entry = EntryFile.decode(bytes);
    } catch (DamagedEntryException e) {
      throw new Failure(
          Failure.REFUSED,
          "what was sent is no whole entry: " + e.getMessage(),
          "Send it again.",
          e);
    }
    if (number != null && number != entry.number()) {
      throw RefusedException.wrong("what was sent is entry " + entry.number(), "Name it so.");
    }
    if (key != null && !entry.author().user().equals(key.user())) {
      throw RefusedException.forbidden(
          "the entry is signed by "
              + entry.author().user()
              + ", and this key is "
              + key.user()
              + "'s",
          "Set `user: " + key.user() + "` in the config, or use the key of who signs.");
    }
    return new EntryFile.Packed(entry, bytes);
  }
}
