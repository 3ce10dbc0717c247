package tidemark.catchup;

import java.util.List;
import java.util.Map;
import tidemark.run.Plan;

/**
 * What a folder of entries on the share held when it was last looked at. The ledger changes a
 * folder's time with each name in it, and never an entry, so that one which looks the same need not
 * be looked at file by file. Kept in the index of entries, which may be deleted at any time.
 *
 * @param path of the folder, with the id of its ledger
 * @param modified when a name in it last came or went
 * @param names in it
 * @param bytes of all its files
 * @param oldest time of one of its files
 * @param newest of them
 */
public record EntryFolder(
    String path, long modified, long names, long bytes, long oldest, long newest) {

  /** By their paths. */
  public static Map<String, EntryFolder> known(Plan plan) {
    return EntryIndex.folders(plan.index());
  }

  /** Remembers them for the next time. */
  public static void remember(Plan plan, List<EntryFolder> folders) {
    EntryIndex.addFolders(plan.index(), folders);
  }
}
