package tidemark.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tidemark.config.Surroundings;

/** The databases of Craft Tools Hub on this machine, looked for where it keeps them. */
public final class FoundDatabases {
  private static final String PLACE = "craft-tools-hub/database";

  private FoundDatabases() {}

  /** The folder it has them in, whether it is there or not. */
  public static Path folder(Surroundings surroundings) {
    return surroundings.applicationData().resolve(PLACE);
  }

  /** By name; none if there are none, or they cannot be seen. */
  public static List<Path> in(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".db"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException none) {
      return List.of();
    }
  }
}
