package tidemark.config;

/**
 * How much is written down.
 *
 * @param keepDays of sync_log and of the program's own log
 * @param keepRows of sync_log
 * @param level what the program's own log tells
 */
public record LogSettings(int keepDays, int keepRows, Level level) {

  /** Each tells what those before it tell, too. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }
}
