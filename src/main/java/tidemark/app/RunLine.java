package tidemark.app;

import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import tidemark.change.Failure;
import tidemark.run.Request;
import tidemark.run.SyncReport;
import tidemark.sync.DatabaseSync.Outcome;

/** One line of the log for each run, as a person reads it. */
public final class RunLine {
  private RunLine() {}

  /** A share that is away and somebody else at work are everyday; where it came about is for us. */
  public static void write(Logger log, String database, Request request, Outcome outcome) {
    Failure failure = outcome.failure();
    String seconds = String.format(Locale.ROOT, "%.2f s", outcome.durationMs() / 1000.0);
    if (failure == null) {
      log.atLevel(level(request, outcome)).log("{}: {}, {}", database, moved(outcome), seconds);
    } else {
      boolean everyday =
          failure.exitCode() == Failure.OFFLINE || failure.exitCode() == Failure.BUSY;
      log.atLevel(everyday ? Level.WARN : Level.ERROR)
          .log("{}: {}: {} ({})", database, outcome.status(), failure.told(), seconds);
      log.debug("which came about here", failure);
    }
  }

  /** A look that found nothing is no run. */
  private static Level level(Request request, Outcome outcome) {
    SyncReport report = outcome.report();
    boolean idle = report.totalPulled() + report.totalPushed() + report.conflicts() == 0;
    if (!report.held().isEmpty()) {
      return Level.WARN;
    }
    return idle && request.trigger().equals("watch") ? Level.DEBUG : Level.INFO;
  }

  private static String moved(Outcome outcome) {
    SyncReport report = outcome.report();
    StringBuilder text = new StringBuilder();
    text.append(report.totalPulled()).append(" in, ");
    text.append(report.totalPushed()).append(" out, ");
    text.append(report.conflicts()).append(report.conflicts() == 1 ? " conflict" : " conflicts");
    if (!report.held().isEmpty()) {
      text.append(", ").append(report.held().size()).append(" held: ");
      text.append(String.join("; ", report.held().values()));
    }
    if (report.masterBehind() > 0) {
      text.append(", the master ").append(report.masterBehind()).append(" behind");
    }
    report.notes().forEach(note -> text.append(", ").append(note));
    return text.toString();
  }
}
