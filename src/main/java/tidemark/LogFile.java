package tidemark;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The log: one file a day, in the folder that the system property `tidemark.log.dir` names.
 *
 * <p>Opened with the first event, because the folder is known only once the settings are read;
 * until then nothing is kept. Several processes may append to the same file: days are part of its
 * name, so that none is ever renamed.
 */
final class LogFile extends AppenderBase<ILoggingEvent> {
  private static final String FOLDER = "tidemark.log.dir";
  private static final String KEEP_DAYS = "tidemark.log.keepDays";

  private @Nullable RollingFileAppender<ILoggingEvent> file;

  /** Where the log is; the temporary folder from now on if no settings could name one. */
  static Path folderOrTemporary() {
    @Nullable String folder = System.getProperty(FOLDER);
    if (folder == null) {
      folder = Path.of(System.getProperty("java.io.tmpdir"), "tidemark-log").toString();
      System.setProperty(FOLDER, folder);
    }
    return Path.of(folder);
  }

  @Override
  protected void append(ILoggingEvent event) {
    @Nullable String folder = System.getProperty(FOLDER);
    if (file == null && folder != null) {
      file = open(Path.of(folder));
    }
    if (file != null) {
      file.doAppend(event);
    }
  }

  @Override
  public void stop() {
    if (file != null) {
      file.stop();
    }
    super.stop();
  }

  private RollingFileAppender<ILoggingEvent> open(Path folder) {
    LoggerContext logging = (LoggerContext) getContext();
    RollingFileAppender<ILoggingEvent> opened = new RollingFileAppender<>();
    opened.setContext(logging);
    opened.setEncoder(encoder(logging));

    TimeBasedRollingPolicy<ILoggingEvent> days = new TimeBasedRollingPolicy<>();
    days.setContext(logging);
    days.setParent(opened);
    days.setFileNamePattern(folder.resolve("tidemark-%d{yyyy-MM-dd}.log").toString());
    days.setMaxHistory(Integer.getInteger(KEEP_DAYS, 90));
    days.setTotalSizeCap(FileSize.valueOf("500MB"));
    days.start();

    opened.setRollingPolicy(days);
    opened.start();
    return opened;
  }

  private static PatternLayoutEncoder encoder(LoggerContext logging) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(logging);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setPattern("%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level [%thread] %logger{20}: %msg%n");
    encoder.start();
    return encoder;
  }
}
