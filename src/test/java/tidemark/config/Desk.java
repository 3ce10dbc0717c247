package tidemark.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A workstation as far as its config goes, in a folder of its own. */
final class Desk {
  static final String DATABASES =
      """
      databases:
        server:
          local: /data/server.db
          master: /share/server.db
      """;

  final Path folder;
  private final String osName;
  private final Map<String, String> env = new TreeMap<>();

  Desk(Path folder) {
    this(folder, "Linux");
  }

  Desk(Path folder, String osName) {
    this.folder = folder;
    this.osName = osName;
  }

  Desk set(String variable, String value) {
    env.put(variable, value);
    return this;
  }

  Surroundings surroundings() {
    return new Surroundings(
        env,
        osName,
        folder.resolve("home"),
        "anna",
        "PC-7",
        folder.resolve("machine"),
        Optional.of(folder.resolve("installation")));
  }

  Path userFile() {
    return surroundings().userFolder().resolve("tidemark.yml");
  }

  Path machineFile() {
    return folder.resolve("machine/tidemark.yml");
  }

  Path installedFile() {
    return folder.resolve("installation/config/tidemark.yml");
  }

  Path write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  SettingsInForce read() {
    return new SettingsFile(surroundings(), Optional.empty()).read();
  }

  SettingsInForce read(Path named) {
    return new SettingsFile(surroundings(), Optional.of(named)).read();
  }

  /** The settings of a user whose config says this besides one database. */
  Settings with(String text) {
    write(userFile(), DATABASES + text);
    return read().settings();
  }

  String origin(String key) {
    return inForce(key).origin();
  }

  String value(String key) {
    return inForce(key).value();
  }

  private SettingInForce inForce(String key) {
    return read().list().stream()
        .filter(setting -> setting.key().equals(key))
        .findFirst()
        .orElseThrow();
  }
}
