package tidemark.say;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.config.Settings;
import tidemark.look.DatabaseStatus;
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
    return new JsonObject()
        .put("enabled", false)
        .put("state", state)
        .put("isSyncing", false)
        .put("error", JsonObject.of(failure))
        .text();
  }

  public String text() {
    boolean syncing = daemon != null && daemon.syncing();
    JsonObject all =
        new JsonObject()
            .put("enabled", true)
            .put("state", syncing ? "syncing" : state())
            .put("isSyncing", syncing)
            .put("lastSyncTime", ChangeTime.iso(lastSync()))
            .put("stats", lastRuns())
            .put("scheduledSync", settings.sync().every().isPresent())
            .put("intervalMinutes", settings.sync().every().map(StatusJson::minutes).orElse(null))
            .time("nextSyncTime", daemon == null ? null : daemon.next())
            .put("username", settings.user())
            .put("workstation", settings.workstation())
            .put("nasDbPath", standings.isEmpty() ? null : standings.get(0).place().toString())
            .put("clockSkewMs", skew());
    JsonObject databases = new JsonObject();
    standings.forEach(standing -> databases.put(standing.name(), json(standing)));
    all.put("databases", databases).put("health", HealthJson.troubles(standings));
    if (withWaiting) {
      all.put("pending", standings.stream().flatMap(StatusJson::waiting).toList());
    }
    return all.put("daemon", daemon == null ? null : daemon.json()).text();
  }

  /** Whole ones as whole numbers. */
  private static Number minutes(Duration every) {
    long seconds = every.toSeconds();
    return seconds % 60 == 0 ? (Number) (seconds / 60) : (Number) (seconds / 60.0);
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

  private JsonObject lastRuns() {
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
    return new JsonObject().put("pulled", pulled).put("pushed", pushed).put("conflicts", conflicts);
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

  private static JsonObject json(DatabaseState standing) {
    JsonObject json =
        new JsonObject()
            .put("state", standing.state())
            .put("local", standing.local().toString())
            .put("master", standing.place().toString())
            .putIfAny(
                "followedFrom",
                standing.followedFrom() == null ? null : standing.followedFrom().toString());
    DatabaseStatus status = standing.status();
    Failure failure = standing.failure();
    if (status != null) {
      json.put("position", status.position())
          .put("ledgerHead", status.ledgerHead())
          .put("masterBehind", status.masterBehind())
          .time("masterIdleSince", status.masterIdleSince())
          .put("masterIsLeft", standing.masterIsLeft())
          .put("masterTrouble", status.masterTrouble())
          .put("onlyRead", status.onlyRead())
          .put("masterLease", status.leaseOwner())
          .put("lastSyncTime", ChangeTime.iso(standing.lastSync()))
          .put("trouble", standing.trouble())
          .put("tables", JsonObject.of(status.tables(), StatusJson::json));
    } else if (failure != null) {
      json.put("error", JsonObject.of(failure));
    }
    return json;
  }

  private static JsonObject json(DatabaseStatus.Table table) {
    return new JsonObject()
        .put("recordCount", table.recordCount())
        .put("pendingChanges", table.pendingChanges())
        .put("held", table.held())
        .put("openConflicts", table.openConflicts())
        .put("lastSyncedAt", ChangeTime.iso(table.lastSyncedAt()))
        .putIfAny("refused", table.refused());
  }

  private static Stream<JsonObject> waiting(DatabaseState standing) {
    return standing.waiting().stream()
        .map(
            waiting ->
                new JsonObject()
                    .put("database", standing.name())
                    .put("table", waiting.row().table())
                    .put("key", waiting.row().key())
                    .put("state", waiting.state().name().toLowerCase(Locale.ROOT))
                    .put("reason", waiting.reason()));
  }
}
