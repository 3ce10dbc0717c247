package tidemark.config;

import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a key accepts, in words and in code.
 *
 * @param accepted follows "Accepted: " in messages
 * @param words the fixed words among it, for guesses at what was meant
 * @param form what editors can tell of it
 */
record ValueType<T>(String accepted, List<String> words, Form form, Reader<T> reader) {

  interface Reader<T> {
    T read(RawValue value) throws BadValue;
  }

  private static final Pattern RATE = Pattern.compile("(\\d{1,9})\\s*(B|KB|MB|GB)/s");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*(B|KB|MB|GB)");
  private static final String ADDRESS = "[^\\s@,;<>]+@[^\\s@,;<>]+";
  private static final Map<String, Long> BYTES =
      Map.of("B", 1L, "KB", 1_000L, "MB", 1_000_000L, "GB", 1_000_000_000L);

  /** What one would ask for it with: list, boolean, choice, number, path, duration or text. */
  String kind() {
    if (form.has("type", "array")) {
      return "list";
    }
    if (form.has("enum", List.of(true, false))) {
      return "boolean";
    }
    if (!words.isEmpty() && accepted.equals(String.join(", ", words))) {
      return "choice";
    }
    if (form.equals(Form.path())) {
      return "path";
    }
    return form.has("type", "integer")
        ? "number"
        : accepted.startsWith("a duration") ? "duration" : "text";
  }

  T read(RawValue value) throws BadValue {
    return reader.read(value);
  }

  static ValueType<String> text() {
    return new ValueType<>("text", List.of(), Form.text(), RawValue::text);
  }

  static ValueType<Path> path() {
    return new ValueType<>("a path", List.of(), Form.path(), RawValue::path);
  }

  static ValueType<Boolean> yesNo() {
    Map<String, Boolean> words =
        Map.of("true", true, "yes", true, "on", true, "false", false, "no", false, "off", false);
    return new ValueType<>(
        "true or false",
        List.of("true", "false"),
        Form.flag(words.keySet().stream()),
        value -> {
          Boolean known = words.get(value.text().toLowerCase(Locale.ROOT));
          if (known == null) {
            throw new BadValue("is not accepted");
          }
          return known;
        });
  }

  static <E extends Enum<E>> ValueType<E> oneOf(E[] choices) {
    List<String> words = Arrays.stream(choices).map(ValueType::word).toList();
    return new ValueType<>(
        String.join(", ", words),
        words,
        Form.words(words),
        value -> {
          int index = words.indexOf(value.text());
          if (index < 0) {
            throw new BadValue("is not accepted");
          }
          return choices[index];
        });
  }

  static ValueType<Integer> number(int least, int most) {
    return new ValueType<>(
        "a whole number from " + least + " to " + most,
        List.of(),
        Form.number(least, most),
        value -> {
          try {
            int number = Integer.parseInt(value.text());
            if (number >= least && number <= most) {
              return number;
            }
          } catch (NumberFormatException noNumber) {
            throw new BadValue("is no whole number");
          }
          throw new BadValue("is out of range");
        });
  }

  static ValueType<Duration> duration(String least, String most) {
    Duration shortest = Durations.parse(least).orElseThrow();
    Duration longest = Durations.parse(most).orElseThrow();
    return new ValueType<>(
        "a duration from " + least + " to " + most + ", written like 90s, 120m or 4h",
        List.of(),
        Form.like(Durations.pattern(shortest, longest)),
        value -> {
          String text = value.text();
          Duration duration =
              Durations.parse(text)
                  .orElseThrow(
                      () -> new BadValue(text.matches("\\d+") ? "has no unit" : "is no duration"));
          if (duration.compareTo(shortest) < 0) {
            throw new BadValue("is too short");
          }
          if (duration.compareTo(longest) > 0) {
            throw new BadValue("is too long");
          }
          return duration;
        });
  }

  static ValueType<LocalTime> timeOfDay() {
    return new ValueType<>(
        "a time of day like '02:00'",
        List.of(),
        Form.like("([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,9})?)?"),
        value -> {
          try {
            return LocalTime.parse(value.text());
          } catch (DateTimeParseException noTime) {
            throw new BadValue("is no time of day");
          }
        });
  }

  static ValueType<TimeWindow> timeWindow() {
    return new ValueType<>(
        "a time from and to like '02:00-05:00'",
        List.of(),
        Form.like(TimeWindow.PATTERN),
        value -> TimeWindow.parse(value.text()).orElseThrow(() -> new BadValue("is no such time")));
  }

  /** A list of days, by the first three letters of their English names. */
  static ValueType<Set<DayOfWeek>> daysOfWeek() {
    List<String> words =
        Arrays.stream(DayOfWeek.values()).map(ValueType::word).map(w -> w.substring(0, 3)).toList();
    return new ValueType<>(
        "a list of " + String.join(", ", words),
        List.of(),
        Form.listOf(String.join("|", words)),
        value -> {
          Set<DayOfWeek> days = new TreeSet<>();
          for (String word : value.list()) {
            int place = words.indexOf(word);
            if (place < 0 || !days.add(DayOfWeek.of(place + 1))) {
              throw new BadValue(place < 0 ? "is not accepted" : "has a day twice");
            }
          }
          if (days.isEmpty()) {
            throw new BadValue("is empty");
          }
          return days;
        });
  }

  /** `off`, which is empty, `recommended`, which is the only one, or a list of indexes. */
  static ValueType<List<String>> indexes() {
    String form = "[^()]*[^()\\s][^()]*\\([^()]+\\)";
    List<String> words = List.of("off", "recommended");
    return new ValueType<>(
        "off, recommended, or a list like ['quotes(updated_at)']",
        words,
        Form.words(words).or(Form.listOf(form)),
        value -> {
          if (!value.isList() && words.contains(value.text())) {
            return value.text().equals("off") ? List.of() : List.of(value.text());
          }
          List<String> indexes = names().read(value);
          if (!indexes.stream().allMatch(index -> index.matches(form))) {
            throw new BadValue("holds what is no index");
          }
          return indexes;
        });
  }

  static ValueType<Long> rate() {
    return new ValueType<>(
        "a rate like 500KB/s or 2MB/s",
        List.of(),
        Form.like("(?=0*[1-9])" + RATE.pattern()),
        value -> {
          Matcher matcher = RATE.matcher(value.text());
          if (!matcher.matches()) {
            throw new BadValue("is no rate");
          }
          long rate = Long.parseLong(matcher.group(1)) * BYTES.getOrDefault(matcher.group(2), 1L);
          if (rate == 0) {
            throw new BadValue("would let nothing through");
          }
          return rate;
        });
  }

  static ValueType<Long> size() {
    return new ValueType<>(
        "a size like 500MB or 1GB",
        List.of(),
        Form.like(SIZE.pattern()),
        value -> {
          Matcher matcher = SIZE.matcher(value.text());
          if (!matcher.matches()) {
            throw new BadValue("is no size");
          }
          return Long.parseLong(matcher.group(1)) * BYTES.getOrDefault(matcher.group(2), 1L);
        });
  }

  /** Of an e-mail. */
  static ValueType<String> address() {
    return new ValueType<>(
        "an e-mail address", List.of(), Form.like(ADDRESS), value -> requireAddress(value.text()));
  }

  /** Of e-mails: one, or a list. */
  static ValueType<List<String>> addresses() {
    return new ValueType<>(
        "an e-mail address, or a list of them",
        List.of(),
        Form.like(ADDRESS).or(Form.listLike(ADDRESS)),
        value -> {
          List<String> all = value.isList() ? names().read(value) : List.of(value.text());
          for (String one : all) {
            requireAddress(one);
          }
          return all;
        });
  }

  private static String requireAddress(String text) throws BadValue {
    if (!text.matches(ADDRESS)) {
      throw new BadValue("is no e-mail address");
    }
    return text;
  }

  /** A host, with or without a port. */
  static ValueType<String> server() {
    String form = "[^\\s/:]+(:[0-9]{1,5})?";
    return new ValueType<>(
        "a server like mail.example.com:587",
        List.of(),
        Form.textLike(form),
        value -> {
          if (!value.text().matches(form)) {
            throw new BadValue("is no server");
          }
          return value.text();
        });
  }

  /** A list of names, at least one, none twice. */
  static ValueType<List<String>> names() {
    return new ValueType<>(
        "a list of names like [first, second]",
        List.of(),
        Form.names(),
        value -> {
          List<String> names = value.list();
          if (names.isEmpty()) {
            throw new BadValue("is empty");
          }
          if (names.stream().anyMatch(String::isBlank)) {
            throw new BadValue("has an empty name");
          }
          if (new HashSet<>(names).size() < names.size()) {
            throw new BadValue("has a name twice");
          }
          return names;
        });
  }

  /** Also accepts a word, which reads as empty. */
  ValueType<Optional<T>> or(String word) {
    return new ValueType<>(
        accepted + ", or " + word,
        Stream.concat(words.stream(), Stream.of(word)).toList(),
        Form.words(List.of(word)).or(form),
        value ->
            !value.isList() && value.text().equals(word)
                ? Optional.empty()
                : Optional.of(reader.read(value)));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
