package tidemark.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a file may decide: all of it on this machine, and on the share what the machine's file
 * allows.
 *
 * <p>Whoever may write to the share could else have this machine send and write wherever he likes,
 * with what its environment holds in it.
 *
 * @param allowed keys and sections of those that need permission
 */
record Rights(List<String> allowed) {
  static final Rights FULL = new Rights(GuardedKeys.ALL);

  /** What has to be allowed before this key is taken; empty where nothing has to. */
  Optional<String> missing(Key<?> key, String path) {
    boolean taken =
        !Key.covers(GuardedKeys.ALL, key.path())
            || Key.covers(allowed, key.path())
            || Key.covers(allowed, path);
    return taken ? Optional.empty() : Optional.of(key.path());
  }

  boolean allowsVariable(String name) {
    return Key.covers(allowed, variable(name));
  }

  /** What has to be allowed for an environment variable to be put in. */
  static String variable(String name) {
    return GuardedKeys.VARIABLES + "." + name;
  }

  /** Whether it is of any use to allow this. */
  static boolean isOne(String permission) {
    return Key.covers(List.of(GuardedKeys.VARIABLES), permission)
        || grantable().anyMatch(at(permission));
  }

  /** Everything that can be allowed, for guesses at what was meant. */
  static List<String> all() {
    return Stream.concat(GuardedKeys.ALL.stream(), grantable()).toList();
  }

  private static Stream<String> grantable() {
    return AllKeys.ALL.stream()
        .filter(key -> Key.covers(GuardedKeys.ALL, key.path()))
        .filter(key -> LayerKind.FLEET.refusal(key).isEmpty())
        .map(Key::path);
  }

  /** Whether a key is the one that is meant, or below it; any name fits a star. */
  private static Predicate<String> at(String permission) {
    String[] meant = permission.split("\\.", -1);
    return key -> {
      String[] words = key.split("\\.");
      String[] start = Arrays.copyOf(words, Math.min(words.length, meant.length));
      for (int i = 0; i < start.length; i++) {
        start[i] = start[i].equals("*") ? meant[i] : start[i];
      }
      return String.join(".", start).equalsIgnoreCase(permission);
    };
  }
}
