package tidemark.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All layers laid over each other, the later above; locked keys keep what IT's files say. */
final class LayeredValues {
  private static final String LEVEL_VARIABLE = "TIDEMARK_LOG";

  private final Surroundings surroundings;
  private final Path machine;
  private final Map<String, Layer.Entry> entries = new LinkedHashMap<>();
  private final Map<String, String> from = new LinkedHashMap<>();
  private final Map<String, Set<String>> names = new LinkedHashMap<>();
  private final Map<String, Whereabouts> places = new LinkedHashMap<>();
  private final Map<String, String> untaken = new LinkedHashMap<>();
  private final List<String> locked = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  LayeredValues(Surroundings surroundings, List<Layer> layers) {
    this.surroundings = surroundings;
    this.machine = surroundings.machineFolder().resolve(SettingsFile.NAME);
    layers.forEach(this::lay);
    surroundings.variable(LEVEL_VARIABLE).filter(word -> !word.isBlank()).ifPresent(this::logs);
  }

  /** For once, without touching a file: goes before all of them. */
  private void logs(String word) {
    RawValue level = standard(word.toLowerCase(Locale.ROOT));
    try {
      AllKeys.LOG_LEVEL.type().read(level);
      Whereabouts place = new Whereabouts(Path.of(LEVEL_VARIABLE), 0);
      from.put(AllKeys.LOG_LEVEL.path(), "variable");
      entries.put(AllKeys.LOG_LEVEL.path(), new Layer.Entry(AllKeys.LOG_LEVEL, level, place));
    } catch (BadValue bad) {
      warnings.add(
          LEVEL_VARIABLE
              + ": '"
              + word
              + "' "
              + bad.reason()
              + NearMiss.hint(word, AllKeys.LOG_LEVEL.type().words())
              + " Accepted: "
              + AllKeys.LOG_LEVEL.type().accepted());
    }
  }

  /** What goes before it binds it: the machine's locks the fleet's file, and both the user's. */
  private void lay(Layer layer) {
    places.putAll(layer.places());
    layer.untaken().forEach((path, permission) -> untaken(layer, path, permission));
    layer
        .entries()
        .forEach(
            (path, entry) -> {
              if (Key.covers(locked, path)) {
                String who = layer.kind() == LayerKind.USER ? "IT" : machine.toString();
                warnings.add(
                    entry.place()
                        + ": "
                        + path
                        + " is locked by "
                        + who
                        + " and has no effect here");
              } else {
                entries.put(path, entry);
                from.put(path, layer.kind().name().toLowerCase(Locale.ROOT));
              }
            });
    layer.names().forEach((section, added) -> added.forEach(name -> name(section, name)));
    locked.addAll(layer.locked());
  }

  private void untaken(Layer layer, String path, String permission) {
    String why =
        "has no effect here, since "
            + machine
            + " does not allow it; to allow it, say there `include: { file: "
            + layer.file()
            + ", allow: ["
            + permission
            + "] }`";
    Whereabouts place = layer.places().getOrDefault(path, new Whereabouts(layer.file(), 0));
    untaken.put(path, place + " says it, which " + why);
    warnings.add(place + ": " + path + " " + why);
  }

  private void name(String section, String name) {
    if (!Key.covers(locked, section + "." + name)) {
      names.computeIfAbsent(section, unseen -> new LinkedHashSet<>()).add(name);
    }
  }

  List<String> locked() {
    return locked;
  }

  List<String> warnings() {
    return warnings;
  }

  Optional<Whereabouts> place(String path) {
    return Optional.ofNullable(places.get(path));
  }

  /** Who says this without a right to; empty where nobody does. */
  String untaken(String path) {
    return Optional.ofNullable(untaken.get(path)).map(why -> " (" + why + ")").orElse("");
  }

  List<String> names(String section) {
    return List.copyOf(names.getOrDefault(section, Set.of()));
  }

  <T> Optional<T> find(Key<T> key) {
    return find(key, "");
  }

  <T> Optional<T> find(Key<T> key, String name) {
    return raw(key, name).map(value -> key.read(value));
  }

  /** For keys that have a default. */
  <T> T get(Key<T> key) {
    return get(key, "");
  }

  <T> T get(Key<T> key, String name) {
    return find(key, name)
        .orElseThrow(() -> new IllegalStateException(key.at(name) + " has no default"));
  }

  private Optional<RawValue> raw(Key<?> key, String name) {
    return Optional.ofNullable(entries.get(key.at(name)))
        .map(Layer.Entry::value)
        .or(() -> key.standard().apply(surroundings).map(this::standard));
  }

  private RawValue standard(String text) {
    return RawValue.of(text, surroundings.home(), surroundings);
  }

  /** Every setting in force, in the order of the file. */
  List<SettingInForce> inForce() {
    List<SettingInForce> list = new ArrayList<>();
    Set<String> done = new LinkedHashSet<>();
    for (Key<?> key : AllKeys.SETTINGS) {
      if (!key.named()) {
        add(list, key, "");
      } else if (done.add(key.section())) {
        names(key.section()).forEach(name -> addNamed(list, key.section(), name));
      }
    }
    return list;
  }

  private void addNamed(List<SettingInForce> list, String section, String name) {
    AllKeys.SETTINGS.stream()
        .filter(key -> key.named() && key.section().equals(section))
        .forEach(key -> add(list, key, name));
  }

  private void add(List<SettingInForce> list, Key<?> key, String name) {
    String path = key.at(name);
    String lock = Key.covers(locked, path) ? ", locked" : "";
    String origin =
        Optional.ofNullable(entries.get(path))
            .map(entry -> entry.place().toString())
            .orElse("default");
    raw(key, name)
        .ifPresent(
            raw ->
                list.add(
                    new SettingInForce(
                        path, shown(key, raw), origin + lock, from.getOrDefault(path, "default"))));
  }

  private static String shown(Key<?> key, RawValue raw) {
    return key.read(raw) instanceof Path path ? path.toString() : Secrets.shown(key, raw);
  }
}
