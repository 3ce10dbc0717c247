package tidemark.cli;

import java.util.function.LongConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on the terminal for what takes long; where output is piped there is none. */
final class Progress implements AutoCloseable {
  private static final long SHOWN_AFTER = 1_500_000_000;

  private final boolean onTerminal = Terminal.isThere();
  private final String unit;
  private final long began = System.nanoTime();
  private @Nullable ProgressBar bar;

  Progress() {
    this(" rows");
  }

  /**
   * Of something else.
   *
   * @param unit what is counted, behind the number
   */
  Progress(String unit) {
    this.unit = unit;
  }

  LongConsumer of(String database) {
    return settled -> show(database, settled);
  }

  /** So many changes of this database were settled so far. */
  synchronized void show(String database, long settled) {
    if (onTerminal && System.nanoTime() - began > SHOWN_AFTER) {
      shown(database).stepTo(settled);
    }
  }

  private ProgressBar shown(String database) {
    ProgressBar shown = bar;
    if (shown == null) {
      shown =
          new ProgressBarBuilder()
              .setTaskName(database)
              .setInitialMax(-1)
              .setUnit(unit, 1)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .clearDisplayOnFinish()
              .hideEta()
              .build();
      bar = shown;
    }
    return shown;
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
