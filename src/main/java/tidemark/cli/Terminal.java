package tidemark.cli;

/** Whether a person is looking. */
final class Terminal {
  private Terminal() {}

  /** The launcher knows, except on Windows; where it is silent a console tells, up to Java 21. */
  @SuppressWarnings("SystemConsoleNull")
  static boolean isThere() {
    String told = System.getProperty("tidemark.terminal");
    return told == null ? System.console() != null : told.equals("true");
  }
}
