package tidemark.upkeep.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.change.Failure;
import tidemark.share.Patience;
import tidemark.share.ShareFiles;
import tidemark.testing.Wait;
import tidemark.testing.Workstation;

/** An archive on a share that does not answer: the command ends, and nothing is lost. */
@Timeout(120)
class HangingArchiveTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path folder;

  private final CountDownLatch back = new CountDownLatch(1);
  private OldQuotes office;
  private Workstation anna;
  private Patience past;

  @BeforeEach
  void threeOldQuotes() {
    office = OldQuotes.made(folder, 3);
    anna = office.anna;
    past = new Patience(LIMIT, office.pace);
    anna.patience = past;
  }

  private void hang() {
    office.pace.pass(LIMIT);
    try {
      back.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void letGo() {
    back.countDown();
    Wait.until("the hang to end", () -> !past.hangs());
    anna.tap = ShareFiles.Tap.NONE;
    anna.patience = new Patience(LIMIT, office.pace);
  }

  @ParameterizedTest
  @CsvSource({
    "old.db, STAT, 0",
    "old.db, STAT, 1",
    "old.sql, STAT, 0",
    "old.sql, WRITE, 0",
    "old.sql, MOVE, 0",
    "old.sql, OPEN, 0"
  })
  void where_an_operation_hangs_the_command_ends_and_the_next_one_finishes(
      String name, ShareFiles.Operation operation, int time) {
    Path file = office.fleet.share().resolve(name);
    List<String> all = office.content(anna.db().file());
    anna.tap =
        new ShareFiles.Tap() {
          private int met;

          @Override
          public void before(ShareFiles.Operation now, Path path) throws IOException {
            if (now == operation && path.toString().startsWith(file.toString()) && met++ == time) {
              hang();
            }
          }
        };

    assertThatThrownBy(() -> office.archive(anna, file))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("not answered for 30 s");

    assertThat(office.content(anna.db().file())).isEqualTo(all);
    letGo();
    office.archivePatiently(file);
    assertThat(office.content(office.ben.db().file())).hasSize(1);
    assertThat(office.content(file)).hasSize(6);
  }

  @Test
  void where_sqlite_hangs_the_archive_is_given_up_and_closed_once_the_share_is_back() {
    Path file = office.fleet.share().resolve("old.db");
    ArchiveFile archive = ArchiveFile.append(file, "server", anna.plan().share());
    List<ArchivedRow> endless =
        new AbstractList<>() {
          @Override
          public ArchivedRow get(int index) {
            hang();
            throw new IllegalStateException("back too late");
          }

          @Override
          public int size() {
            return 1;
          }
        };

    assertThatThrownBy(() -> archive.keep(1, endless))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exitCode()).isEqualTo(Failure.OFFLINE));
    assertThatThrownBy(archive::close).hasMessageContaining("does not answer");

    letGo();
    assertThatThrownBy(() -> archive.sql().number("SELECT 1")).hasMessageContaining("closed");
  }
}
