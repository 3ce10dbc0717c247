package tidemark.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The page's own files, which hold nothing secret and come out of the program itself. */
final class PageFiles {
  private static final String FOLDER = "/tidemark/page/";
  private static final Pattern NAME =
      Pattern.compile("([A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon");

  /** Only what comes from here is run, and nobody shows the page inside of another. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Frame-Options",
          "DENY",
          "Cross-Origin-Opener-Policy",
          "same-origin");

  /** Empty where the page has no such file. */
  Optional<Reply> find(String path) {
    if (path.equals("/")) {
      return read("index.html");
    }
    return path.startsWith("/page/") ? read(path.substring(6)) : Optional.empty();
  }

  private static Optional<Reply> read(String name) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null || !NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    try (InputStream in = PageFiles.class.getResourceAsStream(FOLDER + name)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new Reply(200, type, in.readAllBytes(), HEADERS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
