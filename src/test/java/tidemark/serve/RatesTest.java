package tidemark.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import tidemark.testing.SettablePace;

class RatesTest {
  private final SettablePace pace = new SettablePace();
  private final Rates rates = new Rates(2, 5, pace);

  @Test
  void a_burst_is_answered_and_then_so_many_a_second() {
    for (int i = 0; i < 5; i++) {
      assertThat(rates.secondsUntilNext("anna")).isZero();
    }
    assertThat(rates.secondsUntilNext("anna")).isEqualTo(1);
    pace.pass(Duration.ofSeconds(1));
    assertThat(rates.secondsUntilNext("anna")).isZero();
    assertThat(rates.secondsUntilNext("anna")).isZero();
    assertThat(rates.secondsUntilNext("anna")).isEqualTo(1);
  }

  @Test
  void one_who_asks_too_often_holds_up_nobody_else() {
    for (int i = 0; i < 9; i++) {
      rates.secondsUntilNext("anna");
    }
    assertThat(rates.secondsUntilNext("anna")).isPositive();
    assertThat(rates.secondsUntilNext("ben")).isZero();
  }

  @Test
  void whoever_was_away_for_long_has_no_more_than_a_burst() {
    rates.secondsUntilNext("anna");
    pace.pass(Duration.ofHours(9));
    for (int i = 0; i < 5; i++) {
      assertThat(rates.secondsUntilNext("anna")).isZero();
    }
    assertThat(rates.secondsUntilNext("anna")).isPositive();
  }
}
