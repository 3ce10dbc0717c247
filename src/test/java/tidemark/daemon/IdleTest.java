package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that has nothing to do for weeks. */
@Tag("heavy")
class IdleTest {
  private static final int TICKS = 10_000;
  private static final long A_MEGABYTE = 1 << 20;

  @TempDir Path folder;

  @Test
  void ten_thousand_idle_ticks_leave_memory_threads_and_files_flat() {
    try (Kept anna = new Kept(folder, "anna", "every: 1m\nwatch: 10s")) {
      anna.local().execute("CREATE TABLE quotes(id INTEGER PRIMARY KEY, title TEXT)");
      anna.keeper.begin();
      for (int i = 0; i < TICKS / 5; i++) {
        tick(anna, i);
      }
      long memory = used();
      int threads = Thread.activeCount();
      long files = openFiles();
      for (int i = TICKS / 5; i < TICKS; i++) {
        tick(anna, i);
      }
      assertThat(used() - memory).isLessThan(2 * A_MEGABYTE);
      assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 2);
      assertThat(openFiles()).isLessThanOrEqualTo(files + 2);
    }
  }

  /** Mostly looks, as at a workstation that watches. */
  private static void tick(Kept anna, int i) {
    if (i % 10 == 0) {
      anna.keeper.due();
    } else if (i % 10 == 5) {
      assertThat(anna.endpoint.status()).contains("\"state\":\"connected\"");
    } else {
      anna.looks.look();
    }
  }

  private static long used() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  private static long openFiles() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return system instanceof com.sun.management.UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }
}
