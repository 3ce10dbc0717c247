package tidemark.cli;

import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tidemark.app.Database;
import tidemark.app.Restore.Kept;
import tidemark.change.JsonObject;
import tidemark.past.Past.Count;
import tidemark.past.Past.Deed;
import tidemark.past.Past.Spot;
import tidemark.say.Moment;
import tidemark.say.TextTable;
import tidemark.upkeep.backup.Backup;

/** What one can go back to, and what was done when, so that somebody finds the bad import. */
final class RestoreList {
  private final PrintWriter out;
  private final ZoneId zone;

  RestoreList(PrintWriter out, ZoneId zone) {
    this.out = out;
    this.zone = zone;
  }

  void print(Database database, long since) {
    Kept kept = database.restore().kept();
    out.println(database.name());
    Spot oldest = kept.oldest();
    out.println(
        oldest == null
            ? "  The ledger has no entry yet."
            : "  Any moment since entry " + oldest.entry() + when(oldest) + ".");
    if (!kept.snapshots().isEmpty()) {
      out.println(
          "  Snapshots, from which it is made quickly: "
              + kept.snapshots().stream()
                  .map(spot -> "entry " + spot.entry())
                  .collect(Collectors.joining(", ")));
    }
    TextTable backups = new TextTable("backup", "made", "entry");
    for (Backup backup : kept.backups()) {
      backups.row(backup.name(), Moment.shown(backup.at(), zone), backup.position().number());
    }
    if (kept.backups().isEmpty()) {
      out.println("  No backups.");
    } else {
      backups.print(out, "  ");
    }
    out.println("  What was done since " + Moment.shown(since, zone) + ", newest first:");
    database.restore().eachDeed(since, this::print);
    out.println("  Back to before one of them: --to with the number before it.");
  }

  private String when(Spot spot) {
    Long at = spot.at();
    return at == null ? "" : ", " + Moment.shown(at, zone);
  }

  private void print(Deed deed) {
    out.println(
        "    "
            + entries(deed)
            + "  "
            + Moment.shown(deed.ended(), zone)
            + "  "
            + String.join(", ", deed.by())
            + " at "
            + deed.workstation()
            + "  "
            + deed.tables().entrySet().stream()
                .map(table -> table.getKey() + " " + text(table.getValue()))
                .collect(Collectors.joining(", ")));
  }

  private static String entries(Deed deed) {
    return deed.first() == deed.last()
        ? "entry " + deed.last()
        : "entries " + deed.first() + " to " + deed.last();
  }

  private static String text(Count count) {
    String puts = count.puts() == 0 ? "" : String.format(Locale.ROOT, "%,d written", count.puts());
    String deletes =
        count.deletes() == 0 ? "" : String.format(Locale.ROOT, "%,d deleted", count.deletes());
    return puts + (puts.isEmpty() || deletes.isEmpty() ? "" : ", ") + deletes;
  }

  // ---- for programs

  String json(List<Database> databases, long since) {
    JsonObject all = new JsonObject();
    databases.forEach(database -> all.put(database.name(), json(database, since)));
    return new JsonObject().put("databases", all).text();
  }

  private static JsonObject json(Database database, long since) {
    Kept kept = database.restore().kept();
    List<JsonObject> done = new ArrayList<>();
    database.restore().eachDeed(since, deed -> done.add(json(deed)));
    return new JsonObject()
        .put("oldest", kept.oldest() == null ? null : json(kept.oldest()))
        .put("snapshots", kept.snapshots().stream().map(RestoreList::json).toList())
        .put("backups", kept.backups().stream().map(RestoreList::json).toList())
        .put("done", done);
  }

  private static JsonObject json(Backup backup) {
    return new JsonObject()
        .put("name", backup.name())
        .put("kind", backup.kind().word())
        .put("entry", backup.position().number())
        .time("at", backup.at());
  }

  private static JsonObject json(Spot spot) {
    return new JsonObject().put("entry", spot.entry()).time("at", spot.at());
  }

  private static JsonObject json(Deed deed) {
    return new JsonObject()
        .put("firstEntry", deed.first())
        .put("lastEntry", deed.last())
        .time("began", deed.began())
        .time("ended", deed.ended())
        .put("by", deed.by())
        .put("workstation", deed.workstation())
        .put("tables", JsonObject.of(deed.tables(), RestoreList::json));
  }

  private static JsonObject json(Count count) {
    return new JsonObject().put("puts", count.puts()).put("deletes", count.deletes());
  }
}
