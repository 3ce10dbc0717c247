package tidemark.cli;

import org.jspecify.annotations.Nullable;

/** Somebody who can be asked. */
public interface Person {
  /** The answer; null if there will be none any more. */
  @Nullable String ask(String question);
}
