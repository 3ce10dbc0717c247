package tidemark.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The looks of what a key accepts, as JSON Schema: what an editor can tell of a value before it is
 * read. Immutable.
 *
 * @param choices one of them must fit
 */
record Form(List<Map<String, Object>> choices) {
  private static final List<String> SCALAR = List.of("string", "number", "boolean");

  /** Nothing can be said about a text with a variable in it. */
  private static final Form VARIABLE = pattern("%[A-Za-z_][A-Za-z0-9_()]*%|\\$\\{");

  static Form text() {
    return new Form(List.of(filled("\\S")));
  }

  /** Text without control characters, which a Windows path gets in the wrong quotes. */
  static Form path() {
    return new Form(List.of(filled("^(?![\\s\\S]*[\\x00-\\x1f\\x7f-\\x9f])[\\s\\S]*\\S")));
  }

  /** Any of these, whatever their case; as a boolean too. */
  static Form flag(Stream<String> words) {
    String any =
        words
            .sorted()
            .map(
                word ->
                    word.chars()
                        .mapToObj(Character::toString)
                        .map(sign -> "[" + sign.toUpperCase(Locale.ROOT) + sign + "]")
                        .collect(Collectors.joining()))
            .collect(Collectors.joining("|"));
    return new Form(List.of(ordered("enum", List.of(true, false)))).or(whole(any)).or(VARIABLE);
  }

  static Form words(List<String> words) {
    return new Form(List.of(ordered("enum", words))).or(VARIABLE);
  }

  static Form number(int least, int most) {
    Map<String, Object> number = ordered("type", "integer", "minimum", least, "maximum", most);
    return new Form(List.of(number)).or(whole(NumberPattern.of(least, most))).or(VARIABLE);
  }

  /** Text of which all is as the pattern says. */
  static Form like(String pattern) {
    return whole(pattern).or(VARIABLE);
  }

  /** The same where a number or true may be meant as text. */
  static Form textLike(String pattern) {
    return new Form(List.of(filled("^(?:" + pattern + ")$"))).or(VARIABLE);
  }

  static Form names() {
    return list(filled("\\S"));
  }

  /** A list of texts of which all is as the pattern says. */
  static Form listLike(String pattern) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("anyOf", like(pattern).choices);
    return list(one);
  }

  private static Form list(Map<String, Object> item) {
    return new Form(
        List.of(ordered("type", "array", "minItems", 1, "uniqueItems", true, "items", item)));
  }

  /** A list of texts of which each is as the pattern says. */
  static Form listOf(String pattern) {
    Map<String, Object> item = ordered("type", "string", "pattern", "^(?:" + pattern + ")$");
    return new Form(
        List.of(ordered("type", "array", "minItems", 1, "uniqueItems", true, "items", item)));
  }

  /** Whether one of the choices says so. */
  boolean has(String name, Object value) {
    return choices.stream().anyMatch(choice -> value.equals(choice.get(name)));
  }

  Form or(Form other) {
    List<Map<String, Object>> all = new ArrayList<>(choices);
    other.choices.stream().filter(choice -> !all.contains(choice)).forEach(all::add);
    return new Form(List.copyOf(all));
  }

  private static Map<String, Object> filled(String pattern) {
    return ordered("type", SCALAR, "pattern", pattern);
  }

  private static Form whole(String pattern) {
    return pattern("^(?:" + pattern + ")$");
  }

  private static Form pattern(String pattern) {
    return new Form(List.of(ordered("type", "string", "pattern", pattern)));
  }

  /** A map of these names and values, in this order. */
  static Map<String, Object> ordered(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
    }
    return map;
  }
}
