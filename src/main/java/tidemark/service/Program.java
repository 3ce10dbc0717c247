package tidemark.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tidemark.change.Failure;

/**
 * What is to be started: this installation, by this Java.
 *
 * @param home the installation's folder
 * @param java the folder of the Java that runs it
 * @param options the JVM's, as the launcher gives them
 * @param arguments `run` and what follows
 */
public record Program(
    Path home, Path java, Path jar, List<String> options, List<String> arguments) {
  public Program {
    options = List.copyOf(options);
    arguments = List.copyOf(arguments);
  }

  /**
   * The same by the link `current` beside the installation, if it leads there: what starts by it
   * follows an upgrade.
   */
  public Program lasting() {
    Path current = home.resolveSibling("current");
    try {
      if (!Files.exists(current) || !Files.isSameFile(current, home)) {
        return this;
      }
    } catch (IOException e) {
      return this;
    }
    return new Program(
        current,
        moved(java, current),
        moved(jar, current),
        options.stream().map(o -> o.replace(home.toString(), current.toString())).toList(),
        arguments);
  }

  private Path moved(Path path, Path current) {
    return path.startsWith(home) ? current.resolve(home.relativize(path)) : path;
  }

  /** The launcher for systems with a shell. */
  Path launcher() {
    return present(home.resolve("service/tidemark"));
  }

  /** Opens no window. */
  Path windowless() {
    return present(java.resolve("bin/javaw.exe"));
  }

  /** Java as a library, for a process that is no `java.exe`. */
  Path library() {
    return present(java.resolve("bin/server/jvm.dll"));
  }

  /** The command for a system that starts Java itself. */
  List<String> javaArguments(Tools tools) {
    List<String> all = new ArrayList<>(options);
    all.add("-jar");
    all.add(tools.name(jar));
    all.addAll(arguments);
    return all;
  }

  static Path present(Path file) {
    if (!Files.exists(file)) {
      throw new Failure(
          Failure.USAGE, file + " is missing", "Install Tidemark, or its Java, again.");
    }
    return file;
  }
}
