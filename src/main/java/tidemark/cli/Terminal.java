package tidemark.cli;

import java.io.Console;
import java.util.Optional;

/** Whether a person is looking, and the one who can be asked. */
final class Terminal {
  private Terminal() {}

  /** The launcher knows, except on Windows; where it is silent a console tells, up to Java 21. */
  @SuppressWarnings("SystemConsoleNull")
  static boolean isThere() {
    String told = System.getProperty("tidemark.terminal");
    return told == null ? System.console() != null : told.equals("true");
  }

  /** Who sits at the keyboard; nobody where input or output is redirected. */
  @SuppressWarnings("SystemConsoleNull") // what is there from Java 22 on is asked what it is
  static Optional<Person> person() {
    Console console = System.console();
    return console == null || !isTerminal(console)
        ? Optional.empty()
        : Optional.of(question -> console.readLine("%s", question));
  }

  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException upToJava21) {
      return true;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a console that does not say whether it is one", e);
    }
  }
}
