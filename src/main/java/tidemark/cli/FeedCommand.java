package tidemark.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tidemark.change.ChangeTime;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.daemon.Database;
import tidemark.sync.Feed;

/** `feed`: who changed which row, when, from which values to which. */
@Command(
    name = "feed",
    description = "Tells who changed which row, when, from which values to which.")
final class FeedCommand extends DataCommand {
  private static final int WIDEST = 40;

  @Option(names = "--table", paramLabel = "T", description = "Only this table.")
  private @Nullable String table;

  @Option(
      names = "--key",
      paramLabel = "K",
      description = "Only the row of this key: Q1, or '[\"Q1\",3]' where it has several columns.")
  private @Nullable String key;

  @Option(names = "--by", paramLabel = "USER", description = "Only what this person changed.")
  private @Nullable String by;

  @Option(names = "--since", paramLabel = "TIME", description = "Only since then.")
  private @Nullable Instant since;

  @Option(names = "--last", paramLabel = "N", description = "Only the newest so many.")
  private @Nullable Integer last;

  FeedCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    if (last != null && last < 1) {
      throw new ParameterException(spec().commandLine(), "--last needs a number of 1 or more");
    }
    Feed.Filter filter =
        new Feed.Filter(table, key, by, since == null ? null : since.toEpochMilli(), last);
    List<Database> databases = databases(daemon());
    if (json()) {
      printJson(databases, filter);
    } else {
      printText(databases, filter);
    }
    return 0;
  }

  /** Written as it is found: a feed may be long. */
  private void printJson(List<Database> databases, Feed.Filter filter) {
    try {
      JsonGenerator json =
          Json.FACTORY.createGenerator(out()).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      try (json) {
        json.writeStartArray();
        for (Database database : databases) {
          database.feed(filter, item -> write(json, database.name(), item));
        }
        json.writeEndArray();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out().println();
  }

  private static void write(JsonGenerator json, String database, Feed.Item item) {
    try {
      json.writeStartObject();
      json.writeStringField("database", database);
      json.writeNumberField("entry", item.entry());
      json.writeStringField("at", ChangeTime.iso(item.at()));
      json.writeStringField("by", item.by());
      json.writeStringField("workstation", item.workstation());
      json.writeStringField("table", item.table());
      json.writeFieldName("key");
      Json.writeKey(json, item.key());
      json.writeStringField("op", item.op());
      write(json, "before", item.before());
      write(json, "after", item.after());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(JsonGenerator json, String name, @Nullable Row row) throws IOException {
    json.writeFieldName(name);
    if (row == null) {
      json.writeNull();
    } else {
      json.writeRawValue(Json.rowText(row));
    }
  }

  private void printText(List<Database> databases, Feed.Filter filter) {
    ZoneId zone = start.clock().getZone();
    for (Database database : databases) {
      database.feed(
          filter,
          item ->
              out()
                  .println(
                      Moments.shown(item.at(), zone)
                          + "  "
                          + item.by()
                          + " at "
                          + item.workstation()
                          + "  "
                          + database.name()
                          + " "
                          + item.table()
                          + " "
                          + item.key()
                          + "  "
                          + what(item)));
    }
  }

  private static String what(Feed.Item item) {
    Row after = item.after();
    Row before = item.before();
    if (after == null) {
      return "deleted";
    }
    if (before == null) {
      return "new";
    }
    List<String> changed = new ArrayList<>();
    for (Map.Entry<String, @Nullable Object> value : after.asMap().entrySet()) {
      Object former = before.get(value.getKey());
      boolean bookkeeping = value.getKey().matches("updated_at|updated_by|synced_at");
      if (!bookkeeping && !Objects.deepEquals(former, value.getValue())) {
        changed.add(value.getKey() + ": " + shown(former) + " -> " + shown(value.getValue()));
      }
    }
    return changed.isEmpty() ? "written again unchanged" : String.join(", ", changed);
  }

  private static String shown(@Nullable Object value) {
    if (value == null) {
      return "(null)";
    }
    String text = value instanceof byte[] blob ? blob.length + " bytes" : value.toString();
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= WIDEST ? line : line.substring(0, WIDEST - 3) + "...";
  }
}
