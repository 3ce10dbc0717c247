package tidemark.config;

import java.util.Optional;

/** Whose file it is. */
enum LayerKind {
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
