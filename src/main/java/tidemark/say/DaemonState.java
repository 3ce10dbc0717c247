package tidemark.say;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.change.JsonObject;

/**
 * What the running daemon says of itself, without a look at any database or share.
 *
 * @param syncing a run is under way
 * @param next when the next run is due; null: by hand only, paused, or waiting for the share
 * @param paused nothing runs by itself
 * @param pausedUntil null: until somebody says so
 * @param offlineSince when the share was lost; null: it is there
 * @param configProblem why the config as it is now is not in force; null: it is
 * @param trouble what broke off what it does by time; null: nothing since it last came to its end
 */
public record DaemonState(
    long pid,
    String version,
    boolean syncing,
    @Nullable Instant next,
    boolean paused,
    @Nullable Instant pausedUntil,
    @Nullable Instant offlineSince,
    @Nullable String configProblem,
    @Nullable String trouble) {

  public String text() {
    return json().text();
  }

  JsonObject json() {
    return new JsonObject()
        .put("pid", pid)
        .put("version", version)
        .put("isSyncing", syncing)
        .time("nextSyncTime", next)
        .put("paused", paused)
        .time("pausedUntil", pausedUntil)
        .time("offlineSince", offlineSince)
        .put("configProblem", configProblem)
        .put("trouble", trouble);
  }

  public static DaemonState read(String text) {
    Fields said = new Fields(Json.object(text));
    return new DaemonState(
        said.number("pid"),
        said.text("version", ""),
        said.isTrue("isSyncing"),
        instant(said.text("nextSyncTime")),
        said.isTrue("paused"),
        instant(said.text("pausedUntil")),
        instant(said.text("offlineSince")),
        said.text("configProblem"),
        said.text("trouble"));
  }

  private static @Nullable Instant instant(@Nullable String iso) {
    return iso == null ? null : Instant.parse(iso);
  }
}
