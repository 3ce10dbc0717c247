package tidemark.log;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program of its own that logs: what a test says, with the real configuration. */
final class LogProbe {
  private LogProbe() {}

  /** `folder`, then `level=WORD`, or `COUNT*TEXT` to be logged at each level. */
  public static void main(String[] args) {
    ProgramLog.begin(Path.of(args[0]), 30, "info");
    Logger log = LoggerFactory.getLogger("tidemark.probe");
    for (int i = 1; i < args.length; i++) {
      if (args[i].startsWith("level=")) {
        ProgramLog.level(args[i].substring("level=".length()));
        continue;
      }
      int star = args[i].indexOf('*');
      for (int n = 0; n < Integer.parseInt(args[i].substring(0, star)); n++) {
        log.info("{} {}", args[i].substring(star + 1), n);
        log.debug("debug {} {}", args[i].substring(star + 1), n);
      }
    }
  }
}
