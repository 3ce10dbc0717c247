package tidemark.control;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.say.Moment;

/** What stands behind a question's question mark; an empty value is as good as none. */
final class Parameters {
  private final Map<String, String> given;

  Parameters(Map<String, String> given) {
    this.given = given;
  }

  @Nullable String text(String name) {
    String value = given.getOrDefault(name, "");
    return value.isBlank() ? null : value.strip();
  }

  int number(String name, int otherwise, int least, int most) {
    String value = text(name);
    if (value == null) {
      return otherwise;
    }
    if (value.matches("\\d{1,9}")) {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw wrong(name, value, "a number from " + least + " to " + most);
  }

  boolean isTrue(String name) {
    String value = text(name);
    if (value == null || value.equals("false")) {
      return false;
    }
    if (value.equals("true")) {
      return true;
    }
    throw wrong(name, value, "true or false");
  }

  @Nullable String oneOf(String name, List<String> words) {
    String value = text(name);
    if (value == null || words.contains(value)) {
      return value;
    }
    throw wrong(name, value, String.join(", ", words));
  }

  /** In milliseconds. */
  @Nullable Long moment(String name, Clock clock) {
    String value = text(name);
    return value == null
        ? null
        : (Long)
            Moment.read(value, clock)
                .orElseThrow(() -> wrong(name, value, Moment.ACCEPTED))
                .toEpochMilli();
  }

  private static Problem wrong(String name, String value, String accepted) {
    return new Problem(400, name + " cannot be '" + value + "'", "Accepted: " + accepted + ".");
  }
}
