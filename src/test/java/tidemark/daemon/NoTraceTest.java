package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tidemark.app.RunLine;
import tidemark.change.ConflictRule;
import tidemark.change.Failure;
import tidemark.run.Request;
import tidemark.run.SyncReport;
import tidemark.sync.DatabaseSync.Outcome;

/** A failure that says what to do is a line of the log; a trace is for bugs. */
class NoTraceTest {
  private final Semaphore told = new Semaphore(0);
  private final ListAppender<ILoggingEvent> log =
      new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
          super.append(event);
          told.release();
        }
      };
  private final Logger logger = (Logger) LoggerFactory.getLogger("tidemark.daemon");

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void asItWas() {
    logger.detachAppender(log);
    logger.setLevel(null);
  }

  private static Failure failure(int exitCode) {
    return new Failure(
        exitCode, "master.db is a folder", "Name a file.", new IOException("EISDIR"));
  }

  private void isOneLine() {
    assertThat(log.list).singleElement().satisfies(this::isLine);
  }

  private void isLine(ILoggingEvent event) {
    assertThat(event.getThrowableProxy()).isNull();
    assertThat(event.getFormattedMessage()).contains("master.db is a folder", "Name a file.");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {Failure.INCOMPLETE, Failure.USAGE, Failure.OFFLINE, Failure.BUSY, Failure.REFUSED})
  void a_run_that_fails_is_told_by_what_failed_and_what_to_do(int exitCode) {
    RunLine.write(
        logger,
        "server",
        Request.byHand(ConflictRule.NEWEST),
        new Outcome("error", new SyncReport(), 5, failure(exitCode)));
    isOneLine();
  }

  @Test
  void so_is_a_job_of_the_schedule() throws InterruptedException {
    try (Schedule schedule = new Schedule("no-trace")) {
      schedule.job(
          "look",
          () -> {
            throw failure(Failure.USAGE);
          });
      schedule.at("look", Instant.now().minus(Duration.ofMinutes(1)));
      schedule.start();
      assertThat(told.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
    }
    isOneLine();
  }
}
