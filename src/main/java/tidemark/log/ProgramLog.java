package tidemark.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Where this process logs to, and how much. The system properties `tidemark.log.*` it was started
 * with go before the settings, until these change.
 *
 * <p>Threading: any.
 */
public final class ProgramLog {
  private static final String FOLDER = "tidemark.log.dir";
  private static final String KEEP_DAYS = "tidemark.log.keepDays";
  private static final String LEVEL = "tidemark.log.level";

  private ProgramLog() {}

  /** Once the settings are read. Costs nothing: the log is opened with the first line. */
  public static void begin(Path folder, int keepDays, String level) {
    if (System.getProperty(FOLDER) == null) {
      System.setProperty(FOLDER, folder.toString());
      System.setProperty(KEEP_DAYS, Integer.toString(keepDays));
    }
    if (System.getProperty(LEVEL) == null) {
      System.setProperty(LEVEL, level);
    }
  }

  /**
   * From now on this much: error, warn, info, debug or trace. A logging configuration of somebody's
   * own (`-Dlogback.configurationFile`) stays as it is.
   */
  public static void level(String level) {
    System.setProperty(LEVEL, level);
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging) {
      Logger root = logging.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      if (root.getAppender(LogFile.NAME) != null) {
        root.setLevel(Level.toLevel(level, Level.INFO));
      }
    }
  }

  /** Where the log is; the temporary folder from now on if no settings could name one. */
  public static Path folder() {
    @Nullable String folder = System.getProperty(FOLDER);
    if (folder == null) {
      folder = Path.of(System.getProperty("java.io.tmpdir"), "tidemark-log").toString();
      System.setProperty(FOLDER, folder);
    }
    return Path.of(folder);
  }

  static String level() {
    return System.getProperty(LEVEL, "info");
  }

  static @Nullable Path folderIfKnown() {
    @Nullable String folder = System.getProperty(FOLDER);
    return folder == null ? null : Path.of(folder);
  }

  static int keepDays() {
    return Integer.getInteger(KEEP_DAYS, 90);
  }
}
