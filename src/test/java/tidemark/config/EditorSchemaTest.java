package tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** What an editor says of a config is what Tidemark says of it. */
class EditorSchemaTest {
  private static final Logger LOG = LoggerFactory.getLogger("tidemark.testing.EditorSchemaTest");
  private static final Path SHIPPED = Path.of("config/tidemark.schema.json");
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(EditorSchema.text());

  /** What shows only on this machine, or over all layers together. */
  private static final List<String> BEYOND_A_SCHEMA =
      List.of(
          "is missing",
          "ends before it begins",
          "is the same file",
          "would carry rows and key unprotected",
          "is no place that this version knows",
          "does not name a server",
          "is said beside keyFile",
          "is for a server",
          "is no address",
          "speaks of a database",
          "is accepted in IT's files only",
          "stands here a second time",
          "is a Windows path",
          "environment variable",
          "has ${ without }");

  @Test
  void the_shipped_schema_is_what_the_code_says() throws IOException {
    assertThat(Files.readString(SHIPPED).replace("\r\n", "\n"))
        .as("`tidemark config schema > config/tidemark.schema.json` writes it anew")
        .isEqualTo(EditorSchema.text());
  }

  @Test
  void every_key_is_in_it_with_its_meaning_and_default() {
    for (Key<?> key : AllKeys.ALL) {
      JsonNode found = SCHEMA.getSchemaNode();
      for (String word : key.path().split("\\.")) {
        found =
            word.equals("*")
                ? found.get("additionalProperties")
                : section(found).get("properties").get(word);
      }
      assertThat(found.get("description").asText())
          .contains(key.meaning(), "Accepted: " + key.type().accepted());
      assertThat(Optional.ofNullable(found.get("default")).map(JsonNode::asText))
          .isEqualTo(key.everywhere());
    }
  }

  @Test
  void the_example_and_a_config_with_every_key_are_right() throws IOException {
    assertThat(SCHEMA.validate(json(Files.readString(Path.of("config/tidemark.example.yml")))))
        .isEmpty();
    try (InputStream everything = getClass().getResourceAsStream("everything.yml")) {
      String text = new String(everything.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(SCHEMA.validate(json(text))).isEmpty();
    }
  }

  /** Without what is as long as a file may be: this validator takes a minute for it. */
  static Stream<Arguments> wrong() {
    return WrongConfigTest.wrong().filter(a -> ((String) a.get()[0]).length() < 10_000);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void what_tidemark_refuses_an_editor_marks(String text, String[] reported) {
    boolean beyond =
        Stream.of(reported).anyMatch(said -> BEYOND_A_SCHEMA.stream().anyMatch(said::contains));

    assertThat(isRight(Desk.DATABASES + text + "\n")).isEqualTo(beyond);
  }

  @Test
  void whatever_is_given_to_whichever_key_both_say_the_same() {
    long seed = System.nanoTime();
    LOG.info("seed {}", seed);
    List<String> values = new ArrayList<>(VALUES);
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      long size = (long) Math.pow(10, random.nextDouble(6));
      values.add(size + (random.nextBoolean() ? " " : "") + "smhdwy".charAt(random.nextInt(6)));
      values.add(Long.toString(size));
    }
    for (Key<?> key : AllKeys.SETTINGS) {
      for (String value : values) {
        String text = block(key.at("some").split("\\."), value);
        assertThat(isRight(text)).as(text).isEqualTo(check(text).isEmpty());
      }
    }
  }

  private static final List<String> VALUES =
      List.of(
          """
          true | True | yes | YES | off | On | no | maybe | 'true' | null | ~ |  | '' | '  ' |
          word | two words | 'quoted' | "a\\tb" | "a\\nb" | /a/path | ~/x | 5 | 0 | 1 | -1 |
          +5 | 007 | '5' | 5.5 | 36500 | 36501 | 65535 | 65536 | 99999 | 10000 | 10001 |
          10000000 | 10000001 | 99999999999 | '36500' | '36501' | 1m | 59s | 60s | 24h | 25h |
          1440m | 1441m | 86400s | 86401s | 1d | 2d | 1h | 3600s | 3601s | 61m | 1w | 1y | 5 m |
          m | 5 minutes | -5m | 05m | 0s | manual | Manual | all | auto | ask | add | wait |
          both | push | newest | NEWEST | local | row | columns | report | renumber | unlimited |
          500KB/s | 2 MB/s | 0KB/s | 00KB/s | 500 | 1GB | 5kb/s | 10B/s | 02:00 | '02:00' |
          24:00 | 23:59:59 | 23:59:60 | 2:00 | 02:00:00.5 | [a] | [] | [a, b] | [a, a] |
          [a, ''] | [[a]] | [5] | {} | { a: b } | - x | \u00e4\u00f6\u00fc | 'it''s' | !!str 5 |
          &a word
          """
              .strip()
              .split("\\s*\\|\\s*"));

  /** Nested as in a file. */
  private static String block(String[] words, String value) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words.length; i++) {
      text.append("  ".repeat(i)).append(words[i]).append(":");
      text.append(
          i < words.length - 1
              ? "\n"
              : value.startsWith("- ") ? "\n" + "  ".repeat(i + 1) + value : " " + value);
    }
    return text + "\n";
  }

  /** Where a key has a value or a section, the section. */
  private static JsonNode section(JsonNode node) {
    JsonNode choices = node.path("anyOf");
    return choices.isEmpty() ? node : choices.get(choices.size() - 1);
  }

  private static Problems check(String text) {
    Problems problems = new Problems();
    Surroundings here = new Desk(Path.of("")).surroundings();
    new LayerReader(here, problems)
        .read(
            LayerKind.MACHINE,
            Path.of("/etc/tidemark.yml"),
            text.getBytes(StandardCharsets.UTF_8),
            Rights.FULL);
    return problems;
  }

  private static boolean isRight(String text) {
    try {
      return SCHEMA.validate(json(text)).isEmpty();
    } catch (YAMLException noYaml) {
      return false;
    }
  }

  @Test
  void what_is_wrong_is_said_where_it_stands_and_in_words() {
    Set<ValidationMessage> said = SCHEMA.validate(json(Desk.DATABASES + "sync: { every: 5 }\n"));

    assertThat(said).allMatch(one -> one.getInstanceLocation().toString().equals("$.sync.every"));
    assertThat(EditorSchema.text())
        .contains("\"patternErrorMessage\" : \"Accepted: a duration from 1m to 24h");
  }

  @Test
  void a_name_of_a_database_is_letters_and_digits_in_any_script() {
    for (String name : new String[] {"server", "B\u00fcro-1", "\u65e5\u672c", "a b", "a.b", "''"}) {
      String text = "databases:\n  " + name + ": { local: /a, master: /b }\n";
      assertThat(isRight(text)).as(text).isEqualTo(check(text).isEmpty());
    }
  }

  // ---- as editors read YAML: version 1.2, where `yes` is a word and `02:00` no number

  private static JsonNode json(String text) {
    Node root = new Yaml().compose(new StringReader(text));
    return root == null ? JsonNodeFactory.instance.nullNode() : json(root);
  }

  private static JsonNode json(Node node) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    if (node instanceof MappingNode mapping) {
      ObjectNode object = make.objectNode();
      for (NodeTuple tuple : mapping.getValue()) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
          throw new YAMLException("a key that is no text");
        }
        object.set(key.getValue(), json(tuple.getValueNode()));
      }
      return object;
    }
    if (node instanceof SequenceNode sequence) {
      ArrayNode array = make.arrayNode();
      sequence.getValue().forEach(item -> array.add(json(item)));
      return array;
    }
    ScalarNode scalar = (ScalarNode) node;
    String text = scalar.getValue();
    if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
      return make.textNode(text);
    }
    if (text.matches("null|Null|NULL|~|")) {
      return make.nullNode();
    }
    if (text.matches("true|True|TRUE|false|False|FALSE")) {
      return make.booleanNode(text.equalsIgnoreCase("true"));
    }
    if (text.matches("[-+]?[0-9]+")) {
      return make.numberNode(new BigInteger(text));
    }
    return text.matches("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?")
        ? make.numberNode(new BigDecimal(text))
        : make.textNode(text);
  }
}
