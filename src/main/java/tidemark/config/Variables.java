package tidemark.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts environment variables into values: {@code %NAME%}, {@code ${NAME}}, {@code ${NAME:default}};
 * {@code %%} and {@code $$} are the signs themselves. What a variable holds is taken as it is.
 */
final class Variables {
  private static final Pattern PERCENT = Pattern.compile("%([A-Za-z_][A-Za-z0-9_()]*)%");

  /** Deeper than anybody writes by hand. */
  private static final int DEPTH = 20;

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_()]*");

  private final Surroundings surroundings;
  private final Rights rights;

  Variables(Surroundings surroundings, Rights rights) {
    this.surroundings = surroundings;
    this.rights = rights;
  }

  /** The file that names this variable may not have what is in it. */
  static final class NotAllowed extends BadValue {
    private static final long serialVersionUID = 1;
    private final String name;

    NotAllowed(String name) {
      super("names the environment variable " + name + ", which it may not");
      this.name = name;
    }

    String name() {
      return name;
    }
  }

  /** A lone sign stays as it is, since shares are named {@code C$} and folders {@code 100%}. */
  String expand(String text) throws BadValue {
    return expand(text, 0);
  }

  private String expand(String text, int depth) throws BadValue {
    if (depth > DEPTH) {
      throw new BadValue("has ${ within ${ more than " + DEPTH + " deep");
    }
    StringBuilder expanded = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      Matcher percent = PERCENT.matcher(text).region(at, text.length());
      if (text.startsWith("%%", at) || text.startsWith("$$", at)) {
        expanded.append(text.charAt(at));
        at += 2;
      } else if (percent.lookingAt()) {
        expanded.append(variable(percent.group(1)));
        at = percent.end();
      } else if (text.startsWith("${", at)) {
        int end = closingBrace(text, at + 2);
        expanded.append(braced(text.substring(at + 2, end), depth));
        at = end + 1;
      } else {
        expanded.append(text.charAt(at++));
      }
    }
    return expanded.toString();
  }

  private String braced(String inside, int depth) throws BadValue {
    int colon = inside.indexOf(':');
    String name = colon < 0 ? inside : inside.substring(0, colon);
    if (!NAME.matcher(name).matches()) {
      throw new BadValue(
          "has ${" + name + "}, which is no variable's name (write $${ for the signs)");
    }
    return colon < 0 || find(name).isPresent()
        ? variable(name)
        : expand(inside.substring(colon + 1), depth + 1);
  }

  private String variable(String name) throws BadValue {
    return find(name)
        .orElseThrow(
            () ->
                new BadValue(
                    "names the environment variable "
                        + name
                        + ", which is not set (${"
                        + name
                        + ":default} gives it a default)"));
  }

  private Optional<String> find(String name) throws NotAllowed {
    if (!rights.allowsVariable(name)) {
      throw new NotAllowed(name);
    }
    return surroundings.variable(name);
  }

  private static int closingBrace(String text, int from) throws BadValue {
    int depth = 1;
    for (int i = from; i < text.length(); i++) {
      if (text.startsWith("${", i)) {
        depth++;
      } else if (text.charAt(i) == '}' && --depth == 0) {
        return i;
      }
    }
    throw new BadValue("has ${ without } (write $${ for the signs themselves)");
  }
}
