package tidemark.service;

import java.util.List;
import java.util.stream.Collectors;

/** How each system wants text written, so that it reads back what was meant. */
final class Quoting {
  private Quoting() {}

  static String xml(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** A command line that Windows programs take apart into just these arguments. */
  static String windows(List<String> arguments) {
    return arguments.stream().map(Quoting::windows).collect(Collectors.joining(" "));
  }

  /** Backslashes count only before a quote, where each has to be doubled. */
  private static String windows(String argument) {
    if (!argument.isEmpty() && !argument.matches("(?s).*[\\s\"].*")) {
      return argument;
    }
    String inside = argument.replaceAll("(\\\\*)\"", "$1$1\\\\\"").replaceAll("(\\\\+)$", "$1$1");
    return '"' + inside + '"';
  }

  /** A word of a unit's setting: `%` begins a specifier there. */
  static String systemd(String word) {
    String inside = word.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return '"' + inside.replace("%", "%%") + '"';
  }

  /** An argument of a unit's command, where `$` begins a variable, too. */
  static String systemdArgument(String word) {
    return systemd(word).replace("$", "$$");
  }

  /** An argument in a desktop file, which is unescaped twice: as a value, then as a command. */
  static String desktop(String argument) {
    String inside = argument.replaceAll("([\"`$\\\\])", "\\\\$1").replace("%", "%%");
    return '"' + inside.replace("\\", "\\\\") + '"';
  }
}
