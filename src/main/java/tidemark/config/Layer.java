package tidemark.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one file says.
 *
 * @param entries valid values by dotted key
 * @param places where each key and section stands
 * @param names the chosen names of a section, in order
 * @param rights what it may decide
 * @param untaken what it says without a right to, and what would have to be allowed
 */
record Layer(
    LayerKind kind,
    Path file,
    Map<String, Entry> entries,
    Map<String, Whereabouts> places,
    Map<String, Set<String>> names,
    Rights rights,
    Map<String, String> untaken) {

  /** One value and where it stands. */
  record Entry(Key<?> key, RawValue value, Whereabouts place) {}

  static Layer empty(LayerKind kind, Path file, Rights rights) {
    return new Layer(
        kind,
        file,
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        rights,
        new LinkedHashMap<>());
  }

  void name(String section, String name) {
    names.computeIfAbsent(section, unseen -> new LinkedHashSet<>()).add(name);
  }

  <T> Optional<T> find(Key<T> key) {
    return Optional.ofNullable(entries.get(key.path())).map(entry -> key.read(entry.value()));
  }

  List<String> locked() {
    return find(AllKeys.LOCKED).orElse(List.of());
  }
}
