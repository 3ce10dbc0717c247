package tidemark.ledger.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import tidemark.ledger.LedgerHead;
import tidemark.share.Removal;
import tidemark.share.ShareFiles;

/**
 * A ledger's folder before it has its name: made beside it, whole, so that one rename decides whose
 * it is. Threading: no state.
 */
final class NewLedger {
  private static final List<String> FOLDERS =
      List.of("entries", "entries/000", "snapshots", "workstations", "append", "fold", "archive");

  /** What a ledger that is only just begun is called. */
  private static final String NEW = ".new-";

  private NewLedger() {}

  /** Knows all that is put into one. */
  static Removal removal(ShareFiles files) {
    String heads = Pattern.quote(ShareLedger.HEAD) + "|" + Pattern.quote(ShareArrival.HEAD);
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
