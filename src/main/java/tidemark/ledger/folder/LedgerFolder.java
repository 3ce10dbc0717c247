package tidemark.ledger.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import tidemark.ledger.LedgerHead;
import tidemark.share.Removal;
import tidemark.share.ShareFiles;

/**
 * Where a ledger's folder is and what stands in it first. A new one is made beside its place,
 * whole, so that one rename decides whose it is. Threading: no state.
 */
final class LedgerFolder {
  static final String HEAD = "ledger.json";

  /** What it has instead while it is carried here from another place. */
  static final String ARRIVING = "arriving.json";

  static final long SMALL = 1 << 20;

  private static final List<String> FOLDERS =
      List.of("entries", "entries/000", "snapshots", "workstations", "append", "fold", "archive");

  /** What a ledger that is only just begun is called. */
  private static final String NEW = ".new-";

  private LedgerFolder() {}

  /** Beside the master. */
  static Path of(Path master) {
    return master.resolveSibling(master.getFileName() + "-ledger");
  }

  /** Knows all that is put into one. */
  static Removal removal(ShareFiles files) {
    String heads = Pattern.quote(HEAD) + "|" + Pattern.quote(ARRIVING);
    return new Removal(files, heads + "|000|" + String.join("|", FOLDERS));
  }

  static Path beside(Path folder, ShareFiles files, String name, LedgerHead head)
      throws IOException {
    Path made = folder.resolveSibling(folder.getFileName() + NEW + ShareFiles.random());
    files.createDirectory(made);
    for (String below : FOLDERS) {
      files.createDirectory(made.resolve(below));
    }
    files.write(made.resolve(name), head.bytes());
    return made;
  }

  static void sweep(Path folder, Removal removal, long writtenBefore) throws IOException {
    String begun = Pattern.quote(folder.getFileName() + NEW) + ShareFiles.RANDOM;
    removal.sweepBeside(folder, name -> name.matches(begun), writtenBefore);
  }
}
