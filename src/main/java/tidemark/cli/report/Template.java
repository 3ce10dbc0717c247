package tidemark.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with `{{places}}` to fill. It is gone through once, so what is filled in is never taken
 * for a place itself.
 */
final class Template {
  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");

  private final String text;

  public Template(String resource) {
    this.text = resource(resource);
  }

  /** A text file that belongs to the program. */
  public static String resource(String name) {
    try (InputStream in = Template.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is filled in stands as it is: whoever gives it has escaped it. */
  public String filled(Map<String, String> places) {
    return PLACE
        .matcher(text)
        .replaceAll(
            place -> {
              String filling = places.get(place.group(1));
              if (filling == null) {
                throw new IllegalStateException("nothing for {{" + place.group(1) + "}}");
              }
              return Matcher.quoteReplacement(filling);
            });
  }
}
