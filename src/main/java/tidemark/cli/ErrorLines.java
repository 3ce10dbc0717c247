package tidemark.cli;

import java.io.PrintWriter;
import tidemark.change.PlainText;

/** How something that went wrong is told: one line of what, one of what to do. */
public final class ErrorLines {
  private ErrorLines() {}

  public static void tell(PrintWriter err, String what, String hint) {
    err.println("tidemark: " + oneLine(what));
    if (!hint.isBlank()) {
      err.println("  " + oneLine(hint));
    }
    err.flush();
  }

  private static String oneLine(String text) {
    return PlainText.line(text.strip().replaceAll("\\s*\\R\\s*", " "));
  }
}
