package tidemark.testing;

import java.io.IOException;

/** Commands of the system that may be missing, or not be allowed. */
public final class Shell {
  private Shell() {}

  /** Whether this command is there and did its work. */
  public static boolean can(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
