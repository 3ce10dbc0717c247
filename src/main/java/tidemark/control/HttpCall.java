package tidemark.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came.
 *
 * @param session whose page asks; null where no page does
 * @param path without the session it may begin with
 */
record HttpCall(HttpExchange exchange, @Nullable String session, String path) {
  private static final Pattern PAGE = Pattern.compile("/p/([0-9a-f]{32})(/.*)");

  static HttpCall of(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    Matcher page = PAGE.matcher(path);
    return page.matches()
        ? new HttpCall(exchange, page.group(1), page.group(2))
        : new HttpCall(exchange, null, path);
  }

  /** Where the page of a session is. */
  static String page(String session) {
    return "/p/" + session + "/";
  }

  String method() {
    return exchange.getRequestMethod();
  }

  List<String> headers(String name) {
    return exchange.getRequestHeaders().getOrDefault(name, List.of());
  }

  /** What stands behind the question mark. */
  Map<String, String> parameters() {
    String query = exchange.getRequestURI().getRawQuery();
    Map<String, String> parameters = new LinkedHashMap<>();
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
        if (!name.isEmpty() && parameters.put(name, value) != null) {
          throw new Problem(400, "'" + name + "' is said twice", "Say it once.");
        }
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Problem(400, "the address cannot be understood", "Encode it as URLs are.");
    }
  }

  /** The body; refused if it is longer than so many bytes. */
  String body(int limit) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(limit + 1);
    if (body.length > limit) {
      throw new Problem(413, "the body is too large", "At most " + limit + " bytes.");
    }
    return new String(body, UTF_8);
  }
}
