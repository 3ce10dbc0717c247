package tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

class DiscreetLayoutTest {
  @Test
  void a_name_from_the_share_controls_no_terminal_that_shows_the_log() {
    LoggerContext logging = new LoggerContext();
    DiscreetLayout layout = new DiscreetLayout();
    layout.setContext(logging);
    layout.setPattern("%msg%n");
    layout.start();

    String line =
        layout.doLayout(
            new LoggingEvent(
                "",
                logging.getLogger("any"),
                Level.WARN,
                "the user {}",
                null,
                new Object[] {"a\u001b[2J\tb\u009b"}));

    assertThat(line).isEqualTo("the user a\\u001b[2J\tb\\u009b" + System.lineSeparator());
  }
}
