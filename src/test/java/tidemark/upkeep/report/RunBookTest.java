package tidemark.upkeep.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import tidemark.replica.SyncLog;

class RunBookTest {
  private static final LocalDate MONDAY = LocalDate.of(2026, 3, 2);
  private static final LocalDate TUESDAY = LocalDate.of(2026, 3, 3);

  private final RunBook book =
      new RunBook(
          new Period(
              Instant.parse("2026-03-01T23:00:00Z"),
              Instant.parse("2026-03-31T12:00:00Z"),
              ZoneId.of("Europe/Berlin")));

  private void run(String timestamp, String workstation, String status, long... numbers) {
    book.add(
        new SyncLog.Run(
            timestamp,
            "bidirectional",
            status,
            numbers[0],
            numbers[1],
            numbers[2],
            null,
            numbers[3],
            workstation,
            "anna",
            "schedule",
            null,
            ""));
  }

  @Test
  void runs_are_counted_by_day_and_workstation() {
    run("2026-03-02 09:00:00.000", "PC-1", "success", 5, 2, 0, 100);
    run("2026-03-02 10:00:00.000", "PC-1", "partial", 1, 1, 1, 300);
    run("2026-03-02 11:00:00.000", "PC-2", "offline", 0, 0, 0, 30_000);
    run("2026-03-03 09:00:00.000", "PC-2", "error", 0, 0, 0, 9);
    run("2026-03-03 10:00:00.000", "PC-1", "success", 10, 0, 2, 200);

    Runs runs = book.runs();

    assertThat(runs.all()).isEqualTo(new RunCount(5, 2, 1, 1, 1, 16, 3, 3, 200, 300));
    assertThat(runs.all().failed()).isEqualTo(2);
    assertThat(runs.days()).containsOnlyKeys(MONDAY, TUESDAY);
    assertThat(runs.days().get(MONDAY)).isEqualTo(new RunCount(3, 1, 1, 1, 0, 6, 3, 1, 100, 300));
    assertThat(runs.workstations().get("PC-1"))
        .isEqualTo(new RunCount(3, 2, 1, 0, 0, 16, 3, 3, 200, 300));
    assertThat(runs.workstations().get("PC-2"))
        .isEqualTo(new RunCount(2, 0, 0, 1, 1, 0, 0, 0, 0, 0));
    assertThat(runs.cells())
        .extracting(cell -> cell.day() + " " + cell.workstation() + " " + cell.count().runs())
        .containsExactly(
            "2026-03-02 PC-1 2", "2026-03-02 PC-2 1", "2026-03-03 PC-1 1", "2026-03-03 PC-2 1");
  }

  @Test
  void durations_are_those_of_runs_that_got_through_by_nearest_rank() {
    for (int ms = 100; ms >= 1; ms--) {
      run("2026-03-02 09:00:00.000", ms % 2 == 0 ? "PC-1" : "PC-2", "success", 0, 0, 0, ms);
    }
    run("2026-03-02 09:00:00.000", "PC-1", "offline", 0, 0, 0, 60_000);

    RunCount day = book.runs().days().get(MONDAY);

    assertThat(day.medianMs()).isEqualTo(50);
    assertThat(day.p95Ms()).isEqualTo(95);
  }

  @Test
  void a_day_is_a_day_where_the_reader_is() {
    run("2026-03-02 22:59:59.000", "PC-1", "success", 0, 0, 0, 1);
    run("2026-03-02 23:00:00.000", "PC-1", "success", 0, 0, 0, 1);
    run("2026-03-30 21:59:59.000", "PC-1", "success", 0, 0, 0, 1); // summer time by then
    run("2026-03-30 22:00:00.000", "PC-1", "success", 0, 0, 0, 1);

    assertThat(book.runs().days())
        .containsOnlyKeys(MONDAY, TUESDAY, LocalDate.of(2026, 3, 30), LocalDate.of(2026, 3, 31));
  }

  @Test
  void what_is_dated_by_no_time_or_by_another_one_is_left_out() {
    run("yesterday", "PC-1", "success", 0, 0, 0, 1);
    run("", "PC-1", "success", 0, 0, 0, 1);
    run("2026-03-01 22:59:59.000", "PC-1", "success", 0, 0, 0, 1);
    run("2035-01-01 00:00:00.000", "PC-1", "success", 0, 0, 0, 1);

    assertThat(book.runs().all()).isEqualTo(RunCount.NONE);
  }
}
