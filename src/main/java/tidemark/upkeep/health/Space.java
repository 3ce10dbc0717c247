package tidemark.upkeep.health;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tidemark.change.ByteCount;

/** What is free where a folder lies. */
final class Space {
  /** With so small a part of what is wanted, the next write may fail. */
  private static final int SCARCE = 10;

  private Space() {}

  static Finding judge(String check, Path folder, long wanted) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    String what = ByteCount.text(free) + " free at " + folder;
    String todo = "Make room there; nothing is lost meanwhile, but nothing more fits in.";
    if (free >= wanted) {
      return Finding.well(check, what);
    }
    return free < wanted / SCARCE
        ? Finding.bad(check, what, todo)
        : Finding.warning(check, what, todo);
  }
}
