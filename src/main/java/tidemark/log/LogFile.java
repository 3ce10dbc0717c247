package tidemark.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tidemark.change.OwnerAlone;

/**
 * The log: a new file each day, and whenever one has grown large.
 *
 * <p>Opened with the first event, because the folder is known only once the settings are read;
 * until then nothing is kept. Several processes may append to the same file, the daemon and
 * commands beside it: day and number are part of its name, so that none is ever renamed.
 */
final class LogFile extends AppenderBase<ILoggingEvent> {
  static final String NAME = "tidemark";
  static final FileSize LARGEST = FileSize.valueOf("10MB");
  static final FileSize ALL_TOGETHER = FileSize.valueOf("200MB");

  private final FileSize largest;
  private final FileSize together;
  private @Nullable RollingFileAppender<ILoggingEvent> file;

  /**
   * @param largest a file's size at which the next one is begun
   * @param together the size of all beyond which the oldest go
   */
  LogFile(FileSize largest, FileSize together) {
    this.largest = largest;
    this.together = together;
  }

  @Override
  protected void append(ILoggingEvent event) {
    @Nullable Path folder = ProgramLog.folderIfKnown();
    if (folder != null && (file == null || isDeleted(file))) {
      file = open(folder);
    }
    if (file != null) {
      file.doAppend(event);
    }
  }

  /** What is written to it nobody can read any more. */
  private static boolean isDeleted(RollingFileAppender<ILoggingEvent> file) {
    boolean deleted = Files.notExists(Path.of(file.getFile()));
    if (deleted) {
      file.stop();
    }
    return deleted;
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
    RollingFileAppender<ILoggingEvent> opened = new OwnersAppender();
    opened.setContext(logging);
    opened.setEncoder(encoder(logging));

    SizeAndTimeBasedRollingPolicy<ILoggingEvent> files = new SizeAndTimeBasedRollingPolicy<>();
    files.setContext(logging);
    files.setParent(opened);
    files.setFileNamePattern(folder.resolve(LogTail.PATTERN).toString());
    files.setMaxFileSize(largest);
    files.setMaxHistory(ProgramLog.keepDays());
    files.setTotalSizeCap(together);
    files.setCleanHistoryOnStart(true); // commands never live to see a day end
    files.start();

    opened.setRollingPolicy(files);
    opened.start();
    return opened;
  }

  /** What it tells of rows and people is its user's alone. */
  private static final class OwnersAppender extends RollingFileAppender<ILoggingEvent> {
    @Override
    public void openFile(String name) throws IOException {
      Path file = Path.of(name);
      Files.createDirectories(file.resolveSibling(""));
      super.openFile(OwnerAlone.file(file).toString());
    }
  }

  private static LayoutWrappingEncoder<ILoggingEvent> encoder(LoggerContext logging) {
    DiscreetLayout layout = new DiscreetLayout();
    layout.setContext(logging);
    layout.setPattern("%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level [%thread] %logger{20}: %msg%n");
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(logging);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    encoder.start();
    return encoder;
  }
}
