package tidemark.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths of databases as people give them: `server=/data/server.db`, or the path alone. */
final class NamedPaths {
  private static final Pattern NAMED = Pattern.compile("([\\p{L}\\p{N}_-]+)=(.+)");

  private NamedPaths() {}

  /**
   * By name, which is the file's where none is given.
   *
   * @throws IllegalArgumentException which says what is wrong with them
   */
  static Map<String, String> of(List<String> given) {
    Map<String, String> paths = new LinkedHashMap<>();
    for (String text : given) {
      Matcher named = NAMED.matcher(text);
      boolean isNamed = named.matches();
      String path = absolute(isNamed ? named.group(2) : text);
      String name = isNamed ? named.group(1) : nameOf(path);
      if (paths.put(name, path) != null) {
        throw new IllegalArgumentException("names the database " + name + " twice");
      }
    }
    return paths;
  }

  /** In one folder, under the names of these files; or the file itself, if it is only one. */
  static List<String> beside(Map<String, String> locals, String folder) {
    String separator = folder.contains("\\") ? "\\" : "/";
    String end = folder.endsWith("/") || folder.endsWith("\\") ? "" : separator;
    boolean isFile = locals.size() == 1 && folder.endsWith(".db");
    List<String> paths = new ArrayList<>();
    locals.forEach(
        (name, local) -> paths.add(name + "=" + folder + (isFile ? "" : end + fileOf(local))));
    return paths;
  }

  private static String nameOf(String path) {
    String file = fileOf(path);
    int dot = file.lastIndexOf('.');
    return (dot > 0 ? file.substring(0, dot) : file).replaceAll("[^\\p{L}0-9_-]+", "_");
  }

  private static String fileOf(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }

  /** The daemon will not run in this folder; what variables hold is not known before. */
  static String absolute(String path) {
    if (path.isBlank() || path.matches("(~|\\\\\\\\).*|.*[%$].*")) {
      return path;
    }
    try {
      return Path.of(path).toAbsolutePath().normalize().toString();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + path + "' is no path", e);
    }
  }
}
