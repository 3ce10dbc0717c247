package tidemark.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Sends what is important enough to the {@link LogFile} and nothing to the console.
 *
 * <p>In Java, because reading XML would cost every command a tenth of a second. A file named by
 * `-Dlogback.configurationFile` replaces it.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext logging) {
    if (System.getProperty("logback.configurationFile") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    LogFile file = new LogFile(LogFile.LARGEST, LogFile.ALL_TOGETHER);
    file.setName(LogFile.NAME);
    file.setContext(logging);
    file.start();

    Logger root = logging.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(ProgramLog.level(), Level.INFO));
    root.addAppender(file);
    logging.getLogger("org.quartz").setLevel(Level.WARN); // of itself it says a page at each start
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
