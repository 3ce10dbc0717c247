package tidemark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that tells newcomers where to read is true. */
class ArchitecturePageTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern ROOM =
      Pattern.compile("^\\| `(tidemark[.a-z]*)` \\|[^|]*\\|([^|]*)\\|$", Pattern.MULTILINE);
  private static final Pattern NAMED = Pattern.compile("`([A-Za-z]+)`");

  private static String page() throws IOException {
    return Files.readString(Path.of("docs/ARCHITECTURE.md"));
  }

  private static Path folder(String room) {
    return SOURCES.resolve(room.replace('.', '/'));
  }

  @Test
  void every_folder_of_sources_is_told_of_once() throws IOException {
    List<String> told = new ArrayList<>();
    Matcher rooms = ROOM.matcher(page());
    while (rooms.find()) {
      told.add(rooms.group(1));
    }
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<String> there =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("package-info.java"))
              .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
              .filter(room -> !room.equals("tidemark")) // where the program begins
              .distinct()
              .toList();
      assertThat(told).containsExactlyInAnyOrderElementsOf(there);
    }
  }

  @Test
  void what_is_to_be_read_first_is_there() throws IOException {
    Matcher rooms = ROOM.matcher(page());
    while (rooms.find()) {
      Matcher named = NAMED.matcher(rooms.group(2));
      assertThat(named.find()).as(rooms.group(1)).isTrue();
      do {
        assertThat(folder(rooms.group(1)).resolve(named.group(1) + ".java")).exists();
      } while (named.find());
    }
  }

  @Test
  void one_rows_way_leads_through_files_that_are_there_and_not_many() throws IOException {
    String page = page();
    String way = page.substring(page.indexOf("## One row's way"), page.indexOf("## The daemon"));
    Matcher steps = Pattern.compile("^ {4}([a-z/]+/[A-Za-z]+) ", Pattern.MULTILINE).matcher(way);
    int files = 0;
    while (steps.find()) {
      assertThat(SOURCES.resolve("tidemark").resolve(steps.group(1) + ".java")).exists();
      files++;
    }
    assertThat(files).isBetween(10, 15);
  }
}
