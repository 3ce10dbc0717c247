package tidemark.log;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.regex.Pattern;
import tidemark.change.PlainText;

/**
 * A line of the log without secrets, and without what would control a terminal that shows it.
 * Nothing of ours logs any; this is for what others put into their messages: a request's headers, a
 * URL with a password in it.
 */
final class DiscreetLayout extends PatternLayout {
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)(\\bbearer\\s+|(?:token|password|passwd|pwd|secret)[\"']?\\s*[=:]\\s*[\"']?)[^\\s\"',;}]+");
  private static final Pattern IN_URL = Pattern.compile("(//[^/\\s:@]+:)[^/\\s@]+@");

  @Override
  public String doLayout(ILoggingEvent event) {
    String line = PlainText.lines(super.doLayout(event));
    line = NAMED.matcher(line).replaceAll("$1***");
    return IN_URL.matcher(line).replaceAll("$1***@");
  }
}
