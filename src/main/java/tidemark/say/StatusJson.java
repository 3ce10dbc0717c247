package tidemark.say;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.config.Settings;
import tidemark.look.DatabaseStatus;
import tidemark.look.Status;
import tidemark.replica.SyncLog;

/** How everything stands, as programs read it. */
public final class StatusJson {
  private final Settings settings;
  private final List<DatabaseState> standings;
  private final boolean withWaiting;
  private final @Nullable DaemonState daemon;

  /**
   * @param daemon null where none is running
   */
  public StatusJson(
      Settings settings,
      List<DatabaseState> standings,
      boolean withWaiting,
      @Nullable DaemonState daemon) {
    this.settings = settings;
    this.standings = standings;
    this.withWaiting = withWaiting;
    this.daemon = daemon;
  }

  public static String withoutConfig(String state, Failure failure) {
    return Json.text(
        json -> {
          json.writeStartObject();
          json.writeBooleanField("enabled", false);
          json.writeStringField("state", state);
          json.writeBooleanField("isSyncing", false);
          SyncJson.write(json, failure);
          json.writeEndObject();
        });
  }

  public String text() {
    return Json.text(this::write);
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("enabled", true);
    boolean syncing = daemon != null && daemon.syncing();
    json.writeStringField("state", syncing ? "syncing" : state());
    json.writeBooleanField("isSyncing", syncing);
    json.writeStringField("lastSyncTime", ChangeTime.iso(lastSync()));
    json.writeFieldName("stats");
    writeLastRun(json);
    json.writeBooleanField("scheduledSync", settings.sync().every().isPresent());
    json.writeFieldName("intervalMinutes");
    if (settings.sync().every().isPresent()) {
      long seconds = settings.sync().every().get().toSeconds();
      if (seconds % 60 == 0) {
        json.writeNumber(seconds / 60);
      } else {
        json.writeNumber(seconds / 60.0);
      }
    } else {
      json.writeNull();
    }
    json.writeStringField("nextSyncTime", daemon == null ? null : DaemonState.iso(daemon.next()));
    json.writeStringField("username", settings.user());
    json.writeStringField("workstation", settings.workstation());
    json.writeStringField(
        "nasDbPath", standings.isEmpty() ? null : standings.get(0).master().toString());
    json.writeFieldName("clockSkewMs");
    writeNumber(json, skew());
    json.writeObjectFieldStart("databases");
    for (DatabaseState standing : standings) {
      write(json, standing);
    }
    json.writeEndObject();
    HealthJson.write(json, standings);
    if (withWaiting) {
      writeWaiting(json);
    }
    if (daemon == null) {
      json.writeNullField("daemon");
    } else {
      json.writeObjectFieldStart("daemon");
      daemon.write(json);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private String state() {
    return daemon != null && daemon.trouble() != null ? "error" : DatabaseState.worst(standings);
  }

  private @Nullable String lastSync() {
    return standings.stream()
        .map(DatabaseState::lastSync)
        .filter(Objects::nonNull)
        .max(String::compareTo)
        .orElse(null);
  }

  /** The clock is the machine's: the last measurement of any database holds for all. */
  private @Nullable Long skew() {
    return standings.stream()
        .map(DatabaseState::status)
        .map(status -> status == null ? null : status.clockSkewMs())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private void writeLastRun(JsonGenerator json) throws IOException {
    Map<String, Long> pulled = new TreeMap<>();
    Map<String, Long> pushed = new TreeMap<>();
    long conflicts = 0;
    for (DatabaseState standing : standings) {
      SyncLog.Row last = standing.status() == null ? null : standing.status().lastRun();
      if (last != null) {
        conflicts += last.run().conflicts();
        addTables(last.run().details(), pulled, pushed);
      }
    }
    json.writeStartObject();
    SyncJson.write(json, "pulled", pulled);
    SyncJson.write(json, "pushed", pushed);
    json.writeNumberField("conflicts", conflicts);
    json.writeEndObject();
  }

  private static void addTables(
      @Nullable String details, Map<String, Long> pulled, Map<String, Long> pushed) {
    if (details == null || !(Json.object(details).get("tables") instanceof Map<?, ?> tables)) {
      return;
    }
    tables.forEach(
        (table, counts) -> {
          add(pulled, String.valueOf(table), counts, "pulled");
          add(pushed, String.valueOf(table), counts, "pushed");
        });
  }

  private static void add(
      Map<String, Long> sum, String table, @Nullable Object counts, String which) {
    if (counts instanceof Map<?, ?> both
        && both.get(which) instanceof Number number
        && number.longValue() > 0) {
      sum.merge(table, number.longValue(), Long::sum);
    }
  }

  private void write(JsonGenerator json, DatabaseState standing) throws IOException {
    json.writeObjectFieldStart(standing.name());
    json.writeStringField("state", standing.state());
    json.writeStringField("local", standing.local().toString());
    json.writeStringField("master", standing.master().toString());
    DatabaseStatus status = standing.status();
    Failure failure = standing.failure();
    if (status != null) {
      json.writeNumberField("position", status.position());
      json.writeNumberField("ledgerHead", status.ledgerHead());
      json.writeFieldName("masterBehind");
      writeNumber(json, status.masterBehind());
      Long idle = status.masterIdleSince();
      json.writeStringField("masterIdleSince", idle == null ? null : ChangeTime.iso(idle));
      json.writeBooleanField("masterIsLeft", standing.masterIsLeft());
      json.writeStringField("masterTrouble", status.masterTrouble());
      json.writeStringField("onlyRead", status.onlyRead());
      json.writeStringField("masterLease", status.leaseOwner());
      json.writeStringField("lastSyncTime", ChangeTime.iso(standing.lastSync()));
      json.writeStringField("trouble", standing.trouble());
      json.writeObjectFieldStart("tables");
      for (Map.Entry<String, DatabaseStatus.Table> table : status.tables().entrySet()) {
        write(json, table.getKey(), table.getValue());
      }
      json.writeEndObject();
    } else if (failure != null) {
      SyncJson.write(json, failure);
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, DatabaseStatus.Table table)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("recordCount", table.recordCount());
    json.writeNumberField("pendingChanges", table.pendingChanges());
    json.writeNumberField("held", table.held());
    json.writeNumberField("openConflicts", table.openConflicts());
    json.writeStringField("lastSyncedAt", ChangeTime.iso(table.lastSyncedAt()));
    if (table.refused() != null) {
      json.writeStringField("refused", table.refused());
    }
    json.writeEndObject();
  }

  private void writeWaiting(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("pending");
    for (DatabaseState standing : standings) {
      for (Status.Waiting waiting : standing.waiting()) {
        json.writeStartObject();
        json.writeStringField("database", standing.name());
        json.writeStringField("table", waiting.row().table());
        json.writeFieldName("key");
        Json.writeKey(json, waiting.row().key());
        json.writeStringField("state", waiting.state().name().toLowerCase(Locale.ROOT));
        json.writeStringField("reason", waiting.reason());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static void writeNumber(JsonGenerator json, @Nullable Long number) throws IOException {
    if (number == null) {
      json.writeNull();
    } else {
      json.writeNumber(number);
    }
  }
}
