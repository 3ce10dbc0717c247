package tidemark.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Json;

/** What can be asked of the endpoint, and how it is answered: JSON, but for the page's files. */
final class Routes {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
  private static final String EVENTS = "/api/events";
  private static final long HEARTBEAT = 15_000;

  private final Endpoint endpoint;
  private final Events events;
  private final Guard guard;
  private final Sessions sessions;
  private final PageFiles page = new PageFiles();
  private final Map<String, Map<String, Route>> routes = new LinkedHashMap<>();

  Routes(Services services, Guard guard, Sessions sessions, String origin) {
    this.endpoint = services.endpoint();
    this.events = services.events();
    this.guard = guard;
    this.sessions = sessions;
    new DaemonRoutes(endpoint).all().forEach(this::add);
    new DataRoutes(services.questions(), services.clock()).all().forEach(this::add);
    new SettingsRoutes(services.config()).all().forEach(this::add);
    add(new Route("GET", EVENTS, List.of(), call -> Reply.json(""))); // a stream, see below
    add(new Route("GET", "/api/openapi.json", List.of(), call -> OpenApi.reply()));
    add(Route.sending("POST", "/api/code", body -> code(origin)));
  }

  /** All there are. */
  List<Route> all() {
    return routes.values().stream().flatMap(methods -> methods.values().stream()).toList();
  }

  private void add(Route route) {
    routes.computeIfAbsent(route.path(), p -> new LinkedHashMap<>()).put(route.method(), route);
  }

  private String code(String origin) {
    return Json.objectText(Map.of("url", origin + "/?code=" + sessions.newCode()));
  }

  /** What is to be sent; empty where it was on the way. */
  Optional<Reply> answer(HttpExchange exchange) throws IOException {
    try {
      return answer(HttpCall.of(exchange));
    } catch (Problem problem) {
      return Optional.of(Reply.of(problem));
    } catch (Failure failure) {
      LOG.warn("{}: {}", exchange.getRequestURI().getPath(), failure.whatFailed());
      return Optional.of(Reply.of(Problem.of(failure)));
    } catch (RuntimeException e) {
      LOG.error("A bug in Tidemark", e);
      return Optional.of(Reply.of(Problem.bug(e)));
    }
  }

  private Optional<Reply> answer(HttpCall call) throws IOException {
    guard.checkPlace(call);
    Optional<Reply> file = call.method().equals("GET") ? pageFile(call) : Optional.empty();
    if (file.isPresent()) {
      return file;
    }
    guard.checkUser(call);
    if (endpoint.isEnding() && !DaemonRoutes.ANSWERED_TO_THE_END.contains(call.path())) {
      throw Problem.ending();
    }
    Route route = route(call);
    checkParameters(call, route);
    if (call.path().equals(EVENTS)) {
      stream(call.exchange());
      return Optional.empty();
    }
    Reply reply = route.answering().reply(call);
    if (call.path().equals(DaemonRoutes.STOP)) {
      end(call, reply);
      return Optional.empty();
    }
    return Optional.of(reply);
  }

  /** Whoever brings a code comes to a page of his own; anybody may have the page's files. */
  private Optional<Reply> pageFile(HttpCall call) {
    boolean hasCode = call.session() == null && call.path().equals("/");
    String code = hasCode ? call.parameters().get("code") : null;
    return code == null ? page.find(call.path()) : Optional.of(opened(code));
  }

  private Reply opened(String code) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Location", "/");
    sessions
        .open(code)
        .ifPresent(
            session -> {
              String path = HttpCall.page(session.name());
              headers.put("Location", path);
              headers.put("Set-Cookie", cookie(session.cookie(), path));
            });
    return new Reply(303, "text/plain", new byte[0], headers);
  }

  /** Cookies know no ports: only the path keeps it from other users' servers on this machine. */
  private static String cookie(String value, String path) {
    return Guard.COOKIE
        + "="
        + value
        + "; Path="
        + path
        + "; Max-Age="
        + Sessions.LIFE.toSeconds()
        + "; HttpOnly; SameSite=Strict";
  }

  /** Whoever ends the daemon is told so before its end cuts the connection. */
  private void end(HttpCall call, Reply reply) throws IOException {
    try {
      reply.send(call.exchange());
      call.exchange().close();
    } finally {
      endpoint.stop();
    }
  }

  private Route route(HttpCall call) {
    String path = call.path();
    Map<String, Route> methods = routes.get(path);
    if (methods == null) {
      throw new Problem(404, "there is no " + path, "There are: " + routes.keySet());
    }
    return Optional.ofNullable(methods.get(call.method()))
        .orElseThrow(
            () ->
                new Problem(
                    405,
                    path + " does not take " + call.method(),
                    "It takes " + String.join(", ", methods.keySet()) + "."));
  }

  /** A filter that is misspelt would find what was not asked for. */
  private static void checkParameters(HttpCall call, Route route) {
    for (String name : call.parameters().keySet()) {
      if (!route.parameters().contains(name)) {
        throw new Problem(
            400,
            "'" + name + "' is not known here",
            route.parameters().isEmpty()
                ? call.path() + " takes no parameters."
                : "Accepted: " + String.join(", ", route.parameters()) + ".");
      }
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
}
