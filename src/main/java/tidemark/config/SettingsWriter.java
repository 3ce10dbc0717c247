package tidemark.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes a fresh, annotated tidemark.yml: what was chosen, and every other key commented out with
 * its default and meaning.
 *
 * <p>Values are written as they are given, so that they may hold variables.
 */
public final class SettingsWriter {
  private static final int COMMENT_COLUMN = 44;
  private static final String HEAD =
      """
      # The config of Tidemark. A line that begins with # shows what holds without it.
      # Values may hold environment variables, as %NAME%, ${NAME} or ${NAME:default};
      # %% and $$ stand for the signs themselves. Write Windows paths in 'single quotes'.
      # Durations look like 90s, 120m, 4h, 1d, 2w or 1y.
      # `tidemark config check` shows what is in force, and where each value came from.
      # In IT's file for a whole machine (%ProgramData%\\tidemark, /etc/tidemark) `include: FILE`
      # names one for the whole fleet, with `include: { file: FILE, allow: [smtp] }` for what is
      # not taken from there else, and `locked: [sync.every]` keeps users from changing keys.

      """;

  private final String schema;

  /**
   * @param schema where {@link EditorSchema} lies, as a path from the config or a URL, for editors
   *     to find it; empty where it is not known
   */
  public SettingsWriter(Optional<String> schema) {
    this.schema = schema.map(place -> "# yaml-language-server: $schema=" + place + "\n").orElse("");
  }

  /** Where a database lies here and on the share. */
  public record Paths(String local, String master) {}

  /**
   * The text of a config.
   *
   * @param databases by name, in the order they are to have in the file
   * @param chosen further values by dotted key, such as {@code sync.every}
   */
  public String write(Map<String, Paths> databases, Map<String, String> chosen) {
    Map<String, List<Key<?>>> sections =
        AllKeys.SETTINGS.stream()
            .collect(Collectors.groupingBy(Key::section, LinkedHashMap::new, Collectors.toList()));
    Set<String> unknown = new TreeSet<>(chosen.keySet());
    AllKeys.SETTINGS.forEach(key -> unknown.remove(key.path()));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("no keys of the config: " + unknown);
    }
    StringBuilder text = new StringBuilder(schema + HEAD);
    sections.forEach(
        (section, keys) -> {
          if (section.equals("databases")) {
            text.append(databases(databases));
          } else {
            text.append(section(section, keys, chosen));
          }
        });
    return text.toString();
  }

  private static String databases(Map<String, Paths> databases) {
    StringBuilder text = new StringBuilder("databases:\n");
    databases.forEach(
        (name, paths) ->
            text.append("  " + name + ":\n")
                .append("    local: " + YamlEdit.quoted(paths.local()) + "\n")
                .append("    master: " + YamlEdit.quoted(paths.master()) + "\n")
                .append(line(AllKeys.FOLLOW, "    ", Map.of()))
                .append(line(AllKeys.TABLES, "    ", Map.of())));
    return text.toString();
  }

  private static String section(String section, List<Key<?>> keys, Map<String, String> chosen) {
    boolean nested = keys.get(0).path().contains(".");
    return (nested ? section + ":\n" : "")
        + keys.stream()
            .map(key -> line(key, nested ? "  " : "", chosen))
            .collect(Collectors.joining());
  }

  private static String line(Key<?> key, String indent, Map<String, String> chosen) {
    String value = chosen.get(key.path());
    String line =
        value != null
            ? indent + key.word() + ": " + YamlEdit.quoted(value)
            : indent
                + "# "
                + (key.named() && key.everywhere().isEmpty() ? "" : key.word() + ": ")
                + key.example();
    return line
        + " ".repeat(Math.max(2, COMMENT_COLUMN - line.length()))
        + "# "
        + key.meaning()
        + "\n";
  }
}
