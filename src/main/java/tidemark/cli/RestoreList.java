package tidemark.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.app.Database;
import tidemark.app.Restore.Kept;
import tidemark.change.ChangeTime;
import tidemark.change.Json;
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
    return Json.text(
        json -> {
          json.writeStartObject();
          json.writeObjectFieldStart("databases");
          for (Database database : databases) {
            json.writeObjectFieldStart(database.name());
            write(json, database, since);
            json.writeEndObject();
          }
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private static void write(JsonGenerator json, Database database, long since) throws IOException {
    Kept kept = database.restore().kept();
    json.writeFieldName("oldest");
    write(json, kept.oldest());
    json.writeArrayFieldStart("snapshots");
    for (Spot spot : kept.snapshots()) {
      write(json, spot);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("backups");
    for (Backup backup : kept.backups()) {
      json.writeStartObject();
      json.writeStringField("name", backup.name());
      json.writeStringField("kind", backup.kind().word());
      json.writeNumberField("entry", backup.position().number());
      json.writeStringField("at", ChangeTime.iso(backup.at()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("done");
    database
        .restore()
        .eachDeed(
            since,
            deed -> {
              try {
                write(json, deed);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, @Nullable Spot spot) throws IOException {
    if (spot == null) {
      json.writeNull();
      return;
    }
    Long at = spot.at();
    json.writeStartObject();
    json.writeNumberField("entry", spot.entry());
    json.writeStringField("at", at == null ? null : ChangeTime.iso(at));
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Deed deed) throws IOException {
    json.writeStartObject();
    json.writeNumberField("firstEntry", deed.first());
    json.writeNumberField("lastEntry", deed.last());
    json.writeStringField("began", ChangeTime.iso(deed.began()));
    json.writeStringField("ended", ChangeTime.iso(deed.ended()));
    json.writeArrayFieldStart("by");
    for (String person : deed.by()) {
      json.writeString(person);
    }
    json.writeEndArray();
    json.writeStringField("workstation", deed.workstation());
    json.writeObjectFieldStart("tables");
    for (Map.Entry<String, Count> table : deed.tables().entrySet()) {
      json.writeObjectFieldStart(table.getKey());
      json.writeNumberField("puts", table.getValue().puts());
      json.writeNumberField("deletes", table.getValue().deletes());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }
}
