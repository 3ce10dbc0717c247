package tidemark.alert;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;

/**
 * One message to people.
 *
 * @param event found, worse, well or test
 * @param check what was looked at
 * @param about which of several; null where there is but one
 * @param health ok, note, warning or bad
 * @param todo null where nothing is to be done
 * @param at when, as ISO
 */
public record Alert(
    String event,
    String database,
    String check,
    @Nullable String about,
    String health,
    String what,
    @Nullable String todo,
    String workstation,
    String user,
    String at,
    @Nullable String contact) {

  /** One line. */
  public String subject() {
    String where = database.isEmpty() ? "" : database + ", ";
    return "Tidemark: "
        + switch (event) {
          case "well" -> where + check + " is well again";
          case "worse" -> where + check + " got worse (" + health + ")";
          case "test" -> "a test message";
          default -> where + check + " (" + health + ")";
        };
  }

  /** All of it, for people. */
  public String text() {
    return what
        + (todo == null || todo.isEmpty() ? "" : "\n\nWhat to do: " + todo)
        + "\n\nSeen by "
        + user
        + " at "
        + workstation
        + ", "
        + at
        + ". `tidemark doctor` tells more."
        + (contact == null ? "" : "\nContact: " + contact);
  }

  /** By name, for programs. */
  public Map<String, @Nullable Object> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("event", event);
    fields.put("database", database);
    fields.put("check", check);
    fields.put("about", about);
    fields.put("health", health);
    fields.put("what", what);
    fields.put("todo", todo);
    fields.put("workstation", workstation);
    fields.put("user", user);
    fields.put("at", at);
    fields.put("contact", contact);
    return fields;
  }

  /** With a `text` besides, which is what chats show. */
  public String json() {
    Map<String, @Nullable Object> fields = fields();
    fields.put("text", subject() + "\n" + text());
    return Json.objectText(fields);
  }

  static Alert of(Map<?, ?> fields) {
    return new Alert(
        text(fields, "event"),
        text(fields, "database"),
        text(fields, "check"),
        orNull(fields, "about"),
        text(fields, "health"),
        text(fields, "what"),
        orNull(fields, "todo"),
        text(fields, "workstation"),
        text(fields, "user"),
        text(fields, "at"),
        orNull(fields, "contact"));
  }

  private static String text(Map<?, ?> fields, String name) {
    return String.valueOf(fields.get(name));
  }

  private static @Nullable String orNull(Map<?, ?> fields, String name) {
    Object value = fields.get(name);
    return value == null ? null : value.toString();
  }
}
