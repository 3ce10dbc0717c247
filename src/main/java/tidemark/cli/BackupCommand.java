package tidemark.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tidemark.app.Database;
import tidemark.app.DatabaseBackups;
import tidemark.app.DatabaseBackups.Overview;
import tidemark.change.Failure;
import tidemark.say.Words;
import tidemark.upkeep.backup.Backup;
import tidemark.upkeep.backup.BackupProof.Proof;
import tidemark.upkeep.backup.MasterBackups.Made;
import tidemark.upkeep.backup.Rehearsed;

/** `backup`, and `backup list`: the backups there are. */
@Command(
    name = "backup",
    description = "Backups of the master: those there are, or what a subcommand does.")
class BackupCommand extends DataCommand {
  @Option(
      names = "--local",
      description = "Of this workstation's own databases, unsent edits included.")
  private boolean local;

  BackupCommand(Start start) {
    super(start);
  }

  protected final boolean local() {
    return local || (parent() instanceof BackupCommand above && above.local());
  }

  @Override
  int run() {
    Map<String, Optional<Overview>> all = new LinkedHashMap<>();
    for (Database database : databases(workstation())) {
      all.put(database.name(), database.backups().look());
    }
    if (json()) {
      out().println(BackupJson.overviews(all, local()));
    } else {
      BackupText text = new BackupText(out(), start.clock());
      all.forEach((name, overview) -> text.print(name, overview, local()));
    }
    return 0;
  }

  /** `backup list`. */
  @Command(name = "list", description = "Tells which ones there are, and when the next is due.")
  static final class Listing extends BackupCommand {
    Listing(Start start) {
      super(start);
    }
  }

  /** `backup now`. */
  @Command(
      name = "now",
      description =
          "Makes one now. The daemon makes one a day by itself, see `backup` in the config.")
  static final class Now extends BackupCommand {
    Now(Start start) {
      super(start);
    }

    @Override
    int run() {
      Map<String, MadeBackups> all = new LinkedHashMap<>();
      for (Database database : databases(workstation())) {
        DatabaseBackups backups = database.backups();
        all.put(
            database.name(),
            local()
                ? new MadeBackups(List.of(backups.makeLocal()), List.of(), List.of())
                : ofMaster(backups));
      }
      if (json()) {
        out().println(BackupJson.made(all));
      }
      boolean well = true;
      for (Map.Entry<String, MadeBackups> one : all.entrySet()) {
        MadeBackups result = one.getValue();
        if (!json()) {
          result.made().forEach(backup -> tell(one.getKey(), backup));
          result.copied().forEach(backup -> out().println("  also copied: " + backup.name()));
        }
        for (Failure trouble : result.troubles()) {
          Failure failure = withContact(trouble);
          ErrorLines.tell(err(), failure.whatFailed(), failure.hint());
        }
        well &= result.troubles().isEmpty();
      }
      return well ? 0 : Failure.INCOMPLETE;
    }

    private static MadeBackups ofMaster(DatabaseBackups backups) {
      Made made = backups.makeNow();
      List<Failure> troubles = new ArrayList<>();
      Optional.ofNullable(made.trouble()).ifPresent(troubles::add);
      List<Backup> copied = List.of();
      try {
        copied = backups.copy();
      } catch (Failure e) {
        troubles.add(e);
      }
      return new MadeBackups(made.backups(), copied, troubles);
    }

    private void tell(String database, Backup backup) {
      out()
          .println(
              "%s: %s, %s, read back and whole"
                  .formatted(
                      database, backup.name(), Words.count(backup.content().allRows(), "row")));
    }
  }

  /** `backup verify`. */
  @Command(
      name = "verify",
      description = {
        "Unpacks backups and examines them: checksum, SQLite's own check, rows, entry.",
        "Exit 1 if one is damaged; it is named, and never restored from."
      })
  static final class Verify extends BackupCommand {
    @Parameters(arity = "0..*", paramLabel = "BACKUP", description = "Only these; else all.")
    private List<String> names = new ArrayList<>();

    @Option(
        names = "--rehearse",
        description = {
          "Restores the newest one into a temporary file, applies the entries after it,",
          "and compares every row with the ledger."
        })
    private boolean rehearse;

    Verify(Start start) {
      super(start);
    }

    @Override
    int run() {
      List<Database> databases = databases(workstation());
      return rehearse ? rehearse(databases) : examine(databases);
    }

    private int rehearse(List<Database> databases) {
      Map<String, Rehearsed> all = new LinkedHashMap<>();
      databases.forEach(database -> all.put(database.name(), database.backups().rehearse()));
      if (json()) {
        out().println(BackupJson.rehearsals(all));
      } else {
        BackupText text = new BackupText(out(), start.clock());
        all.forEach((name, rehearsed) -> out().println(name + ": " + text.said(rehearsed)));
      }
      boolean well = all.values().stream().allMatch(rehearsed -> rehearsed.trouble() == null);
      return well ? 0 : Failure.INCOMPLETE;
    }

    private int examine(List<Database> databases) {
      Map<String, List<Proof>> all = new LinkedHashMap<>();
      Map<String, Map<String, String>> unreadable = new LinkedHashMap<>();
      List<String> unknown = new ArrayList<>(names);
      for (Database database : databases) {
        DatabaseBackups backups = database.backups();
        List<Backup> meant =
            backups.list().stream()
                .filter(b -> names.isEmpty() ? b.isOfMaster() != local() : names.contains(b.name()))
                .toList();
        meant.forEach(backup -> unknown.remove(backup.name()));
        unreadable.put(database.name(), unreadable(backups, unknown));
        all.put(database.name(), backups.examine(meant));
      }
      if (!unknown.isEmpty()) {
        throw new Failure(
            Failure.USAGE,
            "there is no backup " + String.join(", ", unknown),
            "`tidemark backup list` names them all.");
      }
      if (json()) {
        out().println(BackupJson.proofs(all, unreadable));
      } else {
        BackupText text = new BackupText(out(), start.clock());
        all.forEach(
            (name, proofs) -> text.print(name, proofs, unreadable.getOrDefault(name, Map.of())));
      }
      boolean well =
          all.values().stream().flatMap(List::stream).allMatch(Proof::isWell)
              && unreadable.values().stream().allMatch(Map::isEmpty);
      return well ? 0 : Failure.INCOMPLETE;
    }

    /** Of those asked for; found ones are no longer unknown. */
    private Map<String, String> unreadable(DatabaseBackups backups, List<String> unknown) {
      Map<String, String> found = new LinkedHashMap<>(backups.unreadable());
      if (!names.isEmpty()) {
        found.keySet().retainAll(names);
      }
      unknown.removeAll(found.keySet());
      return found;
    }
  }

  /** `backup prune`. */
  @Command(
      name = "prune",
      description = {
        "Removes what is kept no longer, as is done after each backup.",
        "Those made by `backup now` stay until they are deleted by hand."
      })
  static final class Prune extends BackupCommand {
    @Option(names = "--dry-run", description = "Only says which ones.")
    private boolean dryRun;

    Prune(Start start) {
      super(start);
    }

    @Override
    int run() {
      Map<String, List<Backup>> all = new LinkedHashMap<>();
      for (Database database : databases(workstation())) {
        DatabaseBackups backups = database.backups();
        all.put(database.name(), dryRun ? backups.dispensable() : backups.prune());
      }
      if (json()) {
        out().println(BackupJson.removed(all, dryRun));
        return 0;
      }
      all.forEach(
          (name, backups) -> {
            out()
                .println(
                    name
                        + ": "
                        + Words.count(backups.size(), "backup")
                        + (dryRun ? " would be removed" : " removed"));
            backups.forEach(backup -> out().println("  " + backup.name()));
          });
      return 0;
    }
  }
}
