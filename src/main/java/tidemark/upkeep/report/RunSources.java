package tidemark.upkeep.report;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import tidemark.change.ChangeTime;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.replica.SyncLog;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;

/**
 * Reads sync_log, the master's and this workstation's, each run once.
 *
 * <p>Guarantee: reads only; of the runs it holds the names of this workstation's alone. Threading:
 * one thread.
 */
final class RunSources {
  private final Plan plan;
  private final Period period;

  RunSources(Plan plan, Period period) {
    this.plan = plan;
    this.period = period;
  }

  /** What this workstation did. */
  Runs own() {
    RunBook book = new RunBook(period);
    eachOwn(book::add);
    return book.runs();
  }

  /** What everybody did; of this workstation also what the master has not heard of yet. */
  Runs everybodys() {
    Set<String> unheard = new HashSet<>();
    eachOwn(run -> unheard.add(run.runId()));
    RunBook book =
        plan.share()
            .reach(
                "read the master's log",
                plan.master(),
                () -> {
                  RunBook masters = new RunBook(period);
                  try (Sql sql = Sql.open(plan.master(), OpenMode.READ, LocalDatabase.BUSY)) {
                    SyncLog.each(
                        sql.attendedBy(plan.share()::isWaitedFor),
                        since(),
                        run -> {
                          masters.add(run);
                          unheard.remove(run.runId());
                        });
                  }
                  return masters;
                });
    eachOwn(
        run -> {
          if (unheard.contains(run.runId())) {
            book.add(run);
          }
        });
    return book.runs();
  }

  private void eachOwn(Consumer<SyncLog.Run> consumer) {
    new LocalDatabase(plan).eachRun(since(), consumer);
  }

  private String since() {
    return ChangeTime.spaced(period.since().toEpochMilli());
  }
}
