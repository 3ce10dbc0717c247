package tidemark.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A value as it stands in a file, variables put in, its meaning not yet known.
 *
 * @param folder what relative paths start from
 */
record RawValue(List<String> texts, boolean isList, Path folder, Surroundings surroundings) {
  private static final Pattern WINDOWS_ABSOLUTE = Pattern.compile("[A-Za-z]:[\\\\/]|\\\\\\\\");

  static RawValue of(String text, Path folder, Surroundings surroundings) {
    return new RawValue(List.of(text), false, folder, surroundings);
  }

  String text() throws BadValue {
    if (isList) {
      throw new BadValue("is a list, where one value is accepted");
    }
    if (texts.get(0).isBlank()) {
      throw new BadValue("is empty");
    }
    return texts.get(0);
  }

  List<String> list() throws BadValue {
    if (!isList) {
      throw new BadValue("is no list");
    }
    return texts;
  }

  Path path() throws BadValue {
    String text = text();
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new BadValue("holds a control character (write Windows paths in 'single quotes')");
    }
    boolean windowsForm = WINDOWS_ABSOLUTE.matcher(text).lookingAt();
    if (windowsForm && !surroundings.windows()) {
      throw new BadValue("is a Windows path, and this is " + surroundings.osName());
    }
    try {
      Path path = Path.of(text);
      if (text.equals("~") || text.startsWith("~/") || text.startsWith("~\\")) {
        return surroundings.home().resolve(text.substring(Math.min(2, text.length())));
      }
      return windowsForm ? path : folder.resolve(path).normalize();
    } catch (InvalidPathException unusable) {
      throw new BadValue("is no path: " + unusable.getReason());
    }
  }
}
