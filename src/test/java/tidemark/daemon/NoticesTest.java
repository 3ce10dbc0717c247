package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tidemark.say.SyncWish;

/** What the user hears of without having asked. */
class NoticesTest {
  @TempDir Path folder;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Notices.class);
  private Kept anna;
  private Kept ben;

  @BeforeEach
  void twoWorkstations() {
    anna = new Kept(folder, "anna", "every: manual\nonStart: false");
    ben = new Kept(folder, "ben", "every: manual\nonStart: false");
    anna.local()
        .execute(
            "CREATE TABLE quotes(id TEXT PRIMARY KEY, title TEXT)",
            "INSERT INTO quotes VALUES('Q1','Shed')");
    sync(anna, ben);
    for (Kept kept : List.of(anna, ben)) {
      kept.daemon.notices.begin();
    }
    log.start();
    logger.setLevel(Level.INFO); // whatever other tests made of the log
    logger.addAppender(log);
  }

  @AfterEach
  void end() {
    logger.detachAppender(log);
    logger.setLevel(null);
    anna.close();
    ben.close();
  }

  private static void sync(Kept... desks) {
    for (Kept desk : desks) {
      desk.endpoint.sync(SyncWish.ALL);
    }
  }

  private List<String> told() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void whose_edit_lost_hears_of_it_once_and_the_winner_does_not() {
    anna.local()
        .execute(
            "UPDATE quotes SET title='of anna', updated_at='2020-01-01 00:00:00' WHERE id='Q1'");
    ben.local().execute("UPDATE quotes SET title='of ben' WHERE id='Q1'");
    sync(anna, ben);
    assertThat(told()).as("ben won").isEmpty();

    sync(anna, anna);

    assertThat(told()).singleElement().asString().contains("Your change of quotes", "Q1", "lost");
  }

  @Test
  void a_share_that_is_away_for_a_day_is_told_of_once_a_day() {
    anna.unplug();
    sync(anna);
    anna.clock.setError(Duration.ofHours(20));
    sync(anna);
    assertThat(told()).isEmpty();

    anna.clock.setError(Duration.ofHours(25));
    sync(anna);
    sync(anna);
    assertThat(told()).singleElement().asString().contains("No sync got through for a day");
    anna.plug();
  }

  @Test
  void a_run_that_got_through_between_begins_the_day_anew() {
    anna.unplug();
    sync(anna);
    anna.plug();
    anna.clock.setError(Duration.ofHours(20));
    sync(anna);
    anna.unplug();
    anna.clock.setError(Duration.ofHours(25));
    sync(anna);
    assertThat(told()).isEmpty();
    anna.plug();
  }
}
