package tidemark.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.SqlName;
import tidemark.serve.RefusedException;

/** What a program sent as JSON. Threading: no state. */
final class Sent {
  private static final int DEPTH = 20;
  private static final int MOST = 10_000;

  private Sent() {}

  /** One record, or several. */
  record Records(List<Map<String, @Nullable Object>> all, boolean several) {}

  static Records records(byte[] body) {
    Object sent = tree(body);
    if (sent instanceof Map<?, ?>) {
      return new Records(List.of(record(sent)), false);
    }
    if (sent instanceof List<?> list) {
      return new Records(list.stream().map(Sent::record).toList(), true);
    }
    throw wrong("a record is an object, and several are an array of objects");
  }

  static Map<String, @Nullable Object> object(byte[] body) {
    return record(tree(body));
  }

  /** A member that is a list of records. */
  static List<Map<String, @Nullable Object>> records(
      Map<String, @Nullable Object> in, String name) {
    if (in.get(name) instanceof List<?> list) {
      return list.stream().map(Sent::record).toList();
    }
    throw wrong("there is no list of " + name + " in it");
  }

  private static Map<String, @Nullable Object> record(@Nullable Object sent) {
    if (!(sent instanceof Map<?, ?> members)) {
      throw wrong("a record is an object");
    }
    Map<String, @Nullable Object> record = new LinkedHashMap<>();
    members.forEach((name, value) -> record.put(String.valueOf(name), value));
    return record;
  }

  private static @Nullable Object tree(byte[] body) {
    try (JsonParser json = Json.FACTORY.createParser(text(body))) {
      if (json.nextToken() == null) {
        throw wrong("nothing was sent");
      }
      Object tree = value(json, 0);
      if (json.nextToken() != null) {
        throw wrong("something follows the JSON that was sent");
      }
      return tree;
    } catch (IOException e) {
      throw wrong("what was sent is no JSON that can be read: " + Shown.of(firstLine(e)));
    }
  }

  private static String text(byte[] body) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
  }

  private static String firstLine(IOException e) {
    String message =
        e instanceof CharacterCodingException ? "it is not UTF-8" : String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse("");
  }

  private static @Nullable Object value(JsonParser json, int depth) throws IOException {
    if (depth > DEPTH) {
      throw wrong("the JSON that was sent is nested too deep");
    }
    JsonToken token = json.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
          json.nextToken();
          if (members.containsKey(name)) {
            throw wrong("the field " + Shown.of(name) + " stands there twice");
          }
          members.put(name, value(json, depth + 1));
        }
        yield members;
      }
      case START_ARRAY -> {
        List<@Nullable Object> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          if (elements.size() == MOST) {
            throw RefusedException.with(
                413, "more than " + MOST + " records were sent", "Send fewer at once.");
          }
          elements.add(value(json, depth + 1));
        }
        yield elements;
      }
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT ->
          json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? json.getBigIntegerValue()
              : (Object) json.getLongValue();
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw wrong("what was sent is no JSON that can be read");
    };
  }

  /** As a row, in which what SQLite does not know is text. */
  static Row storable(Map<String, @Nullable Object> fields) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    fields.forEach(
        (name, value) -> {
          String free = name;
          while (!names.add(SqlName.folded(free))) {
            free += "'"; // another one that differs in nothing but capitals
          }
          row.put(free, storable(value));
        });
    return Row.of(row);
  }

  private static @Nullable Object storable(@Nullable Object value) {
    if (value instanceof Map<?, ?> || value instanceof List<?>) {
      return Json.treeText(shown(value));
    }
    return value instanceof Boolean truth ? (Object) (truth ? 1L : 0L) : shown(value);
  }

  /** As it can be told again. */
  static @Nullable Object shown(@Nullable Object sent) {
    if (sent instanceof Map<?, ?> members) {
      Map<String, @Nullable Object> shown = new LinkedHashMap<>();
      members.forEach((name, value) -> shown.put(String.valueOf(name), shown(value)));
      return shown;
    }
    if (sent instanceof List<?> elements) {
      return elements.stream().map(Sent::shown).toList();
    }
    return sent instanceof BigInteger number ? number.toString() : sent;
  }

  private static RefusedException wrong(String what) {
    return RefusedException.wrong(what, "See docs/REST.md.");
  }
}
