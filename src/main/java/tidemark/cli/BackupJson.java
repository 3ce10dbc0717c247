package tidemark.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tidemark.app.DatabaseBackups;
import tidemark.app.DatabaseBackups.Overview;
import tidemark.change.JsonObject;
import tidemark.upkeep.backup.Backup;
import tidemark.upkeep.backup.BackupProof.Proof;
import tidemark.upkeep.backup.Examined;
import tidemark.upkeep.backup.Rehearsed;

/** Backups as programs read them. */
final class BackupJson {
  private BackupJson() {}

  static String overviews(Map<String, Optional<Overview>> all, boolean local) {
    return databases(all, overview -> overview.map(o -> json(o, local)).orElse(null));
  }

  private static <T> String databases(Map<String, T> all, Function<T, @Nullable JsonObject> told) {
    return new JsonObject().put("databases", JsonObject.of(all, told)).text();
  }

  private static JsonObject json(Overview overview, boolean local) {
    return new JsonObject()
        .put("folder", overview.folder().toString())
        .time("nextDue", overview.nextDue())
        .put(
            "backups",
            overview.backups().stream()
                .filter(listed -> listed.backup().isOfMaster() != local)
                .map(BackupJson::json)
                .toList())
        .put("unreadable", overview.unreadable())
        .put("rehearsal", overview.rehearsal().map(BackupJson::json).orElse(null))
        .put("uncopied", overview.uncopied().stream().map(Backup::name).toList())
        .put("copying", overview.copying() == null ? null : JsonObject.of(overview.copying()));
  }

  private static JsonObject json(DatabaseBackups.Listed listed) {
    Examined check = listed.check();
    return json(listed.backup())
        .put("packed", listed.packed())
        .time("checkedAt", check == null ? listed.backup().at() : check.at())
        .put("damage", check == null ? null : check.damage());
  }

  private static JsonObject json(Backup backup) {
    return new JsonObject()
        .put("name", backup.name())
        .put("kind", backup.kind().word())
        .time("at", backup.at())
        .put("entry", backup.position().number())
        .put("hash", backup.position().hash())
        .put("ledger", backup.ledger())
        .put("by", backup.maker().user())
        .put("workstation", backup.maker().workstation())
        .put("size", backup.content().size())
        .put("sha256", backup.content().sha256())
        .put("rows", backup.content().rows());
  }

  private static JsonObject json(Rehearsed rehearsed) {
    return new JsonObject()
        .put("success", rehearsed.trouble() == null)
        .time("at", rehearsed.at())
        .put("workstation", rehearsed.workstation())
        .put("backup", rehearsed.backup())
        .put("entry", rehearsed.entry())
        .put("rows", rehearsed.rows())
        .put("trouble", rehearsed.trouble());
  }

  static String made(Map<String, MadeBackups> all) {
    return databases(
        all,
        result ->
            new JsonObject()
                .put("success", result.troubles().isEmpty())
                .put("made", result.made().stream().map(BackupJson::json).toList())
                .put("copied", result.copied().stream().map(Backup::name).toList())
                .put("errors", result.troubles().stream().map(JsonObject::of).toList()));
  }

  static String rehearsals(Map<String, Rehearsed> all) {
    return databases(all, BackupJson::json);
  }

  static String proofs(Map<String, List<Proof>> all, Map<String, Map<String, String>> unreadable) {
    JsonObject databases = new JsonObject();
    all.forEach(
        (name, proofs) -> {
          Map<String, String> useless = unreadable.getOrDefault(name, Map.of());
          databases.put(
              name,
              new JsonObject()
                  .put("success", proofs.stream().allMatch(Proof::isWell) && useless.isEmpty())
                  .put("backups", proofs.stream().map(BackupJson::json).toList())
                  .put("unreadable", useless));
        });
    return new JsonObject().put("databases", databases).text();
  }

  private static JsonObject json(Proof proof) {
    return new JsonObject()
        .put("name", proof.backup().name())
        .put("whole", proof.check().damage() == null)
        .put("damage", proof.check().damage())
        .put("history", proof.history());
  }

  static String removed(Map<String, List<Backup>> all, boolean dryRun) {
    return databases(
        all,
        backups ->
            new JsonObject()
                .put("dryRun", dryRun)
                .put("removed", backups.stream().map(Backup::name).toList()));
  }
}
