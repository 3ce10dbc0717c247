package tidemark.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@link AllKeys} says as a JSON Schema, by which editors complete, explain and check a
 * config.
 *
 * <p>It speaks of one file, whichever layer it is: that something is missing, locked or stands
 * twice only the layers together tell. Draft 7, which all editors understand.
 */
public final class EditorSchema {
  public static final String NAME = "tidemark.schema.json";

  private EditorSchema() {}

  /** The text of the schema. */
  public static String text() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("title", "The config of Tidemark, " + SettingsFile.NAME);
    schema.putAll(section("", KeyTree.of(AllKeys.ALL)));
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      DefaultIndenter lines = new DefaultIndenter("  ", "\n");
      json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(lines));
      write(json, schema);
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON into memory", e);
    }
    return text + "\n";
  }

  /** One that says nothing yet is null to YAML. */
  private static Map<String, Object> section(String path, KeyTree tree) {
    Map<String, Object> section = Form.ordered("type", List.of("object", "null"));
    Map<String, Object> below = new LinkedHashMap<>();
    for (String word : tree.words()) {
      KeyTree next = tree.below(word).orElseThrow();
      String key = path.isEmpty() ? word : path + "." + word;
      below.put(
          word,
          next.key().map(known -> value(known, key, next)).orElseGet(() -> section(key, next)));
    }
    if (tree.named()) {
      section.put("propertyNames", Form.ordered("pattern", "^" + AllKeys.namesIn(path) + "$"));
      section.put("additionalProperties", below.values().iterator().next());
    } else {
      section.put("properties", below);
      section.put("additionalProperties", false);
    }
    return section;
  }

  /** Some keys have one value or, for whoever wants to say more, a section. */
  private static Map<String, Object> value(Key<?> key, String path, KeyTree tree) {
    String accepted = "Accepted: " + key.type().accepted();
    Map<String, Object> value = Form.ordered("description", key.meaning() + "\n" + accepted);
    key.everywhere().ifPresent(standard -> value.put("default", typed(standard)));
    List<Map<String, Object>> choices =
        key.type().form().choices().stream()
            .map(choice -> explained(choice, accepted))
            .collect(Collectors.toCollection(ArrayList::new));
    if (!tree.words().isEmpty()) {
      Map<String, Object> section = section(path, tree);
      section.put("type", "object"); // nothing at all is no value either
      choices.add(section);
    }
    if (choices.size() == 1) {
      value.putAll(choices.get(0));
    } else {
      value.put("anyOf", choices);
    }
    return value;
  }

  /** Some editors show this instead of the pattern. */
  private static Map<String, Object> explained(Map<String, Object> choice, String accepted) {
    Map<String, Object> explained = new LinkedHashMap<>(choice);
    if (choice.containsKey("pattern")) {
      explained.put("patternErrorMessage", accepted);
    }
    return explained;
  }

  /** A default is text in our list; in a file it may be a number or a boolean. */
  private static Object typed(String standard) {
    boolean flag = standard.equals("true") || standard.equals("false");
    return flag
        ? (Object) Boolean.valueOf(standard)
        : standard.matches("\\d+") ? (Object) Integer.valueOf(standard) : standard;
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName(String.valueOf(entry.getKey()));
        write(json, entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object item : list) {
        write(json, item);
      }
      json.writeEndArray();
    } else {
      json.writePOJO(value);
    }
  }
}
