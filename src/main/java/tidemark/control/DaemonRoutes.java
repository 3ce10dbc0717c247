package tidemark.control;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.say.Fields;
import tidemark.say.SyncWish;

/** What can be asked of the daemon itself: how it stands, a run, a pause, its end. */
final class DaemonRoutes {
  static final String STOP = "/api/stop";
  private static final String DAEMON = "/api/daemon";
  static final Set<String> ANSWERED_TO_THE_END = Set.of(DAEMON, STOP);
  private static final double YEAR = Duration.ofDays(365).toMinutes();

  private final Endpoint endpoint;

  DaemonRoutes(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  List<Route> all() {
    return List.of(
        Route.get(DAEMON, List.of(), none -> endpoint.state().text()),
        Route.get("/api/status", List.of(), none -> endpoint.status()),
        Route.sending("POST", "/api/sync", body -> endpoint.sync(SyncWish.read(body))),
        Route.sending("PUT", "/api/schedule", this::schedule),
        Route.sending("POST", "/api/pause", this::pause),
        Route.sending("POST", "/api/resume", this::resume),
        Route.sending("POST", STOP, body -> "{\"stopping\":true}")); // and it ends, see Routes
  }

  private String schedule(String body) {
    Fields said = Fields.asked(body, Set.of("intervalMinutes"));
    if (!said.names().contains("intervalMinutes")) {
      throw new Problem(
          400, "intervalMinutes is missing", "A number of minutes, or null for manual.");
    }
    endpoint.schedule(minutes(said, "intervalMinutes"));
    return endpoint.state().text();
  }

  private String pause(String body) {
    Fields said = Fields.asked(body, Set.of("minutes"));
    endpoint.pause(minutes(said, "minutes"));
    return endpoint.state().text();
  }

  private String resume(String body) {
    endpoint.resume();
    return endpoint.state().text();
  }

  private static @Nullable Duration minutes(Fields said, String name) {
    Object value = said.value(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof Number number)
        || number.doubleValue() <= 0
        || number.doubleValue() > YEAR) {
      throw new Problem(
          400, name + " is no number of minutes: " + value, "As in 60; a year at most.");
    }
    return Duration.ofMillis(Math.round(number.doubleValue() * 60_000));
  }
}
