package tidemark.config;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the machine and the login decide before any config does.
 *
 * @param machineFolder where IT puts the file that holds for every user of this machine
 * @param installation the folder Tidemark is installed in, where it is known
 */
public record Surroundings(
    Map<String, String> env,
    String osName,
    Path home,
    String loginName,
    String hostName,
    Path machineFolder,
    Optional<Path> installation) {

  public Surroundings {
    env = Map.copyOf(env);
  }

  public static Surroundings ofThisMachine(Optional<Path> installation) {
    Map<String, String> env = System.getenv();
    String osName = System.getProperty("os.name", "");
    boolean windows = isWindows(osName);
    String home = System.getProperty("user.home", "");
    return new Surroundings(
        env,
        osName,
        Path.of(windows ? home : env.getOrDefault("HOME", home)),
        System.getProperty("user.name", "unknown"),
        hostName(env, windows),
        windows
            ? Path.of(env.getOrDefault("ProgramData", "C:\\ProgramData"), "tidemark")
            : Path.of("/etc/tidemark"),
        installation);
  }

  public boolean windows() {
    return isWindows(osName);
  }

  /** An environment variable; Windows knows no case in their names. */
  public Optional<String> variable(String name) {
    if (!windows()) {
      return Optional.ofNullable(env.get(name));
    }
    return env.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Where logs, token and lock go unless the config says otherwise. */
  public Path defaultState() {
    if (windows()) {
      return folder("LOCALAPPDATA", "AppData/Local").resolve("tidemark");
    }
    return osName.startsWith("Mac")
        ? home.resolve("Library/Application Support/tidemark")
        : home.resolve(".local/state/tidemark");
  }

  /** Where this user's config lies. */
  public Path userFolder() {
    return windows()
        ? folder("APPDATA", "AppData/Roaming").resolve("tidemark")
        : home.resolve(".config/tidemark");
  }

  /** Where applications keep what is this user's. */
  public Path applicationData() {
    if (windows()) {
      return folder("APPDATA", "AppData/Roaming");
    }
    return osName.startsWith("Mac")
        ? home.resolve("Library/Application Support")
        : variable("XDG_CONFIG_HOME").map(Path::of).orElseGet(() -> home.resolve(".config"));
  }

  private Path folder(String variable, String otherwise) {
    return variable(variable).map(Path::of).orElseGet(() -> home.resolve(otherwise));
  }

  private static boolean isWindows(String osName) {
    return osName.toLowerCase(Locale.ROOT).startsWith("windows");
  }

  /** Asks the resolver last: it can take seconds where the network is half up. */
  private static String hostName(Map<String, String> env, boolean windows) {
    if (windows && env.containsKey("COMPUTERNAME")) {
      return env.getOrDefault("COMPUTERNAME", "");
    }
    Path kernel = Path.of("/proc/sys/kernel/hostname");
    try {
      return Files.exists(kernel)
          ? Files.readString(kernel).strip()
          : InetAddress.getLocalHost().getHostName();
    } catch (IOException unknown) {
      return env.getOrDefault("HOSTNAME", "localhost");
    }
  }
}
