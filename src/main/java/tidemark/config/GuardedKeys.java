package tidemark.config;

import java.util.List;

/**
 * Keys and sections that a file on the share may set only where the machine's own file allows it.
 */
final class GuardedKeys {
  static final String VARIABLES = "variables";
  static final List<String> ALL =
      List.of(
          "databases.*.local",
          "archive.*.to",
          "backup.folder",
          "backup.copyTo",
          "smtp",
          "alert",
          "control",
          "serve",
          VARIABLES);

  /** In words, for who is to allow something. */
  static final String ACCEPTED = String.join(", ", ALL) + ", " + VARIABLES + ".NAME";

  private GuardedKeys() {}
}
