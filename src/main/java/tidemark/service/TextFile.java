package tidemark.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import tidemark.change.Failure;

/** The small files that register a program; they appear as a whole. */
final class TextFile {
  private TextFile() {}

  static void write(Path file, String text) {
    try {
      Files.createDirectories(file.resolveSibling("."));
      Path whole = file.resolveSibling("." + file.getFileName() + ".new");
      Files.writeString(whole, text);
      Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  /** What follows this beginning of a line; empty where there is no such line. */
  static String line(Path file, String beginning) {
    try {
      return Files.readString(file)
          .lines()
          .filter(line -> line.startsWith(beginning))
          .map(line -> line.substring(beginning.length()))
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private static Failure unusable(Path file, IOException e) {
    return new Failure(
        Failure.INCOMPLETE,
        file + " cannot be used: " + e,
        "Make its folder writable for this user.",
        e);
  }
}
