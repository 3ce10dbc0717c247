package tidemark.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tidemark.ledger.TestShare;

class BandwidthTest {
  private static final OptionalLong A_HUNDRED_KB = OptionalLong.of(100_000);

  @Test
  void what_is_read_and_written_together_takes_its_time() throws IOException {
    try (TestShare share = new TestShare()) {
      ShareFiles files =
          new ShareFiles(
              ShareFiles.Tap.NONE, share.pace, new Bandwidth(A_HUNDRED_KB), Patience.ENDLESS);
      byte[] half = new byte[50_000];
      long before = share.pace.nanos();

      files.write(share.root.resolve("a"), half);
      files.write(share.root.resolve("b"), half);
      assertThat(files.read(share.root.resolve("a"), 1 << 20)).isEqualTo(half);
      try (var in = files.open(share.root.resolve("b"))) {
        assertThat(in.readAllBytes()).isEqualTo(half);
      }

      Duration taken = Duration.ofNanos(share.pace.nanos() - before);
      assertThat(taken).isBetween(Duration.ofMillis(1_950), Duration.ofMillis(2_050));
    }
  }

  @Test
  void the_wire_is_never_taken_for_longer_than_a_tenth_of_a_second() throws IOException {
    AtomicLong longest = new AtomicLong();
    TestShare.SettablePace pace =
        new TestShare.SettablePace() {
          @Override
          public synchronized void pause(long millis) {
            longest.accumulateAndGet(millis, Math::max);
            super.pause(millis);
          }
        };
    byte[] bytes = new byte[1_000_000];
    var slowed = new Bandwidth(A_HUNDRED_KB).slowed(new ByteArrayInputStream(bytes), pace);
    assertThat(slowed.readAllBytes()).hasSize(bytes.length);
    assertThat(longest).hasValueBetween(50, 101);
  }

  @Test
  void a_pause_is_not_saved_up_for_a_burst() throws IOException {
    TestShare.SettablePace pace = new TestShare.SettablePace();
    Bandwidth bandwidth = new Bandwidth(A_HUNDRED_KB);
    bandwidth.slowed(new ByteArrayInputStream(new byte[10_000]), pace).readAllBytes();
    pace.pass(Duration.ofHours(1));
    long before = pace.nanos();
    bandwidth.slowed(new ByteArrayInputStream(new byte[100_000]), pace).readAllBytes();
    assertThat(Duration.ofNanos(pace.nanos() - before)).isGreaterThan(Duration.ofMillis(950));
  }

  @Test
  void without_a_limit_nothing_waits() throws IOException {
    TestShare.SettablePace pace = new TestShare.SettablePace();
    long before = pace.nanos();
    Bandwidth.UNLIMITED.slowed(new ByteArrayInputStream(new byte[1 << 20]), pace).readAllBytes();
    assertThat(pace.nanos()).isEqualTo(before);
  }
}
