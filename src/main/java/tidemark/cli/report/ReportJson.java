package tidemark.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.upkeep.report.ChangeCount;
import tidemark.upkeep.report.Changes;
import tidemark.upkeep.report.Report;
import tidemark.upkeep.report.RunCount;
import tidemark.upkeep.report.Size;

/** Reports as a JSON array. */
public final class ReportJson {
  private final JsonGenerator json;

  private ReportJson(JsonGenerator json) {
    this.json = json;
  }

  public static String text(List<Report> reports) {
    return Json.text(
        json -> {
          json.writeStartArray();
          for (Report report : reports) {
            new ReportJson(json).write(report);
          }
          json.writeEndArray();
        });
  }

  private void write(Report report) throws IOException {
    json.writeStartObject();
    json.writeStringField("database", report.database());
    moment("since", report.since());
    moment("until", report.until());
    json.writeStringField("zone", report.zone().getId());
    json.writeBooleanField("everybodys", report.everybodys());
    runs(report);
    Changes changes = report.changes();
    if (changes == null) {
      json.writeNullField("changes");
    } else {
      write(changes);
    }
    size(report);
    json.writeArrayFieldStart("troubles");
    for (Failure trouble : report.troubles()) {
      json.writeStartObject();
      json.writeStringField("message", trouble.whatFailed());
      json.writeStringField("hint", trouble.hint());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void moment(String name, @Nullable Instant moment) throws IOException {
    json.writeStringField(name, moment == null ? null : ChangeTime.iso(moment.toEpochMilli()));
  }

  private void runs(Report report) throws IOException {
    json.writeObjectFieldStart("runs");
    json.writeObjectFieldStart("all");
    members(report.runs().all());
    json.writeEndObject();
    runs("days", "day", report.runs().days());
    runs("workstations", "workstation", report.runs().workstations());
    json.writeEndObject();
  }

  private void runs(String name, String each, Map<?, RunCount> counts) throws IOException {
    json.writeArrayFieldStart(name);
    for (Map.Entry<?, RunCount> count : counts.entrySet()) {
      json.writeStartObject();
      json.writeStringField(each, count.getKey().toString());
      members(count.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void members(RunCount count) throws IOException {
    json.writeNumberField("runs", count.runs());
    json.writeNumberField("success", count.success());
    json.writeNumberField("partial", count.partial());
    json.writeNumberField("offline", count.offline());
    json.writeNumberField("error", count.errors());
    json.writeNumberField("pulled", count.pulled());
    json.writeNumberField("pushed", count.pushed());
    json.writeNumberField("conflicts", count.conflicts());
    json.writeNumberField("medianMs", count.medianMs());
    json.writeNumberField("p95Ms", count.p95Ms());
  }

  private void write(Changes changes) throws IOException {
    json.writeObjectFieldStart("changes");
    moment("from", changes.from());
    json.writeNumberField("entries", changes.entries());
    json.writeObjectFieldStart("all");
    members(changes.all());
    json.writeEndObject();
    changes("days", "day", changes.days());
    json.writeArrayFieldStart("users");
    for (Map.Entry<String, Changes.Person> user : changes.users().entrySet()) {
      json.writeStartObject();
      json.writeStringField("user", user.getKey());
      members(user.getValue().count());
      json.writeNumberField("days", user.getValue().days());
      json.writeEndObject();
    }
    json.writeEndArray();
    changes("tables", "table", changes.tables());
    json.writeEndObject();
  }

  private void changes(String name, String each, Map<?, ChangeCount> counts) throws IOException {
    json.writeArrayFieldStart(name);
    for (Map.Entry<?, ChangeCount> count : counts.entrySet()) {
      json.writeStartObject();
      json.writeStringField(each, count.getKey().toString());
      members(count.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void members(ChangeCount count) throws IOException {
    json.writeNumberField("new", count.made());
    json.writeNumberField("changed", count.changed());
    json.writeNumberField("deleted", count.deleted());
  }

  private void size(Report report) throws IOException {
    Size size = report.size();
    ReportWords words = new ReportWords(report);
    boolean known = report.changes() != null;
    json.writeObjectFieldStart("size");
    json.writeNumberField("rows", words.rowsNow());
    number("growth", known ? words.growth() : null);
    json.writeNumberField("localBytes", size.local());
    number("masterBytes", size.master());
    Size.LedgerBytes ledger = size.ledger();
    number("ledgerBytes", ledger == null ? null : ledger.all());
    number("ledgerGrowthBytes", ledger == null ? null : ledger.growth());
    json.writeArrayFieldStart("tables");
    for (Map.Entry<String, Long> table : size.rows().entrySet()) {
      json.writeStartObject();
      json.writeStringField("table", table.getKey());
      json.writeNumberField("rows", table.getValue());
      number("growth", known ? words.growth(table.getKey()) : null);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void number(String name, @Nullable Long number) throws IOException {
    if (number == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, number);
    }
  }
}
