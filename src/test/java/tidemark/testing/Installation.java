package tidemark.testing;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tidemark.Typed;

/**
 * The distribution as `mvn package` made it, unpacked somewhere, and started as people start it.
 */
public final class Installation {
  private final Path home;
  private final Map<String, String> env = new TreeMap<>(System.getenv());

  private Installation(Path home) {
    this.home = home;
    env.keySet().removeIf(name -> name.startsWith("TIDEMARK_"));
  }

  /** The zip without a Java of its own. */
  public static Path zip() throws IOException {
    try (Stream<Path> built = Files.list(Path.of("target"))) {
      return built
          .filter(file -> file.getFileName().toString().matches("tidemark-[0-9.]+\\.zip"))
          .max(Comparator.comparing(file -> file.toFile().lastModified()))
          .orElseThrow(() -> new IOException("no distribution: `mvn package` makes it"));
    }
  }

  /** With the rights the files have in the zip, as `unzip` unpacks it. */
  public static Installation unpacked(Path into) throws IOException {
    Path home = null;
    try (FileSystem zip =
            FileSystems.newFileSystem(zip(), Map.of("enablePosixFileAttributes", "true"));
        Stream<Path> files = Files.walk(zip.getPath("/"))) {
      for (Path file : files.skip(1).toList()) {
        Path target = into.resolve(file.toString().substring(1));
        home = home == null ? target : home;
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
          Files.setLastModifiedTime(target, Files.getLastModifiedTime(file));
          @SuppressWarnings("unchecked")
          Set<PosixFilePermission> rights =
              (Set<PosixFilePermission>) Files.getAttribute(file, "zip:permissions");
          Files.setPosixFilePermissions(target, rights);
        }
      }
    }
    return new Installation(home);
  }

  /** One that was unpacked before. */
  public static Installation at(Path home) {
    return new Installation(home);
  }

  public Path home() {
    return home;
  }

  public Installation with(String variable, String value) {
    env.put(variable, value);
    return this;
  }

  public Installation without(String variable) {
    env.remove(variable);
    return this;
  }

  public Typed start(String... args) throws Exception {
    return startBy(home.resolve("service/tidemark"), args);
  }

  public Typed startBy(Path launcher, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(args));
    Path out = Files.createTempFile("out", ".txt");
    Path err = Files.createTempFile("err", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      builder.environment().clear();
      builder.environment().putAll(env);
      Process process = builder.start();
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IOException("it does not end: " + command);
      }
      return new Typed(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
