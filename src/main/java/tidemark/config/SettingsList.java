package tidemark.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every setting there is, in the order of the file: what is in force, and what it accepts. */
public final class SettingsList {
  /** What it starts would be started with this user's rights: only whoever edits files sets it. */
  private static final String BY_HAND = "alert.command";

  private final SettingsInForce inForce;
  private final Map<String, SettingInForce> known;

  public SettingsList(SettingsInForce inForce) {
    this.inForce = inForce;
    this.known =
        inForce.list().stream()
            .collect(Collectors.toMap(SettingInForce::key, Function.identity(), (a, b) -> a));
  }

  /**
   * One of them.
   *
   * @param value null where nothing is set
   * @param from who decided it: default, machine, fleet, user
   * @param locked users cannot change it
   * @param kind what one would ask for it with: list, boolean, choice, number, path, duration, text
   * @param choices the fixed words among what it accepts
   * @param accepted the same in words
   */
  public record Setting(
      String key,
      @Nullable String value,
      String from,
      boolean locked,
      String kind,
      List<String> choices,
      String accepted,
      String about) {}

  /** Those of databases and tables only for the names that the config has. */
  public List<Setting> all() {
    List<Setting> all = new ArrayList<>();
    List<String> done = new ArrayList<>();
    for (Key<?> key : AllKeys.SETTINGS) {
      if (!key.named()) {
        all.add(setting(key, key.path()));
      } else if (!done.contains(key.section())) {
        done.add(key.section());
        addNamed(all, key.section());
      }
    }
    return all;
  }

  private void addNamed(List<Setting> all, String section) {
    List<Key<?>> keys = new ArrayList<>();
    AllKeys.SETTINGS.stream()
        .filter(key -> key.named() && key.section().equals(section))
        .forEach(keys::add);
    for (String name : names(section, keys)) {
      keys.forEach(key -> all.add(setting(key, key.at(name))));
    }
  }

  private List<String> names(String section, List<Key<?>> keys) {
    return inForce.list().stream()
        .map(SettingInForce::key)
        .filter(key -> key.startsWith(section + "."))
        .flatMap(path -> keys.stream().flatMap(key -> name(key, path).stream()))
        .distinct()
        .toList();
  }

  private static Optional<String> name(Key<?> key, String path) {
    String start = key.section() + ".";
    String end = "." + key.word();
    return path.endsWith(end) && path.length() > start.length() + end.length()
        ? Optional.of(path.substring(start.length(), path.length() - end.length()))
        : Optional.empty();
  }

  private Setting setting(Key<?> key, String path) {
    SettingInForce found = known.get(path);
    ValueType<?> type = key.type();
    return new Setting(
        path,
        found == null ? null : found.value(),
        found == null ? "default" : found.from(),
        inForce.isLocked(path) || path.equals(BY_HAND),
        type.kind(),
        type.words(),
        type.accepted(),
        key.meaning());
  }

  /** Why this one is not to be changed from afar; empty where it may be. */
  public static Optional<String> refusal(String path) {
    return path.equals(BY_HAND)
        ? Optional.of(path + " starts a program, and is changed only in the file itself")
        : Optional.empty();
  }
}
