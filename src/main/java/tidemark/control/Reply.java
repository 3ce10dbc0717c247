package tidemark.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;

/**
 * An answer.
 *
 * @param headers beside those that every answer has
 */
record Reply(int status, String type, byte[] content, Map<String, String> headers) {
  /** Nothing of this is kept by a browser, run as something else, or shown in another's page. */
  private static final Map<String, String> ALWAYS =
      Map.of(
          "Cache-Control", "no-store",
          "X-Content-Type-Options", "nosniff",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Resource-Policy", "same-origin");

  static Reply json(String text) {
    return text(200, "application/json", text);
  }

  static Reply of(Problem problem) {
    return text(problem.status(), "application/problem+json", problem.text());
  }

  static Reply text(int status, String type, String text) {
    return new Reply(status, type + "; charset=utf-8", (text + "\n").getBytes(UTF_8), Map.of());
  }

  void send(HttpExchange exchange) throws IOException {
    Headers all = exchange.getResponseHeaders();
    ALWAYS.forEach(all::set);
    headers.forEach(all::set);
    all.set("Content-Type", type);
    boolean bodiless = content.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, bodiless ? -1 : content.length);
    if (!bodiless) {
      exchange.getResponseBody().write(content);
    }
  }
}
