package tidemark.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The result of reading the config: what holds, and how it came to be.
 *
 * @param list every setting in force, in the config's order
 * @param warnings what the user should know although the config is valid
 * @param files every file that was read, the first layer first
 * @param ownFile the user's file, which may be edited; empty where only the machine has one
 * @param secret files that hold what lets whoever reads it in somewhere
 * @param locked keys and sections that the machine's or the fleet's file keeps from change
 */
public record SettingsInForce(
    Settings settings,
    List<SettingInForce> list,
    List<String> warnings,
    List<Path> files,
    Optional<Path> ownFile,
    List<Path> secret,
    List<String> locked) {

  public SettingsInForce {
    list = List.copyOf(list);
    warnings = List.copyOf(warnings);
    files = List.copyOf(files);
    secret = List.copyOf(secret);
    locked = List.copyOf(locked);
  }

  public boolean isLocked(String key) {
    return Key.covers(locked, key);
  }
}
