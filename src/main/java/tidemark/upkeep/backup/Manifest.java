package tidemark.upkeep.backup;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.change.Position;
import tidemark.upkeep.backup.Backup.Content;
import tidemark.upkeep.backup.Backup.Kind;
import tidemark.upkeep.backup.Backup.Maker;

/**
 * What stands in a backup's `manifest.json`. What is read from it is not trusted: it names no file
 * but one beside it.
 */
final class Manifest {
  static final String FILE = "manifest.json";
  static final int LIMIT = 1 << 20;

  private static final long FORMAT = 1;

  private Manifest() {}

  static byte[] bytes(Backup backup, String database) {
    String text =
        new JsonObject()
            .put("format", FORMAT)
            .put("database", database)
            .put("kind", backup.kind().word())
            .time("at", backup.at())
            .put("ledger", backup.ledger())
            .put("entry", backup.position().number())
            .put("hash", backup.position().hash())
            .put("by", backup.maker().user())
            .put("workstation", backup.maker().workstation())
            .put("version", backup.maker().version())
            .put("file", backup.content().file())
            .put("size", backup.content().size())
            .put("sha256", backup.content().sha256())
            .put("rows", backup.content().rows())
            .text();
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static Backup read(String name, byte[] bytes) {
    Map<String, @Nullable Object> fields = Json.object(new String(bytes, StandardCharsets.UTF_8));
    if (!(fields.get("format") instanceof Long format) || format < 1) {
      throw notWhole();
    }
    if (format > FORMAT) {
      throw new Failure(
          Failure.REFUSED,
          "it was made by a newer version of Tidemark",
          "Use that version, or a newer one.");
    }
    Long at = ChangeTime.read(fields.get("at"));
    Kind kind = Kind.parse(text(fields, "kind")).orElseThrow(Manifest::notWhole);
    String file = text(fields, "file");
    if (at == null || !file.matches("[\\p{L}\\p{N}_-]+\\.db(\\.gz)?")) {
      throw notWhole();
    }
    return new Backup(
        name,
        kind,
        at,
        text(fields, "ledger"),
        new Position(number(fields, "entry"), text(fields, "hash")),
        new Maker(text(fields, "by"), text(fields, "workstation"), text(fields, "version")),
        new Content(file, number(fields, "size"), text(fields, "sha256"), rows(fields)));
  }

  private static Map<String, Long> rows(Map<String, @Nullable Object> fields) {
    Map<String, Long> rows = new TreeMap<>();
    if (!(fields.get("rows") instanceof Map<?, ?> counts)) {
      throw notWhole();
    }
    counts.forEach(
        (table, count) -> {
          if (!(count instanceof Long number)) {
            throw notWhole();
          }
          rows.put(String.valueOf(table), number);
        });
    return rows;
  }

  private static String text(Map<String, @Nullable Object> fields, String name) {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw notWhole();
  }

  private static long number(Map<String, @Nullable Object> fields, String name) {
    if (fields.get(name) instanceof Long number) {
      return number;
    }
    throw notWhole();
  }

  private static Failure notWhole() {
    return new Failure(
        Failure.REFUSED, "its manifest is not whole", "Use another backup; delete this one.");
  }
}
