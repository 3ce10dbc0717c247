package tidemark.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;

/** What takes SQLite long shows that it goes on, so that it is not taken for a share that hangs. */
class AttendedTest {
  @TempDir Path folder;
  private final AtomicInteger asked = new AtomicInteger();
  private Path file;

  @BeforeEach
  void manyRows() {
    file = folder.resolve("master.db");
    try (Sql sql = Sql.open(file, OpenMode.CREATE, Duration.ZERO)) {
      sql.execute("CREATE TABLE rows(id INTEGER PRIMARY KEY, text TEXT)");
      sql.execute("CREATE INDEX texts ON rows(text)");
      sql.execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100000)"
              + " INSERT INTO rows SELECT i, 'text of row '||i FROM n");
    }
  }

  private Sql attended(boolean goOn) {
    return Sql.open(file, OpenMode.WRITE, Duration.ZERO)
        .attendedBy(
            () -> {
              asked.incrementAndGet();
              return goOn;
            });
  }

  @Test
  void a_check_of_the_whole_file_shows_life_all_the_time() {
    try (Sql sql = attended(true)) {
      assertThat(sql.first("PRAGMA integrity_check(1)", c -> c.string(1))).contains("ok");
    }
    assertThat(asked).hasValueGreaterThan(10);
  }

  @Test
  void a_copy_shows_life_all_the_time() {
    try (Sql sql = attended(true)) {
      sql.copyTo(folder.resolve("copy.db"));
    }
    assertThat(asked).hasValueGreaterThan(10);
  }

  @Test
  void what_nobody_waits_for_any_more_ends() {
    try (Sql sql = attended(false)) {
      assertThatThrownBy(() -> sql.number("SELECT sum(length(text)) FROM rows"))
          .isInstanceOf(Failure.class);
    }
    assertThat(asked).hasValueLessThan(5);
  }
}
