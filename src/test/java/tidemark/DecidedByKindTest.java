package tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the words of an error say is for people; a program that reads them breaks with them. */
class DecidedByKindTest {
  private static final Path SOURCES = Path.of("src/main/java/tidemark");

  private static final Pattern READING =
      Pattern.compile(
          "(getMessage\\(\\)|whatFailed\\(\\)|why\\(\\)|\\b(message|refusal|refused|why|reason))\\)?"
              + "\\s*\\.(contains|startsWith|endsWith|matches|indexOf|equals|equalsIgnoreCase)\\(");

  /** SQLite has one code for these; its words are read at its door, and nowhere else. */
  private static final Path DOOR = SOURCES.resolve("jdbc");

  @Test
  void nobody_decides_by_the_words_of_an_error() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<String> readers =
          files
              .filter(file -> file.toString().endsWith(".java") && !file.startsWith(DOOR))
              .filter(file -> READING.matcher(text(file)).find())
              .map(file -> SOURCES.relativize(file).toString())
              .toList();
      assertThat(readers).isEmpty();
    }
  }

  @Test
  void that_is_how_it_would_look() {
    for (String code :
        List.of(
            "refusal.contains(\"UNIQUE\")",
            "String.valueOf(e.getMessage()).endsWith(\" is damaged\")",
            "failure.whatFailed()\n            .startsWith(file)")) {
      assertThat(READING.matcher(code).find()).as(code).isTrue();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
