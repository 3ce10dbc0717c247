package tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
  @TempDir Path folder;

  private void write(String day, String lines) throws IOException {
    Files.writeString(
        folder.resolve("tidemark-" + day + ".log"),
        lines,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static String lines(String start, int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(i -> start + i + "\n")
        .collect(Collectors.joining());
  }

  @Test
  void the_newest_lines_are_told_oldest_first_across_files() throws IOException {
    write("2025-01-15.10", lines("tenth ", 1, 2));
    write("2025-01-15.9", lines("ninth ", 1, 3));
    write("2025-01-16.0", "last\n");
    write("2025-01-14", lines("former ", 1, 9));

    assertThat(new LogTail(folder).last(5))
        .containsExactly("ninth 2", "ninth 3", "tenth 1", "tenth 2", "last");
    assertThat(new LogTail(folder).last(8)).startsWith("former 8", "former 9", "ninth 1");
    assertThat(new LogTail(folder).last(1)).containsExactly("last");
    assertThat(new LogTail(folder).last(0)).isEmpty();
    assertThat(new LogTail(folder).last(1000)).hasSize(15);
  }

  @Test
  void what_is_written_later_is_told_once_also_in_the_next_file() throws IOException {
    write("2025-01-15.0", lines("a ", 1, 100));
    LogTail log = new LogTail(folder);
    assertThat(log.last(1)).containsExactly("a 100");
    assertThat(log.more()).isEmpty();

    write("2025-01-15.0", "a 101\n");
    write("2025-01-15.1", "b 1\n");
    assertThat(log.more()).containsExactly("a 101", "b 1");
    write("2025-01-15.0", "late, of another process\n");
    write("2025-01-16.0", "c 1\n");
    assertThat(log.more()).containsExactly("late, of another process", "c 1");
    assertThat(log.more()).isEmpty();
  }

  @Test
  void a_line_is_told_when_it_is_whole() throws IOException {
    write("2025-01-15.0", "first\nsec");
    LogTail log = new LogTail(folder);
    assertThat(log.last(5)).containsExactly("first");

    write("2025-01-15.0", "ond \u00fc\u00e4");
    assertThat(log.more()).isEmpty();
    write("2025-01-15.0", "\n");
    assertThat(log.more()).containsExactly("second \u00fc\u00e4");
  }

  @Test
  void files_that_are_swept_away_or_emptied_or_foreign_do_no_harm() throws IOException {
    write("2025-01-15.0", lines("a ", 1, 3));
    write("2025-01-16.0", lines("b ", 1, 3));
    Files.writeString(folder.resolve("other.log"), "foreign\n");
    LogTail log = new LogTail(folder);
    log.last(1);

    Files.delete(folder.resolve("tidemark-2025-01-15.0.log"));
    Files.writeString(folder.resolve("tidemark-2025-01-16.0.log"), "new\n");

    assertThat(log.more()).containsExactly("new");
  }

  @Test
  void without_a_log_there_are_no_lines() {
    assertThat(new LogTail(folder.resolve("nowhere")).last(5)).isEmpty();
    assertThat(new LogTail(folder.resolve("nowhere")).more()).isEmpty();
  }
}
