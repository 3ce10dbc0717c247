package tidemark.upkeep.report;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;

/**
 * What the runs and the ledger of one database tell of a time.
 *
 * @param zone days are days there
 * @param everybodys the runs are the whole team's, from the master; else this workstation's alone
 * @param changes null where the ledger could not be read
 * @param troubles what could not be read, and why
 */
public record Report(
    String database,
    Instant since,
    Instant until,
    ZoneId zone,
    boolean everybodys,
    Runs runs,
    @Nullable Changes changes,
    Size size,
    List<Failure> troubles) {

  public LocalDate firstDay() {
    return LocalDate.ofInstant(since, zone);
  }

  public LocalDate lastDay() {
    return LocalDate.ofInstant(until, zone);
  }
}
