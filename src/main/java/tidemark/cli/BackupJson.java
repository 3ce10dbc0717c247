package tidemark.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.app.DatabaseBackups.Overview;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.upkeep.backup.Backup;
import tidemark.upkeep.backup.BackupProof.Proof;
import tidemark.upkeep.backup.Examined;
import tidemark.upkeep.backup.Rehearsed;

/** Backups as programs read them. */
final class BackupJson {
  private BackupJson() {}

  static String overviews(Map<String, Optional<Overview>> all, boolean local) {
    return databases(all, overview -> overview.map(o -> fields(o, local)).orElse(null));
  }

  private interface Told<T> {
    @Nullable Map<String, @Nullable Object> of(T one);
  }

  private static <T> String databases(Map<String, T> all, Told<T> told) {
    Map<String, @Nullable Object> databases = new LinkedHashMap<>();
    all.forEach((name, one) -> databases.put(name, told.of(one)));
    return Json.objectText(Map.of("databases", databases));
  }

  private static Map<String, @Nullable Object> fields(Overview overview, boolean local) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("folder", overview.folder().toString());
    fields.put("nextDue", ChangeTime.iso(overview.nextDue().toEpochMilli()));
    List<Object> backups = new ArrayList<>();
    overview.backups().stream()
        .filter(listed -> listed.backup().isOfMaster() != local)
        .forEach(
            listed -> {
              Map<String, @Nullable Object> one = fields(listed.backup());
              one.put("packed", listed.packed());
              Examined check = listed.check();
              one.put(
                  "checkedAt", ChangeTime.iso(check == null ? listed.backup().at() : check.at()));
              one.put("damage", check == null ? null : check.damage());
              backups.add(one);
            });
    fields.put("backups", backups);
    fields.put("unreadable", overview.unreadable());
    fields.put("rehearsal", overview.rehearsal().map(BackupJson::fields).orElse(null));
    fields.put("uncopied", overview.uncopied().stream().map(Backup::name).toList());
    fields.put("copying", error(overview.copying()));
    return fields;
  }

  private static Map<String, @Nullable Object> fields(Backup backup) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", backup.name());
    fields.put("kind", backup.kind().word());
    fields.put("at", ChangeTime.iso(backup.at()));
    fields.put("entry", backup.position().number());
    fields.put("hash", backup.position().hash());
    fields.put("ledger", backup.ledger());
    fields.put("by", backup.maker().user());
    fields.put("workstation", backup.maker().workstation());
    fields.put("size", backup.content().size());
    fields.put("sha256", backup.content().sha256());
    fields.put("rows", backup.content().rows());
    return fields;
  }

  private static Map<String, @Nullable Object> fields(Rehearsed rehearsed) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("success", rehearsed.trouble() == null);
    fields.put("at", ChangeTime.iso(rehearsed.at()));
    fields.put("workstation", rehearsed.workstation());
    fields.put("backup", rehearsed.backup());
    fields.put("entry", rehearsed.entry());
    fields.put("rows", rehearsed.rows());
    fields.put("trouble", rehearsed.trouble());
    return fields;
  }

  private static @Nullable Map<String, @Nullable Object> error(@Nullable Failure failure) {
    if (failure == null) {
      return null;
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("code", (long) failure.exitCode());
    fields.put("message", failure.whatFailed());
    fields.put("hint", failure.hint());
    return fields;
  }

  static String made(Map<String, BackupCommand.Now.Result> all) {
    return databases(
        all,
        result -> {
          Map<String, @Nullable Object> fields = new LinkedHashMap<>();
          fields.put("success", result.troubles().isEmpty());
          fields.put("made", result.made().stream().map(BackupJson::fields).toList());
          fields.put("copied", result.copied().stream().map(Backup::name).toList());
          fields.put("errors", result.troubles().stream().map(BackupJson::error).toList());
          return fields;
        });
  }

  static String rehearsals(Map<String, Rehearsed> all) {
    return databases(all, BackupJson::fields);
  }

  static String proofs(Map<String, List<Proof>> all, Map<String, Map<String, String>> unreadable) {
    Map<String, @Nullable Object> databases = new LinkedHashMap<>();
    all.forEach(
        (name, proofs) -> {
          Map<String, String> useless = unreadable.getOrDefault(name, Map.of());
          Map<String, @Nullable Object> fields = new LinkedHashMap<>();
          fields.put("success", proofs.stream().allMatch(Proof::isWell) && useless.isEmpty());
          List<Object> backups = new ArrayList<>();
          for (Proof proof : proofs) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("name", proof.backup().name());
            one.put("whole", proof.check().damage() == null);
            one.put("damage", proof.check().damage());
            one.put("history", proof.history());
            backups.add(one);
          }
          fields.put("backups", backups);
          fields.put("unreadable", useless);
          databases.put(name, fields);
        });
    return Json.objectText(Map.of("databases", databases));
  }

  static String removed(Map<String, List<Backup>> all, boolean dryRun) {
    return databases(
        all,
        backups -> {
          Map<String, @Nullable Object> fields = new LinkedHashMap<>();
          fields.put("dryRun", dryRun);
          fields.put("removed", backups.stream().map(Backup::name).toList());
          return fields;
        });
  }
}
