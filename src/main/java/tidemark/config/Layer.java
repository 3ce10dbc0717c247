package tidemark.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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
    Kind kind,
    Path file,
    Map<String, Entry> entries,
    Map<String, Place> places,
    Map<String, Set<String>> names,
    Rights rights,
    Map<String, String> untaken) {

  /** Whose file it is. */
  enum Kind {
    MACHINE,
    FLEET,
    USER;

    /** Why this key has no place in such a file; empty if it has. */
    Optional<String> refusal(Key<?> key) {
      if (this == FLEET && key.equals(AllKeys.STATE)) {
        return Optional.of("cannot be set by an included file, whose last copy is kept there");
      }
      if (this == FLEET && key.equals(HealthKeys.COMMAND)) {
        return Optional.of(
            "is accepted in files on this machine only: who may write to the share could else run programs here");
      }
      if (this == FLEET && key.section().equals(AllKeys.INCLUDE.path())) {
        return Optional.of("is accepted in the machine's file only");
      }
      if (this == USER
          && (key.section().equals(AllKeys.INCLUDE.path()) || key.equals(AllKeys.LOCKED))) {
        return Optional.of("is accepted in IT's files only, not in a user's");
      }
      return Optional.empty();
    }
  }

  /** One value and where it stands. */
  record Entry(Key<?> key, RawValue value, Place place) {}

  static Layer empty(Kind kind, Path file, Rights rights) {
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
    return Optional.ofNullable(entries.get(key.path()))
        .map(entry -> LayeredValues.read(key, entry.value()));
  }

  List<String> locked() {
    return find(AllKeys.LOCKED).orElse(List.of());
  }

  /** A lock on a section covers all below it; tables' names know no case. */
  static boolean covers(List<String> locked, String key) {
    String below = (key + ".").toLowerCase(Locale.ROOT);
    return locked.stream().anyMatch(lock -> below.startsWith(lock.toLowerCase(Locale.ROOT) + "."));
  }
}
