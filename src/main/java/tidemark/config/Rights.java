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
  private static final String VARIABLES = "variables";
  private static final List<String> GUARDED =
      List.of(
          "databases.*.local",
          "archive.*.to",
          "backup.folder",
          "backup.copyTo",
          "smtp",
          "alert",
          "control",
          VARIABLES);

  static final Rights FULL = new Rights(GUARDED);

  static final String ACCEPTED = String.join(", ", GUARDED) + ", " + VARIABLES + ".NAME";

  /** What has to be allowed before this key is taken; empty where nothing has to. */
  Optional<String> missing(Key<?> key, String path) {
    boolean taken =
        !Layer.covers(GUARDED, key.path())
            || Layer.covers(allowed, key.path())
            || Layer.covers(allowed, path);
    return taken ? Optional.empty() : Optional.of(key.path());
  }

  boolean allowsVariable(String name) {
    return Layer.covers(allowed, variable(name));
  }

  /** What has to be allowed for an environment variable to be put in. */
  static String variable(String name) {
    return VARIABLES + "." + name;
  }

  /** Whether it is of any use to allow this. */
  static boolean isOne(String permission) {
    return Layer.covers(List.of(VARIABLES), permission) || grantable().anyMatch(at(permission));
  }

  /** Everything that can be allowed, for guesses at what was meant. */
  static List<String> all() {
    return Stream.concat(GUARDED.stream(), grantable()).toList();
  }

  private static Stream<String> grantable() {
    return AllKeys.ALL.stream()
        .filter(key -> Layer.covers(GUARDED, key.path()))
        .filter(key -> Layer.Kind.FLEET.refusal(key).isEmpty())
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
