package tidemark.change;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values, rows and keys as JSON, and back without losing a bit.
 *
 * <p>null, integers and text stand as themselves; a real always has a point or an exponent, so that
 * 5.0 and 5 stay apart; infinities are {"f":"Infinity"} and {"f":"-Infinity"}, blobs {"b":base64},
 * text that is not valid UTF-8 {"t":base64}.
 *
 * <p>Reading JSON that is malformed or of another form throws {@link JsonParseException} or, from
 * the methods on text, {@link Failure} REFUSED. Threading: everything here may be shared.
 */
public final class Json {
  /** For all JSON there is: bounded, because what stands on the share is not trusted. */
  public static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength((int) Math.min(100 << 20, Runtime.getRuntime().maxMemory() / 8))
                  .maxNestingDepth(50)
                  .maxNameLength(10_000)
                  .build())
          .rootValueSeparator("\n")
          .build();

  /** SQLite's own limit for columns. */
  private static final int KEY_PARTS = 32_767;

  private Json() {}

  /** Writes one value of SQLite's. */
  public static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof String text) {
      json.writeString(text);
    } else if (value instanceof Long whole) {
      json.writeNumber(whole);
    } else if (value == null) {
      json.writeNull();
    } else if (value instanceof Double real) {
      writeReal(json, real);
    } else if (value instanceof byte[] blob) {
      writeBytes(json, "b", blob);
    } else if (value instanceof RawText raw) {
      writeBytes(json, "t", raw.bytes());
    } else {
      throw new IllegalArgumentException(value.getClass().getName() + " is no value of SQLite's");
    }
  }

  private static void writeReal(JsonGenerator json, double real) throws IOException {
    if (Double.isNaN(real)) {
      json.writeNull(); // as SQLite itself stores it
    } else if (Double.isInfinite(real)) {
      json.writeStartObject();
      json.writeStringField("f", Double.toString(real));
      json.writeEndObject();
    } else {
      json.writeNumber(real);
    }
  }

  private static void writeBytes(JsonGenerator json, String kind, byte[] bytes) throws IOException {
    json.writeStartObject();
    json.writeBinaryField(kind, bytes);
    json.writeEndObject();
  }

  /** Reads the value that begins at the parser's current token. */
  public static @Nullable Object read(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token == null) {
      throw new JsonParseException(json, "a value is missing");
    }
    return switch (token) {
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_NULL -> null;
      case START_OBJECT -> wrapped(json);
      default -> throw new JsonParseException(json, token + " is no value");
    };
  }

  private static Object wrapped(JsonParser json) throws IOException {
    String kind = json.nextFieldName();
    if (kind == null || json.nextToken() != JsonToken.VALUE_STRING) {
      throw new JsonParseException(json, "a value of an unknown kind");
    }
    Object value =
        switch (kind) {
          case "b" -> bytes(json);
          case "t" -> new RawText(bytes(json));
          case "f" -> infinity(json);
          default -> throw new JsonParseException(json, "a value of the unknown kind " + kind);
        };
    if (json.nextToken() != JsonToken.END_OBJECT) {
      throw new JsonParseException(json, "a value of an unknown kind");
    }
    return value;
  }

  private static byte[] bytes(JsonParser json) throws IOException {
    try {
      return Base64.getDecoder().decode(json.getText());
    } catch (IllegalArgumentException e) {
      throw new JsonParseException(json, "not base64", e);
    }
  }

  private static Double infinity(JsonParser json) throws IOException {
    return switch (json.getText()) {
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw new JsonParseException(json, "no infinity");
    };
  }

  /** The row as a JSON object. */
  public static String rowText(Row row) {
    return text(json -> writeRow(json, row));
  }

  private static void writeRow(JsonGenerator json, Row row) throws IOException {
    json.writeStartObject();
    @Nullable Object[] values = row.values();
    for (int i = 0; i < values.length; i++) {
      json.writeFieldName(row.columns().names().get(i));
      write(json, values[i]);
    }
    json.writeEndObject();
  }

  public static Row row(String text) {
    return parsed(
        text,
        json -> {
          expect(json, JsonToken.START_OBJECT);
          Map<String, @Nullable Object> values = new LinkedHashMap<>();
          for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            values.put(name, read(json));
          }
          return Row.of(values);
        });
  }

  /** The key as a JSON array. */
  public static String keyText(RowKey key) {
    return text(json -> writeKey(json, key));
  }

  public static RowKey key(String text) {
    return parsed(text, Json::readKey);
  }

  public static void writeKey(JsonGenerator json, RowKey key) throws IOException {
    json.writeStartArray();
    for (int i = 0; i < key.size(); i++) {
      write(json, key.part(i));
    }
    json.writeEndArray();
  }

  /** Reads the key whose array begins at the parser's current token. */
  public static RowKey readKey(JsonParser json) throws IOException {
    expect(json, JsonToken.START_ARRAY);
    List<@Nullable Object> parts = new ArrayList<>(4);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Object part = read(json);
      if (part == null) {
        throw new JsonParseException(json, "a key has no null");
      }
      if (parts.size() == KEY_PARTS) {
        throw new JsonParseException(json, "a key of more than " + KEY_PARTS + " parts");
      }
      parts.add(part);
    }
    return RowKey.of(parts.toArray());
  }

  /** For each reference an array of the token of the record it means and its columns. */
  public static @Nullable String parentsText(Parents parents) {
    if (parents.references().isEmpty()) {
      return null;
    }
    return text(
        json -> {
          json.writeStartArray();
          for (int i = 0; i < parents.births().size(); i++) {
            json.writeStartArray();
            json.writeString(parents.births().get(i));
            for (String column : parents.references().get(i)) {
              json.writeString(column);
            }
            json.writeEndArray();
          }
          json.writeEndArray();
        });
  }

  public static Parents parents(@Nullable String text) {
    if (text == null) {
      return Parents.UNTOLD;
    }
    List<List<String>> references = new ArrayList<>();
    List<@Nullable String> births = new ArrayList<>();
    parsed(
        text,
        json -> {
          expect(json, JsonToken.START_ARRAY);
          while (json.nextToken() == JsonToken.START_ARRAY) {
            births.add(json.nextTextValue());
            List<String> columns = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
              columns.add(json.getText());
            }
            references.add(columns);
          }
          return true;
        });
    return new Parents(references, births);
  }

  /** Any JSON object as a map of maps, lists, text, numbers and truths. */
  public static Map<String, @Nullable Object> object(String text) {
    return parsed(
        text,
        json -> {
          expect(json, JsonToken.START_OBJECT);
          return members(json);
        });
  }

  /** Whether it is one, without holding what is in it. */
  public static boolean isObject(String text) {
    try {
      return parsed(
          text,
          json -> {
            expect(json, JsonToken.START_OBJECT);
            for (int depth = 1; depth > 0; ) {
              JsonToken token = json.nextToken();
              if (token == JsonToken.VALUE_NUMBER_INT) {
                json.getLongValue(); // no more than 64 bits
              } else if (token.isStructStart()) {
                depth++;
              } else if (token.isStructEnd()) {
                depth--;
              }
            }
            return true;
          });
    } catch (Failure e) {
      return false;
    }
  }

  private static Map<String, @Nullable Object> members(JsonParser json) throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      members.put(name, anything(json));
    }
    return members;
  }

  private static @Nullable Object anything(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> members(json);
      case START_ARRAY -> {
        List<@Nullable Object> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          elements.add(anything(json));
        }
        yield elements;
      }
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> read(json);
    };
  }

  /** What {@link #object} reads, as text. */
  public static String objectText(Map<String, ? extends @Nullable Object> members) {
    return treeText(members);
  }

  /** Objects, lists and values, as text. */
  public static String treeText(@Nullable Object tree) {
    return text(json -> writeTree(json, tree));
  }

  static void writeTree(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof Writing itself) {
      itself.to(json);
    } else if (value instanceof Map<?, ?> members) {
      json.writeStartObject();
      for (Map.Entry<?, ?> member : members.entrySet()) {
        json.writeFieldName(String.valueOf(member.getKey()));
        writeTree(json, member.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof Collection<?> elements) {
      json.writeStartArray();
      for (Object element : elements) {
        writeTree(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Row row) {
      writeRow(json, row);
    } else if (value instanceof RowKey key) {
      writeKey(json, key);
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Integer whole) {
      json.writeNumber(whole);
    } else {
      write(json, value);
    }
  }

  private static void expect(JsonParser json, JsonToken token) throws IOException {
    if (json.currentToken() != token) {
      throw new JsonParseException(json, token + " expected, found " + json.currentToken());
    }
  }

  /** Something that writes JSON. */
  @FunctionalInterface
  public interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  /** What is written, as text. */
  public static String text(Writing writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      writing.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON into memory", e);
    }
    return text.toString();
  }

  @FunctionalInterface
  private interface Reading<T> {
    T from(JsonParser json) throws IOException;
  }

  private static <T> T parsed(String text, Reading<T> reading) {
    try (JsonParser json = FACTORY.createParser(text)) {
      json.nextToken();
      T value = reading.from(json);
      if (json.nextToken() != null) {
        throw new JsonParseException(json, "something follows the value");
      }
      return value;
    } catch (IOException e) {
      String start = text.length() > 60 ? text.substring(0, 60) + "..." : text;
      throw new Failure(
          Failure.REFUSED,
          "not the JSON that was expected: " + start,
          "See where this text comes from; it was not written by this version of Tidemark.",
          e);
    }
  }
}
