package tidemark.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Who may ask: programs of this user, which can read the token, and the page that such a program
 * opened. A page of any site could make the browser ask too; it is known by the Host it resolved
 * (DNS rebinding) or by its Origin.
 */
final class Guard {
  static final String COOKIE = "tidemark";
  private static final String BEARER = "Bearer ";

  private final Set<String> hosts;
  private final Set<String> origins;
  private final byte[] token;
  private final Sessions sessions;

  Guard(int port, String token, Sessions sessions) {
    this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port);
    this.origins = Set.of("http://127.0.0.1:" + port, "http://localhost:" + port);
    this.token = token.getBytes(UTF_8);
    this.sessions = sessions;
  }

  /** Whoever asks must mean this machine, and not do so for another site. */
  void checkPlace(HttpCall call) {
    List<String> host = call.headers("Host");
    if (host.size() != 1 || !hosts.contains(host.get(0))) {
      throw new Problem(403, "asked under a name that is not this machine's", "Ask 127.0.0.1.");
    }
    if (!origins.containsAll(call.headers("Origin"))) {
      throw new Problem(403, "asked by a page of another site", "");
    }
  }

  /** Whoever asks must be this user. */
  void checkUser(HttpCall call) {
    if (hasToken(call)) {
      return;
    }
    if (!hasCookie(call)) {
      throw new Problem(
          401,
          "the token is missing or wrong",
          "Send that of control.json as Authorization: Bearer; a page is opened by `tidemark open`.");
    }
    checkIsPage(call);
  }

  private boolean hasToken(HttpCall call) {
    List<String> given = call.headers("Authorization");
    return given.size() == 1
        && given.get(0).startsWith(BEARER)
        && MessageDigest.isEqual(given.get(0).substring(BEARER.length()).getBytes(UTF_8), token);
  }

  private boolean hasCookie(HttpCall call) {
    String session = call.session();
    return session != null
        && call.headers("Authorization").isEmpty()
        && call.headers("Cookie").stream()
            .flatMap(line -> Arrays.stream(line.split(";")))
            .map(String::strip)
            .filter(cookie -> cookie.startsWith(COOKIE + "="))
            .anyMatch(cookie -> sessions.isOpen(session, cookie.substring(COOKIE.length() + 1)));
  }

  /** A browser sends the cookie whoever makes it ask; only it can tell that our page did. */
  private static void checkIsPage(HttpCall call) {
    List<String> site = call.headers("Sec-Fetch-Site");
    boolean reads = call.method().equals("GET");
    boolean ours =
        site.isEmpty()
            ? reads || !call.headers("Origin").isEmpty()
            : site.equals(List.of("same-origin")) || (reads && site.equals(List.of("none")));
    if (!ours) {
      throw new Problem(403, "asked by a page of another site", "");
    }
  }
}
