package tidemark.catchup;

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
    String path, long modified, long names, long bytes, long oldest, long newest) {}
