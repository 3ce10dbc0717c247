package tidemark.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;

/** What can be asked of the endpoint, and how it is answered: JSON, whatever happens. */
final class Routes {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
  private static final String EVENTS = "/api/events";
  private static final String STOP = "/api/stop";
  private static final int BODY = 64 << 10;
  private static final long HEARTBEAT = 15_000;
  private static final double YEAR = Duration.ofDays(365).toMinutes();

  private final Endpoint endpoint;
  private final Events events;
  private final Guard guard;
  private final Map<String, Map<String, Route>> routes = new LinkedHashMap<>();

  /** Answers a request's body with JSON. */
  private interface Route {
    String answer(String body);
  }

  Routes(Endpoint endpoint, Events events, Guard guard) {
    this.endpoint = endpoint;
    this.events = events;
    this.guard = guard;
    add("GET", "/api/daemon", body -> endpoint.state().text());
    add("GET", EVENTS, body -> ""); // a stream, see below
    add("GET", "/api/status", body -> endpoint.status());
    add("POST", "/api/sync", body -> endpoint.sync(SyncWish.read(body)));
    add("PUT", "/api/schedule", this::schedule);
    add("POST", "/api/pause", this::pause);
    add(
        "POST",
        "/api/resume",
        body -> {
          endpoint.resume();
          return endpoint.state().text();
        });
    add("POST", STOP, body -> "{\"stopping\":true}"); // and it ends, see below
  }

  private void add(String method, String path, Route route) {
    routes.computeIfAbsent(path, p -> new LinkedHashMap<>()).put(method, route);
  }

  void answer(HttpExchange exchange) throws IOException {
    try {
      guard.check(exchange);
      Route route = route(exchange);
      if (exchange.getRequestURI().getPath().equals(EVENTS)) {
        stream(exchange);
      } else {
        answer(exchange, route.answer(body(exchange)));
      }
    } catch (Problem problem) {
      send(exchange, problem);
    } catch (Failure failure) {
      LOG.warn("{}: {}", exchange.getRequestURI().getPath(), failure.whatFailed());
      send(exchange, Problem.of(failure));
    } catch (RuntimeException e) {
      LOG.error("A bug in Tidemark", e);
      send(exchange, Problem.bug(e));
    }
  }

  /** Whoever ends the daemon is told so before its end cuts the connection. */
  private void answer(HttpExchange exchange, String text) throws IOException {
    try {
      send(exchange, 200, "application/json", text);
      exchange.close();
    } finally {
      if (exchange.getRequestURI().getPath().equals(STOP)) {
        endpoint.stop();
      }
    }
  }

  private Route route(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    Map<String, Route> methods = routes.get(path);
    if (methods == null) {
      throw new Problem(404, "there is no " + path, "There are: " + routes.keySet());
    }
    return Optional.ofNullable(methods.get(exchange.getRequestMethod()))
        .orElseThrow(
            () ->
                new Problem(
                    405,
                    path + " does not take " + exchange.getRequestMethod(),
                    "It takes " + String.join(", ", methods.keySet()) + "."));
  }

  private static String body(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(BODY + 1);
    if (body.length > BODY) {
      throw new Problem(413, "the body is too large", "At most " + BODY + " bytes.");
    }
    return new String(body, UTF_8);
  }

  private static void send(HttpExchange exchange, Problem problem) throws IOException {
    send(exchange, problem.status(), "application/problem+json", problem.text());
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = (text + "\n").getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /** Server-sent events, until whoever listens goes away or the daemon ends. */
  private void stream(HttpExchange exchange) throws IOException {
    try (Events.Listener listener =
        events
            .listen()
            .orElseThrow(() -> new Problem(503, "too many listen already", "Close one."))) {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      write(out, ": listening\n\n");
      while (true) {
        StringBuilder text = new StringBuilder();
        for (Events.Event event : listener.next(HEARTBEAT)) {
          text.append("event: ").append(event.name()).append('\n');
          text.append("data: ").append(event.data()).append("\n\n");
        }
        write(out, text.isEmpty() ? ": still here\n\n" : text.toString());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(UTF_8));
    out.flush();
  }

  // ---- bodies

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
