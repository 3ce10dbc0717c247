package tidemark.ledger.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Position;
import tidemark.share.ShareFiles;

/**
 * The end of a ledger that was carried to another place: a folder in the place of the next entry,
 * with `moved.json` in it instead of an entry.
 *
 * <p>Guarantee: of an entry and the end exactly one gets the number, by the rename that decides
 * between two entries too. So no appender has to look for a sign first, and one that was suspended
 * for hours cannot slip anything in. Threading: no state.
 */
final class Closing {
  static final String FILE = "moved.json";
  private static final long LIMIT = 64 << 10;

  private Closing() {}

  static byte[] bytes(Position last, String to) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("moved", to);
    fields.put("last", last.number());
    fields.put("hash", last.hash());
    return (Json.objectText(fields) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Where the ledger goes on that ends with this folder; null where it is an entry's. */
  static @Nullable String in(ShareFiles files, Path folder) throws IOException {
    try {
      byte[] bytes = files.read(folder.resolve(FILE), LIMIT);
      Object to = Json.object(new String(bytes, StandardCharsets.UTF_8)).get("moved");
      return to instanceof String place ? place : null;
    } catch (NoSuchFileException e) {
      return null;
    } catch (Failure e) {
      return null; // half of it: what stands there is damaged, and said to be
    }
  }
}
