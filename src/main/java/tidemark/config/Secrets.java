package tidemark.config;

import java.util.List;
import java.util.regex.Pattern;

/** Values as they may be shown: without what lets whoever reads it in somewhere. */
final class Secrets {
  private static final String HIDDEN = "***";

  /** A web page's path may be known to its owner alone. */
  private static final Pattern PAGE = Pattern.compile("(?s)^(\\w+:/*)?(?:[^/?#]*@)?([^/?#]*)(.*)$");

  private static final Pattern LOGIN =
      Pattern.compile("(?<=://)[^\\s/?#]*@|(?<![^\\s\"'=(])[^\\s:/?#@\"']+:[^\\s/@]+@(?=[^\\s@])");

  private static final Pattern QUERY = Pattern.compile("(://[^\\s?\"']*\\?)[^\\s\"']*");

  private Secrets() {}

  /** Whether the whole value is one. */
  static boolean isOne(Key<?> key) {
    return key.equals(HealthKeys.SMTP_PASSWORD) || key.equals(AllKeys.KEY);
  }

  static String shown(Key<?> key, RawValue value) {
    return value.isList()
        ? "[" + String.join(", ", value.texts().stream().map(one -> shown(key, one)).toList()) + "]"
        : shown(key, value.texts().get(0));
  }

  static String shown(Key<?> key, List<String> values) {
    return String.join(", ", values.stream().map(one -> shown(key, one)).toList());
  }

  /** Also of a value that the key does not accept. */
  static String shown(Key<?> key, String text) {
    if (isOne(key)) {
      return "(not shown)";
    }
    if (key.equals(HealthKeys.WEBHOOK)) {
      return page(text);
    }
    return QUERY.matcher(LOGIN.matcher(text).replaceAll(HIDDEN + "@")).replaceAll("$1" + HIDDEN);
  }

  private static String page(String text) {
    var parts = PAGE.matcher(text);
    if (!parts.matches()) {
      return HIDDEN;
    }
    String start = parts.group(1) == null ? "" : parts.group(1);
    return start + parts.group(2) + (text.equals(start + parts.group(2)) ? "" : "/" + HIDDEN);
  }
}
