package tidemark.upkeep.backup;

import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.upkeep.backup.Backups.Known;

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

  private final Backups backups;
  private final Path file;

  BackupNotes(Backups backups) {
    this.backups = backups;
    this.file = backups.folder().resolve("checked.json");
  }

  Known read() {
    return backups
        .share()
        .reach(
            "read what is known of the backups",
            backups.folder(),
            () -> {
              try {
                byte[] bytes = backups.share().read(file, LIMIT);
                return parse(Json.object(new String(bytes, StandardCharsets.UTF_8)));
              } catch (NoSuchFileException e) {
                return new Known(Map.of(), Optional.empty());
              } catch (Failure e) {
                LOG.warn("{} cannot be read and is begun anew: {}", file, e.getMessage());
                return new Known(Map.of(), Optional.empty());
              }
            });
  }

  private static Known parse(Map<String, @Nullable Object> fields) {
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
      return new Known(
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
    return new Known(checks, Optional.empty());
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
      Known known = read();
      Map<String, Examined> all = new TreeMap<>(known.checks());
      all.putAll(made);
      write(new Known(all, known.rehearsal()));
    }
  }

  void note(Rehearsed rehearsed) {
    write(new Known(read().checks(), Optional.of(rehearsed)));
  }

  private void write(Known known) {
    JsonObject checks = new JsonObject();
    Set<String> there = backups.names();
    known
        .checks()
        .forEach((name, check) -> checks.putIfAny(name, there.contains(name) ? json(check) : null));
    JsonObject all = new JsonObject().put("backups", checks);
    known.rehearsal().ifPresent(rehearsed -> all.put("rehearsal", json(rehearsed)));
    byte[] bytes = (all.text() + "\n").getBytes(StandardCharsets.UTF_8);
    backups
        .share()
        .reach(
            "note what is known of the backups",
            backups.folder(),
            () -> {
              backups.share().replace(file, bytes);
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
