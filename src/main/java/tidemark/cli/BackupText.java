package tidemark.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidemark.app.DatabaseBackups.Listed;
import tidemark.app.DatabaseBackups.Overview;
import tidemark.change.ByteCount;
import tidemark.change.Failure;
import tidemark.say.Moment;
import tidemark.say.TextTable;
import tidemark.say.Words;
import tidemark.upkeep.backup.Backup;
import tidemark.upkeep.backup.BackupProof.Proof;
import tidemark.upkeep.backup.Examined;
import tidemark.upkeep.backup.Rehearsed;

/** Backups as people read them. */
final class BackupText {
  private final PrintWriter out;
  private final Clock clock;
  private final ZoneId zone;

  BackupText(PrintWriter out, Clock clock) {
    this.out = out;
    this.clock = clock;
    this.zone = clock.getZone();
  }

  void print(String database, Optional<Overview> looked, boolean local) {
    if (looked.isEmpty()) {
      out.println(database + ": no backups are made: the config names no `backup.folder`");
      return;
    }
    Overview overview = looked.get();
    List<Listed> listed =
        overview.backups().stream().filter(one -> one.backup().isOfMaster() != local).toList();
    out.println(
        database
            + ": "
            + Words.count(listed.size(), local ? "local backup" : "backup")
            + " in "
            + overview.folder());
    if (!listed.isEmpty()) {
      TextTable table = new TextTable("backup", "made", "rows", "size", "checked");
      listed.forEach(one -> row(table, one));
      table.print(out, "  ");
    }
    overview
        .unreadable()
        .forEach((name, why) -> out.println("  " + name + " cannot be used: " + why));
    if (!local) {
      printWhatComes(overview);
    }
  }

  private void row(TextTable table, Listed listed) {
    Backup backup = listed.backup();
    Examined check = listed.check();
    String checked = Moment.shown(check == null ? backup.at() : check.at(), zone);
    boolean damaged = check != null && check.damage() != null;
    table.row(
        backup.name(),
        Moment.shown(backup.at(), zone),
        backup.content().allRows(),
        ByteCount.text(listed.packed()),
        checked + (damaged ? ", DAMAGED" : ", whole"));
  }

  private void printWhatComes(Overview overview) {
    Instant due = overview.nextDue();
    out.println(
        (due.isAfter(clock.instant())
                ? "  the next one is due "
                : "  a running daemon makes one, due since ")
            + Moment.shown(due.toEpochMilli(), zone));
    out.println(
        "  "
            + overview
                .rehearsal()
                .map(this::said)
                .orElse(
                    "no restore was tried yet: `tidemark backup verify --rehearse` does it now"));
    Failure copying = overview.copying();
    if (copying != null) {
      out.println("  weekly ones elsewhere: " + copying.whatFailed());
    } else if (!overview.uncopied().isEmpty()) {
      out.println(
          "  still to be copied elsewhere: "
              + String.join(", ", overview.uncopied().stream().map(Backup::name).toList()));
    }
  }

  String said(Rehearsed rehearsed) {
    return "a restore was tried "
        + Moment.shown(rehearsed.at(), zone)
        + " at "
        + rehearsed.workstation()
        + ", from "
        + rehearsed.backup()
        + " and the entries up to "
        + rehearsed.entry()
        + ": "
        + (rehearsed.trouble() == null
            ? Words.count(rehearsed.rows(), "row") + ", all as the ledger has them"
            : "NOT WELL, " + rehearsed.trouble());
  }

  void print(String database, List<Proof> proofs, Map<String, String> unreadable) {
    long well = proofs.stream().filter(Proof::isWell).count();
    out.println(
        database
            + ": "
            + Words.count(proofs.size() + unreadable.size(), "backup")
            + " examined, "
            + (well == proofs.size() && unreadable.isEmpty()
                ? "all whole"
                : proofs.size() + unreadable.size() - well + " not as they should be"));
    for (Proof proof : proofs) {
      String damage = proof.check().damage();
      String history = proof.history();
      if (damage != null) {
        out.println("  " + damage);
      }
      if (history != null) {
        out.println("  " + proof.backup().name() + ": " + history);
      }
    }
    unreadable.forEach((name, why) -> out.println("  " + name + " cannot be used: " + why));
  }
}
