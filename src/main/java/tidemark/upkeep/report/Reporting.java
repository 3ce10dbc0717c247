package tidemark.upkeep.report;

import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tidemark.catchup.KnownEntries;
import tidemark.change.Failure;
import tidemark.ledger.Ledger;
import tidemark.look.Status;
import tidemark.run.Plan;

/**
 * Makes the report on one database.
 *
 * <p>Guarantee: reads only, and tells what it can where the share, or a part of what is on it,
 * cannot be read. Of runs and changes it holds counts by day, and one entry at a time. Threading:
 * one thread.
 */
public final class Reporting {
  private final Plan plan;
  private final Ledger ledger;
  private final Clock clock;

  /**
   * @param clock days are days in its zone
   */
  public Reporting(Plan plan, Ledger ledger, Clock clock) {
    this.plan = plan;
    this.ledger = ledger;
    this.clock = clock;
  }

  public Report since(Instant since) {
    Period period = new Period(since, clock.instant(), clock.getZone());
    List<Failure> troubles = new ArrayList<>();
    RunSources sources = new RunSources(plan, period);
    Changes changes = attempt(troubles, () -> changes(period));
    boolean away =
        !plan.hasMaster()
            || troubles.stream().anyMatch(failure -> failure.exitCode() == Failure.OFFLINE);
    Long master = away ? null : attempt(troubles, this::masterSize);
    Runs everybodys = master != null && master > 0 ? attempt(troubles, sources::everybodys) : null;
    Size.LedgerBytes size = away ? null : attempt(troubles, () -> size(period));
    return new Report(
        plan.name(),
        period.since(),
        period.until(),
        period.zone(),
        everybodys != null,
        everybodys != null ? everybodys : sources.own(),
        changes,
        new Size(rows(), plan.local().toFile().length(), master, size),
        troubles);
  }

  private static <T> @Nullable T attempt(List<Failure> troubles, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (Failure failure) {
      troubles.add(failure);
      return null;
    }
  }

  private Size.LedgerBytes size(Period period) {
    return new LedgerSize(plan, id(), period).measured();
  }

  /** Empty where it cannot be read, which whoever read the changes has told of. */
  private String id() {
    try {
      return ledger.info().map(Ledger.Info::id).orElse("");
    } catch (Failure e) {
      return "";
    }
  }

  /** 0 where there is none yet. */
  private long masterSize() {
    return plan.share()
        .reach(
            "look at the master",
            plan.master(),
            () -> plan.share().absent(plan.master()) ? 0L : Files.size(plan.master()));
  }

  private Changes changes(Period period) {
    ChangeBook book = new ChangeBook(period);
    if (ledger.info().isEmpty() && !ledger.wasHere()) {
      return book.changes(null);
    }
    try (KnownEntries entries = new KnownEntries(plan, ledger)) {
      long begin = period.since().toEpochMilli() - Period.CLOCKS;
      AtomicReference<@Nullable Instant> oldest = new AtomicReference<>();
      long gone =
          entries.eachDown(
              entry -> {
                if (entry.at() < begin) {
                  return false;
                }
                book.add(book.cuts(entry) ? entries.exactly(entry) : entry);
                oldest.set(Instant.ofEpochMilli(entry.at()));
                return true;
              });
      return book.changes(gone > 0 ? oldest.get() : null);
    }
  }

  private SortedMap<String, Long> rows() {
    SortedMap<String, Long> rows = new TreeMap<>();
    new Status(plan, ledger)
        .local()
        .tables()
        .forEach((table, status) -> rows.put(table, status.recordCount()));
    return rows;
  }
}
