package tidemark.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** The snapshots of a ledger, as anybody can replace them who may write to the share. */
public final class Snapshots {
  private Snapshots() {}

  public static List<Path> in(Path ledger) {
    Path snapshots = ledger.resolve("snapshots");
    return Folders.in(snapshots).stream()
        .filter(name -> name.endsWith(".db.gz"))
        .map(snapshots::resolve)
        .toList();
  }

  public static Path description(Path packed) {
    return packed.resolveSibling(packed.getFileName().toString().replace(".db.gz", ".json"));
  }

  /** With a description that fits. */
  public static void replace(Path packed, byte[] database) throws IOException {
    Files.write(packed, Forgery.packed(database));
    String hash = HexFormat.of().formatHex(Forgery.sha256(database));
    Path description = description(packed);
    Files.writeString(
        description,
        Files.readString(description)
            .replaceFirst("\"size\":\\d+", "\"size\":" + database.length)
            .replaceFirst("\"sha256\":\"\\w+", "\"sha256\":\"" + hash));
  }

  /** The database after it was worked on. */
  public static byte[] after(Consumer<Database> work, byte[] database) {
    try {
      Path folder = Files.createTempDirectory("snapshot-");
      try {
        Path file = Files.write(folder.resolve("odd.db"), database);
        work.accept(new Database(file));
        return Files.readAllBytes(file);
      } finally {
        Folders.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
