package tidemark.upkeep.backup;

import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.share.ShareFiles;

/**
 * What is known of the backups in a folder beyond their manifests: the file `checked.json` beside
 * them, which all workstations share.
 *
 * <p>Guarantee: readers see it before a change or after it. Where it is lost, or two wrote it at
 * once, a check has to be made again, no more. Threading: may be shared.
 */
final class BackupNotes {
  private static final Logger LOG = LoggerFactory.getLogger(BackupNotes.class);
  private static final int LIMIT = 4 << 20;

  private final Path folder;
  private final ShareFiles share;
  private final Supplier<Set<String>> names;
  private final Path file;

  BackupNotes(Path folder, ShareFiles share, Supplier<Set<String>> names) {
    this.folder = folder;
    this.share = share;
    this.names = names;
    this.file = folder.resolve("checked.json");
  }

  KnownBackups read() {
    return share.reach(
        "read what is known of the backups",
        folder,
        () -> {
          try {
            byte[] bytes = share.read(file, LIMIT);
            return parse(Json.object(new String(bytes, StandardCharsets.UTF_8)));
          } catch (NoSuchFileException e) {
            return new KnownBackups(Map.of(), Optional.empty());
          } catch (Failure e) {
            LOG.warn("{} cannot be read and is begun anew: {}", file, e.getMessage());
            return new KnownBackups(Map.of(), Optional.empty());
          }
        });
  }

  private static KnownBackups parse(Map<String, @Nullable Object> fields) {
    Map<String, Examined> checks = new TreeMap<>();
    if (fields.get("backups") instanceof Map<?, ?> all) {
      all.forEach(
          (name, value) -> {
            if (value instanceof Map<?, ?> check) {
              checks.put(
                  String.valueOf(name),
                  new Examined(time(check), text(check, "by"), orNull(check, "damage")));
            }
          });
    }
    if (fields.get("rehearsal") instanceof Map<?, ?> last) {
      return new KnownBackups(
          checks,
          Optional.of(
              new Rehearsed(
                  time(last),
                  text(last, "by"),
                  text(last, "backup"),
                  number(last, "entry"),
                  number(last, "rows"),
                  orNull(last, "trouble"))));
    }
    return new KnownBackups(checks, Optional.empty());
  }

  private static long time(Map<?, ?> fields) {
    Long at = ChangeTime.read(fields.get("at"));
    return at == null ? 0 : at;
  }

  private static @Nullable String orNull(Map<?, ?> fields, String name) {
    return fields.get(name) instanceof String text ? text : null;
  }

  private static String text(Map<?, ?> fields, String name) {
    return String.valueOf(fields.get(name));
  }

  private static long number(Map<?, ?> fields, String name) {
    return fields.get(name) instanceof Long number ? number : 0;
  }

  void note(Map<String, Examined> made) {
    if (!made.isEmpty()) {
      KnownBackups known = read();
      Map<String, Examined> all = new TreeMap<>(known.checks());
      all.putAll(made);
      write(new KnownBackups(all, known.rehearsal()));
    }
  }

  void note(Rehearsed rehearsed) {
    write(new KnownBackups(read().checks(), Optional.of(rehearsed)));
  }

  private void write(KnownBackups known) {
    JsonObject checks = new JsonObject();
    Set<String> there = names.get();
    known
        .checks()
        .forEach((name, check) -> checks.putIfAny(name, there.contains(name) ? json(check) : null));
    JsonObject all = new JsonObject().put("backups", checks);
    known.rehearsal().ifPresent(rehearsed -> all.put("rehearsal", json(rehearsed)));
    byte[] bytes = (all.text() + "\n").getBytes(StandardCharsets.UTF_8);
    share.reach(
        "note what is known of the backups",
        folder,
        () -> {
          share.replace(file, bytes);
          return file;
        });
  }

  private static JsonObject json(Examined check) {
    return new JsonObject()
        .time("at", check.at())
        .put("by", check.workstation())
        .put("damage", check.damage());
  }

  private static JsonObject json(Rehearsed rehearsed) {
    return new JsonObject()
        .time("at", rehearsed.at())
        .put("by", rehearsed.workstation())
        .put("backup", rehearsed.backup())
        .put("entry", rehearsed.entry())
        .put("rows", rehearsed.rows())
        .put("trouble", rehearsed.trouble());
  }
}
