package tidemark.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;

/**
 * Who may ask: programs of this user, which can read the token. A page of any site could make the
 * browser ask too; it is known by the Host it resolved (DNS rebinding) or by its Origin.
 */
final class Guard {
  private static final String BEARER = "Bearer ";

  private final Set<String> hosts;
  private final Set<String> origins;
  private final byte[] token;

  Guard(int port, String token) {
    this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port);
    this.origins = Set.of("http://127.0.0.1:" + port, "http://localhost:" + port);
    this.token = token.getBytes(UTF_8);
  }

  /** Lets it pass, or says why not. */
  void check(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    List<String> host = headers.getOrDefault("Host", List.of());
    if (host.size() != 1 || !hosts.contains(host.get(0))) {
      throw new Problem(403, "asked under a name that is not this machine's", "Ask 127.0.0.1.");
    }
    for (String origin : headers.getOrDefault("Origin", List.of())) {
      if (!origins.contains(origin)) {
        throw new Problem(403, "asked by a page of another site", "");
      }
    }
    List<String> given = headers.getOrDefault("Authorization", List.of());
    if (given.size() != 1
        || !given.get(0).startsWith(BEARER)
        || !MessageDigest.isEqual(given.get(0).substring(BEARER.length()).getBytes(UTF_8), token)) {
      throw new Problem(
          401,
          "the token is missing or wrong",
          "Send that of control.json as Authorization: Bearer.");
    }
  }
}
