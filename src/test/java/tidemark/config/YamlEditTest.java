package tidemark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One value changes, and not a character besides. */
class YamlEditTest {
  private static final List<String> EVERY = List.of("sync", "every");

  /** What holds sync.every, and the same with 60m. */
  static Stream<Arguments> replaced() {
    return Stream.of(
        arguments("sync:\n  every: 120m\n", "sync:\n  every: 60m\n"),
        // comments and space
        arguments("sync:\n  every: 120m   # two hours\n", "sync:\n  every: 60m   # two hours\n"),
        arguments("sync:\n  every:   120m\t# tab\n", "sync:\n  every:   60m\t# tab\n"),
        arguments(
            "sync: # a\n# b\n  every: 120m # c # d\n#e",
            "sync: # a\n# b\n  every: 60m # c # d\n#e"),
        arguments("sync:\n  every: 120m   \n\n\n", "sync:\n  every: 60m   \n\n\n"),
        arguments("sync:\n  every: 120m", "sync:\n  every: 60m"),
        arguments("sync:\n      every: 120m\n", "sync:\n      every: 60m\n"),
        arguments("sync:\n  every:\n    120m # c\n", "sync:\n  every:\n    60m # c\n"),
        arguments(
            "# every: 5m\nsync:\n  # every: 5m\n  every: 7m\n",
            "# every: 5m\nsync:\n  # every: 5m\n  every: 60m\n"),
        // quotes
        arguments("'sync':\n  \"every\": 120m\n", "'sync':\n  \"every\": 60m\n"),
        arguments("sync:\n  every: '120m' # q\n", "sync:\n  every: '60m' # q\n"),
        arguments("sync:\n  every: \"12\\x30m\"\n", "sync:\n  every: \"60m\"\n"),
        arguments("sync:\n  every: ${MINUTES:120m} # v\n", "sync:\n  every: 60m # v\n"),
        arguments("sync:\n  every: '%EVERY%'\n", "sync:\n  every: '60m'\n"),
        arguments("sync:\n  ? every\n  : 120m\n", "sync:\n  ? every\n  : 60m\n"),
        arguments("sync:\n  every: !!str 120m\n", "sync:\n  every: 60m\n"),
        // flow style
        arguments("sync: {every: 120m}\n", "sync: {every: 60m}\n"),
        arguments(
            "sync: { watch: 10s, every: 120m, } # c\n", "sync: { watch: 10s, every: 60m, } # c\n"),
        arguments("{sync: {every: 120m}}", "{sync: {every: 60m}}"),
        arguments(
            "sync: {\n  every: 120m # c\n  , watch: 10s }",
            "sync: {\n  every: 60m # c\n  , watch: 10s }"),
        arguments("{\"sync\":{\"every\":\"120m\"}}", "{\"sync\":{\"every\":\"60m\"}}"),
        // block scalars
        arguments(
            "sync:\n  every: |\n    120m\n  watch: 10s\n", "sync:\n  every: 60m\n  watch: 10s\n"),
        arguments(
            "sync:\n  every: >2- # c\n      120m\n\n# d\nuser: a\n",
            "sync:\n  every: 60m # c\n\n# d\nuser: a\n"),
        arguments("sync:\n  every: |-\n    120m", "sync:\n  every: 60m\n"),
        arguments(
            "contact: |\n  sync:\n    every: 5m\nsync:\n  every: 9m\n",
            "contact: |\n  sync:\n    every: 5m\nsync:\n  every: 60m\n"),
        // line ends, documents, signs
        arguments(
            "sync:\r\n  every: 120m # c\r\nuser: a\r\n",
            "sync:\r\n  every: 60m # c\r\nuser: a\r\n"),
        arguments("sync:\r  every: 120m\r", "sync:\r  every: 60m\r"),
        arguments(
            "%YAML 1.1\n---\nsync:\n  every: 120m\n...\n",
            "%YAML 1.1\n---\nsync:\n  every: 60m\n...\n"),
        arguments(
            "contact: \ud83d\ude00 \u00fc\u0301 # \ud83d\ude00\nsync: {every: 120m} # \ud83d\ude00",
            "contact: \ud83d\ude00 \u00fc\u0301 # \ud83d\ude00\nsync: {every: 60m} # \ud83d\ude00"),
        arguments("\"\\u0073ync\":\n  every: 120m\n", "\"\\u0073ync\":\n  every: 60m\n"),
        // anchors
        arguments("sync:\n  every: &e 120m\n", "sync:\n  every: 60m\n"),
        arguments(
            "sync:\n  watch: &e 20m\n  every: *e # c\n",
            "sync:\n  watch: &e 20m\n  every: 60m # c\n"),
        arguments("sync: &s\n  every: 20m\n", "sync: &s\n  every: 60m\n"));
  }

  @ParameterizedTest
  @MethodSource("replaced")
  void a_value_that_is_there_is_replaced_where_it_stands(String before, String after)
      throws BadValue {
    assertThat(YamlEdit.set(before, EVERY, "60m")).isEqualTo(after);
    assertThat(YamlEdit.set(after, EVERY, "60m")).as("again").isEqualTo(after);
  }

  /** What does not hold sync.every, and the same with it. */
  static Stream<Arguments> added() {
    return Stream.of(
        arguments("", "sync:\n  every: 60m\n"),
        arguments("# nothing\n", "# nothing\nsync:\n  every: 60m\n"),
        arguments("# nothing", "# nothing\nsync:\n  every: 60m"),
        arguments("---\n", "---\nsync:\n  every: 60m\n"),
        arguments("---\nuser: a\n...\n", "---\nuser: a\nsync:\n  every: 60m\n...\n"),
        arguments("user: a", "user: a\nsync:\n  every: 60m"),
        arguments("user: a # c\n\n# end\n", "user: a # c\n\n# end\nsync:\n  every: 60m\n"),
        arguments("user: a\r\n", "user: a\r\nsync:\r\n  every: 60m\r\n"),
        arguments("  user: a\n", "  user: a\n  sync:\n    every: 60m\n"),
        arguments(
            "tables:\n    t:\n        sync: off\n",
            "tables:\n    t:\n        sync: off\nsync:\n    every: 60m\n"),
        arguments("contact: |\n  a\n\n  b\n", "contact: |\n  a\n\n  b\nsync:\n  every: 60m\n"),
        // the section is there
        arguments(
            "sync:\n  watch: 10s # c\nuser: a\n",
            "sync:\n  watch: 10s # c\n  every: 60m\nuser: a\n"),
        arguments("sync:\n   watch: 10s", "sync:\n   watch: 10s\n   every: 60m"),
        arguments(
            "sync:\n  watch: 10s\n  # last\n\nuser: a\n",
            "sync:\n  watch: 10s\n  every: 60m\n  # last\n\nuser: a\n"),
        arguments(
            "sync:\n  watch: |-\n    10s\n\nuser: a\n",
            "sync:\n  watch: |-\n    10s\n  every: 60m\n\nuser: a\n"),
        arguments("sync:\nuser: a\n", "sync:\n  every: 60m\nuser: a\n"),
        arguments("sync: # c\nuser: a\n", "sync: # c\n  every: 60m\nuser: a\n"),
        arguments("sync: ~ # c\nuser: a\n", "sync: # c\n  every: 60m\nuser: a\n"),
        arguments("user: a\nsync: null", "user: a\nsync:\n  every: 60m"),
        arguments("user: a\nsync:", "user: a\nsync:\n  every: 60m"),
        arguments("sync: {}\n", "sync: {every: 60m}\n"),
        arguments("sync: {  } # c\n", "sync: {every: 60m  } # c\n"),
        arguments("sync: {watch: 10s}\n", "sync: {watch: 10s, every: 60m}\n"),
        arguments("sync: {watch: 10s, # c\n }\n", "sync: {watch: 10s, every: 60m, # c\n }\n"),
        arguments("{user: a}\n", "{user: a, sync: {every: 60m}}\n"),
        arguments("{user: a, sync: }\n", "{user: a, sync: {every: 60m} }\n"),
        arguments("{user: a, sync: ~}\n", "{user: a, sync: {every: 60m}}\n"),
        arguments("{}", "{sync: {every: 60m}}"),
        // its default stands in a comment
        arguments(
            "sync:\n  # every: 120m  # c\n  # watch: off\n",
            "sync:\n  # every: 120m  # c\n  every: 60m\n  # watch: off\n"),
        arguments(
            "sync:\n  watch: 10s\n  # every: 120m\n  onStart: no\n",
            "sync:\n  watch: 10s\n  # every: 120m\n  every: 60m\n  onStart: no\n"),
        arguments(
            "sync:\r\n    #every: 120m\r\nuser: a",
            "sync:\r\n    #every: 120m\r\n    every: 60m\r\nuser: a"),
        arguments("sync:\n  #\tevery: 120m\n", "sync:\n  #\tevery: 120m\n  every: 60m\n"),
        // a comment that looks like it and is not the place
        arguments(
            "# every: 1m\nsync:\n# every: 2m\nuser: a\n  # every: 3m\n",
            "# every: 1m\nsync:\n  every: 60m\n# every: 2m\nuser: a\n  # every: 3m\n"),
        arguments(
            "sync:\n  watch: |-\n   # every: 1m\n   10s\n",
            "sync:\n  watch: |-\n   # every: 1m\n   10s\n  every: 60m\n"),
        arguments(
            "# sync:\n#   every: 120m\nuser: a\n",
            "# sync:\n#   every: 120m\nuser: a\nsync:\n  every: 60m\n"));
  }

  @ParameterizedTest
  @MethodSource("added")
  void a_value_that_is_missing_is_added_where_one_would_look_for_it(String before, String after)
      throws BadValue {
    assertThat(YamlEdit.set(before, EVERY, "60m")).isEqualTo(after);
    assertThat(YamlEdit.set(after, EVERY, "60m")).as("again").isEqualTo(after);
  }

  @Test
  void a_key_without_a_section_stands_at_the_outermost_column() throws BadValue {
    List<String> contact = List.of("contact");
    assertThat(YamlEdit.set("user: a\n", contact, "Anna's desk: #7"))
        .isEqualTo("user: a\ncontact: 'Anna''s desk: #7'\n");
    assertThat(
            YamlEdit.set(
                "sync:\n  # contact: x\n  every: 5m\n# contact: y\ntray: on\n", contact, "a"))
        .isEqualTo("sync:\n  # contact: x\n  every: 5m\n# contact: y\ncontact: a\ntray: on\n");
    assertThat(YamlEdit.set("sync:\n  watch: 5s\n# contact: y\n  every: 5m\n", contact, "a"))
        .as("a comment in the midst of a section")
        .isEqualTo("sync:\n  watch: 5s\n# contact: y\n  every: 5m\ncontact: a\n");
  }

  @Test
  void sections_within_sections_are_found_and_made() throws BadValue {
    List<String> rule = List.of("tables", "quotes", "conflicts");
    assertThat(
            YamlEdit.set("tables:\n  Quotes: { merge: row }\n  a:\n    sync: on\n", rule, "local"))
        .isEqualTo("tables:\n  Quotes: { merge: row, conflicts: local }\n  a:\n    sync: on\n");
    assertThat(YamlEdit.set("tables:\n  a: { merge: row }\nuser: x\n", rule, "local"))
        .isEqualTo("tables:\n  a: { merge: row }\n  quotes:\n    conflicts: local\nuser: x\n");
    assertThat(YamlEdit.set("tables:\n", List.of("tables", "my table", "conflicts"), "local"))
        .isEqualTo("tables:\n  'my table':\n    conflicts: local\n");
    assertThat(
            YamlEdit.set(
                "databases:\n  a:\n    local: x\n    # tables: all\n    master: y\n  b:\n    local: z\n",
                List.of("databases", "a", "tables"),
                "all"))
        .isEqualTo(
            "databases:\n  a:\n    local: x\n    # tables: all\n    tables: all\n    master: y\n  b:\n"
                + "    local: z\n");
  }

  @Test
  void values_are_quoted_where_yaml_would_read_them_otherwise() throws BadValue {
    for (String value :
        List.of("a: b", "# c", "%X%", "null", "Null", "*a", "it's", "", " x ", "[a]")) {
      String text = YamlEdit.set("contact: x\nuser: a\n", List.of("contact"), value);
      assertThat(YamlOutline.of(text).root().orElseThrow().entries().get(0).value().text())
          .isEqualTo(value);
    }
  }

  @Test
  void what_others_refer_to_is_left_alone() {
    assertThatThrownBy(() -> YamlEdit.set("sync:\n  every: &e 9m\n  watch: *e\n", EVERY, "5m"))
        .isInstanceOf(BadValue.class)
        .hasMessageContaining("&e");
    assertThatThrownBy(
            () ->
                YamlEdit.set(
                    "tables:\n  a: &r { sync: off }\n  b: *r\n",
                    List.of("tables", "b", "sync"),
                    "on"))
        .isInstanceOf(BadValue.class)
        .hasMessageContaining("*r");
    assertThatThrownBy(
            () ->
                YamlEdit.set(
                    "tables:\n  a: &r { sync: off }\n  b: *r\n",
                    List.of("tables", "a", "sync"),
                    "on"))
        .isInstanceOf(BadValue.class);
    assertThatThrownBy(() -> YamlEdit.set("sync:\n  every:\n  - 5m\n", EVERY, "5m"))
        .isInstanceOf(BadValue.class)
        .hasMessageContaining("more than one value");
  }

  /** What holds sync.every, and the same without it. */
  static Stream<Arguments> removed() {
    return Stream.of(
        arguments("sync:\n  every: 120m # c\n  watch: 10s\n", "sync:\n  watch: 10s\n"),
        arguments("a: 1\nsync:\n  every: 120m", "a: 1\nsync:\n"),
        arguments("sync:\n  # d\n  every:\n    120m # c\n\n# e\n", "sync:\n  # d\n\n# e\n"),
        arguments("sync:\r\n  every: 2h\r\n  watch: 1s\r\n", "sync:\r\n  watch: 1s\r\n"),
        arguments("sync: {every: 120m}\n", "sync: {}\n"),
        arguments("sync: {every: 120m, watch: 1s}\n", "sync: {watch: 1s}\n"),
        arguments("sync: {watch: 1s, every: 120m} # c\n", "sync: {watch: 1s} # c\n"),
        arguments("sync: {a: 1, every: 120m, b: 2}", "sync: {a: 1, b: 2}"),
        arguments("sync: {a: [1, 2], every: [3], b: 2}", "sync: {a: [1, 2], b: 2}"),
        arguments("sync:\n  watch: 1s\n", "sync:\n  watch: 1s\n"),
        arguments("a: 1\n", "a: 1\n"),
        arguments("", ""));
  }

  @ParameterizedTest
  @MethodSource("removed")
  void a_key_goes_with_its_line_and_nothing_else(String before, String after) throws Exception {
    assertThat(YamlEdit.remove(before, EVERY)).isEqualTo(after);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sync:\n  every: |\n    120m\n",
        "sync:\n  every:\n    - 1\n",
        "sync:\n  ? every\n  : 120m\n",
        "sync: &s\n  every: 2h\nb: *s\n",
        "sync:\n  every: &e 2h\nb: *e\n"
      })
  void what_cannot_go_alone_stays(String text) {
    assertThatThrownBy(() -> YamlEdit.remove(text, EVERY)).isInstanceOf(BadValue.class);
  }

  @Test
  void a_list_is_written_as_one() throws Exception {
    assertThat(YamlEdit.set("sync:\n  every: '2h' # c\n", EVERY, List.of("a", "b c", "#d")))
        .isEqualTo("sync:\n  every: [a, 'b c', '#d'] # c\n");
    assertThat(YamlEdit.set("sync: {}", EVERY, List.of("a"))).isEqualTo("sync: {every: [a]}");
    assertThat(YamlEdit.set("", EVERY, List.of("a"))).isEqualTo("sync:\n  every: [a]\n");
  }
}
