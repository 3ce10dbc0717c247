package tidemark.app;

import java.nio.file.Path;

/**
 * What was found at one path or server of the config.
 *
 * @param key as in the config
 * @param path or a server's address
 * @param exitCode 0 where all is well
 * @param hint empty where there is nothing to do
 */
public record Tried(String key, String path, int exitCode, String what, String hint) {
  Tried(String key, Path path, int exitCode, String what, String hint) {
    this(key, path.toString(), exitCode, what, hint);
  }
}
