package tidemark.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * One key a config may have; a {@code *} in the path stands for a name the config chooses.
 *
 * @param standard what holds where no file says anything
 * @param everywhere that default, if it is the same everywhere
 * @param example as it may stand in a file; for a named key the whole line
 * @param meaning the comment a fresh config explains it with
 */
record Key<T>(
    String path,
    ValueType<T> type,
    Function<Surroundings, Optional<String>> standard,
    Optional<String> everywhere,
    String example,
    String meaning) {

  /** A key with the same default everywhere. */
  static <T> Key<T> standard(String path, ValueType<T> type, String standard, String meaning) {
    Optional<String> everywhere = Optional.of(standard);
    return new Key<>(path, type, surroundings -> everywhere, everywhere, standard, meaning);
  }

  /** A key whose default the machine or the login gives. */
  static <T> Key<T> given(
      String path,
      ValueType<T> type,
      Function<Surroundings, String> standard,
      String example,
      String meaning) {
    return new Key<>(
        path, type, standard.andThen(Optional::of), Optional.empty(), example, meaning);
  }

  /** A key that need not be there. */
  static <T> Key<T> optional(String path, ValueType<T> type, String example, String meaning) {
    return new Key<>(
        path, type, surroundings -> Optional.empty(), Optional.empty(), example, meaning);
  }

  boolean named() {
    return path.contains(".*.");
  }

  String section() {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }

  /** The last word of the path, as it stands in the file. */
  String word() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  String at(String name) {
    return path.replace("*", name);
  }

  /** A lock on a section covers all below it; tables' names know no case. */
  static boolean covers(List<String> locked, String key) {
    String below = (key + ".").toLowerCase(Locale.ROOT);
    return locked.stream().anyMatch(lock -> below.startsWith(lock.toLowerCase(Locale.ROOT) + "."));
  }

  /** Values are checked when their file is read, and defaults by a test. */
  T read(RawValue value) {
    try {
      return type().read(value);
    } catch (BadValue bad) {
      throw new IllegalStateException(path() + " " + bad.reason(), bad);
    }
  }
}
