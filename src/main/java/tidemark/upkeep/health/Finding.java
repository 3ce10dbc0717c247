package tidemark.upkeep.health;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;

/**
 * What one check of the doctor's found.
 *
 * @param about which of several, such as a workstation's name; null where there is but one
 * @param todo null where there is nothing to do
 * @param mayPass it may be over in a minute, such as a lock or a cut connection
 */
public record Finding(
    String check,
    @Nullable String about,
    Health health,
    String what,
    @Nullable String todo,
    boolean mayPass) {
  /** How bad it is. */
  public enum Health {
    WELL,
    /** Good to know; nothing has to be done. */
    NOTE,
    /** Goes on working, but somebody should look at it. */
    WARNING,
    /** Something does not work. */
    BAD;

    public String word() {
      return this == WELL ? "ok" : name().toLowerCase(Locale.ROOT);
    }

    static Health of(@Nullable Object word) {
      for (Health health : values()) {
        if (health.word().equals(word)) {
          return health;
        }
      }
      return WARNING;
    }
  }

  public static Finding well(String check, String what) {
    return new Finding(check, null, Health.WELL, what, null, false);
  }

  public static Finding note(String check, String what, String todo) {
    return new Finding(check, null, Health.NOTE, what, todo, false);
  }

  public static Finding warning(String check, String what, String todo) {
    return new Finding(check, null, Health.WARNING, what, todo, false);
  }

  public static Finding bad(String check, String what, String todo) {
    return new Finding(check, null, Health.BAD, what, todo, false);
  }

  /** The check itself could not be made. */
  static Finding bad(String check, Failure failure) {
    return new Finding(
        check,
        null,
        failure.exitCode() == Failure.BUSY ? Health.WARNING : Health.BAD,
        failure.whatFailed(),
        failure.hint(),
        failure.retryable());
  }

  Finding about(String which) {
    return new Finding(check, which, health, what, todo, mayPass);
  }

  Finding passing() {
    return new Finding(check, about, health, what, todo, true);
  }

  /** Somebody has to look at it. */
  public boolean isTrouble() {
    return health.compareTo(Health.WARNING) >= 0;
  }

  /** The same from one look to the next. */
  public String id() {
    return about == null ? check : check + "/" + about;
  }

  /** For JSON. */
  public Map<String, @Nullable Object> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("check", check);
    fields.put("about", about);
    fields.put("health", health.word());
    fields.put("what", what);
    fields.put("todo", todo);
    if (mayPass) {
      fields.put("mayPass", true);
    }
    return fields;
  }

  static Finding of(Map<?, ?> fields) {
    return new Finding(
        String.valueOf(fields.get("check")),
        text(fields.get("about")),
        Health.of(fields.get("health")),
        String.valueOf(fields.get("what")),
        text(fields.get("todo")),
        Boolean.TRUE.equals(fields.get("mayPass")));
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
