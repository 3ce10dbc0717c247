package tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.Typed;

/** interval. */
class IntervalCommandTest {
  @TempDir Path folder;
  private Office.Desk anna;

  @BeforeEach
  void open() {
    anna = new Office(folder).emptyDesk("anna", "server");
  }

  @Test
  void it_changes_the_config_and_keeps_its_comments() throws Exception {
    anna.configured("sync:\n  every: 2h   # every two hours\n");
    String before = Files.readString(anna.config());

    Typed typed = anna.type("interval", "60m");

    assertThat(typed.exitCode()).isZero();
    assertThat(typed.err()).isEmpty();
    assertThat(typed.out())
        .contains("sync.every is 60m now", "before: 2h (" + anna.config() + ":9)")
        .contains("in " + anna.config() + ", named by --config");
    assertThat(anna.config()).hasContent(before.replace("2h ", "60m "));
    assertThat(anna.type("interval").out())
        .isEqualTo("sync.every is 60m (" + anna.config() + ":9)\n");
  }

  @Test
  void manual_is_an_interval_too() {
    anna.configured("");

    assertThat(anna.type("interval").out()).isEqualTo("sync.every is 120m (default)\n");
    assertThat(anna.type("interval", "manual").exitCode()).isZero();
    assertThat(anna.config()).content().endsWith("\nsync:\n  every: manual\n");
  }

  @Test
  void what_is_no_interval_is_exit_2_with_what_is_accepted() throws Exception {
    anna.configured("");
    String before = Files.readString(anna.config());

    Typed typed = anna.type("interval", "60");

    assertThat(typed.exitCode()).isEqualTo(2);
    assertThat(typed.err())
        .contains("sync.every: '60' has no unit", "Accepted: a duration from 1m to 24h");
    assertThat(typed.err().lines()).hasSize(2);
    assertThat(anna.config()).hasContent(before);
  }

  @Test
  void a_config_that_is_wrong_is_exit_2_and_stays() {
    anna.configured("sync: {evry: 5m}\n");

    assertThat(anna.type("interval", "60m").exitCode()).isEqualTo(2);
    assertThat(anna.config()).content().endsWith("sync: {evry: 5m}\n");
  }
}
