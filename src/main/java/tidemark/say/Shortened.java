package tidemark.say;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.change.JsonObject;

/**
 * Rows for whoever looks at many of them: of a long value only the beginning, how long it is, and a
 * digest that tells it from others.
 *
 * @param most so many characters are told of any value
 */
public record Shortened(int most) implements UnaryOperator<String> {
  public static final UnaryOperator<String> NOT = UnaryOperator.identity();

  /** The row, as a JSON object. */
  @Override
  public String apply(String row) {
    if (row.length() <= most) {
      return row;
    }
    Map<String, @Nullable Object> values = new LinkedHashMap<>(Json.object(row));
    values.replaceAll((column, value) -> shortened(value));
    return Json.objectText(values);
  }

  private @Nullable Object shortened(@Nullable Object value) {
    if (value instanceof String text) {
      return text.length() <= most ? text : cut(beginning(text), text);
    }
    if (value instanceof Map || value instanceof List) { // a blob, or rows that went with this one
      String text = Json.objectText(Map.of("", value));
      return text.length() <= most ? value : cut(null, text);
    }
    return value;
  }

  /** No half of a character that takes two. */
  private String beginning(String text) {
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end);
  }

  private static JsonObject cut(@Nullable String start, String text) {
    return new JsonObject()
        .put("start", start)
        .put("length", text.length())
        .put("digest", digest(text));
  }

  private static String digest(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
