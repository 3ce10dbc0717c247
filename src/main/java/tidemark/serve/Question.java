package tidemark.serve;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks of a server: all of it is data, none of it is trusted.
 *
 * @param words of the path, each decoded for itself
 */
public record Question(Request request, List<String> words) {
  private static final long MOST_SECONDS = 30;

  static Question of(Request request) {
    String path = String.valueOf(request.getHttpURI().getPath());
    List<String> words = Stream.of(path.split("/", -1)).skip(1).map(Question::decoded).toList();
    return new Question(request, words);
  }

  private static String decoded(String word) {
    try {
      return URLDecoder.decode(word.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw RefusedException.wrong("the address is not well formed", "Encode it as RFC 3986 says.");
    }
  }

  public String method() {
    return request.getMethod();
  }

  /** A word of the path; empty after its end. */
  public String word(int at) {
    return at < words.size() ? words.get(at) : "";
  }

  /** The same as it stands in the address, still encoded. */
  public String raw(int at) {
    String[] raw = String.valueOf(request.getHttpURI().getPath()).split("/", -1);
    return at + 1 < raw.length ? raw[at + 1] : "";
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }

  /** Where it comes from, as far as that is known. */
  public String address() {
    return Request.getRemoteAddr(request);
  }

  /** What was presented as a key, whichever way. */
  public String key() {
    String bearer = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (bearer != null && bearer.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return bearer.substring(7).strip();
    }
    String header = request.getHeaders().get("x-api-key");
    return header == null ? "" : header.strip();
  }

  public Optional<String> parameter(String name) {
    try {
      Fields fields = Request.extractQueryParameters(request);
      return Optional.ofNullable(fields.getValue(name));
    } catch (RuntimeException e) { // however Jetty says of %zz, or of bytes that are no UTF-8
      throw RefusedException.wrong("the query is not well formed", "Encode it as RFC 3986 says.");
    }
  }

  /** A number in the query; this one where it is not said. */
  public long number(String name, @Nullable Long otherwise) {
    Optional<String> text = parameter(name);
    if (text.isEmpty() && otherwise != null) {
      return otherwise;
    }
    return numberOf(text.orElse(""), "the parameter " + name);
  }

  public static long numberOf(String text, String what) {
    if (!text.matches("-?\\d{1,18}")) {
      throw RefusedException.wrong(what + " is no number: '" + shown(text) + "'", "As in 42.");
    }
    return Long.parseLong(text);
  }

  /** How long it may be waited for. */
  public long seconds() {
    return Math.max(0, Math.min(MOST_SECONDS, number("wait", 0L)));
  }

  /** Short, and without what could take a log or a terminal in. */
  private static String shown(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > 40 ? plain.substring(0, 40) + "…" : plain;
  }

  /** All of what was sent, up to so many bytes. */
  public byte[] body(int most) throws IOException {
    long announced = request.getLength();
    if (announced > most) {
      throw RefusedException.tooLarge(most);
    }
    try (InputStream in = Content.Source.asInputStream(request)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw RefusedException.tooLarge(most);
      }
      return bytes;
    }
  }
}
