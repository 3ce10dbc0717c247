package tidemark.say;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-999999999-01-01",
        "+999999999-12-31T23:59:59Z",
        "-999999999-01-01T00:00:00+18:00",
        "999999999999999w",
        "0000-12-31"
      })
  void a_moment_beyond_all_that_databases_write_is_none(String text) {
    assertThat(Moment.read(text, Clock.systemUTC())).as(text).isEmpty();
  }
}
