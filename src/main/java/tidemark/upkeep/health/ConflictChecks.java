package tidemark.upkeep.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tidemark.change.ChangeTime;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;

/** Rows about which people, or programs, contend again and again. */
final class ConflictChecks {
  private static final Duration MONTH = Duration.ofDays(30);
  private static final int AGAIN_AND_AGAIN = 4;
  private static final int NAMED = 10;

  private final Subject subject;

  ConflictChecks(Subject subject) {
    this.subject = subject;
  }

  List<Check> all() {
    return List.of(Check.daily("repeated conflicts", this::repeated));
  }

  private List<Finding> repeated() {
    List<Finding> findings = new ArrayList<>();
    try (Sql sql = Sql.open(subject.plan().local(), OpenMode.READ, Subject.BUSY)) {
      if (sql.exists("SELECT 1 FROM pragma_table_info('sync_conflicts') WHERE name='row_key'")) {
        sql.each(
            "SELECT table_name, row_key, count(*) FROM sync_conflicts WHERE timestamp>? GROUP BY table_name, row_key HAVING count(*)>=? ORDER BY count(*) DESC LIMIT ?",
            c ->
                findings.add(
                    Finding.warning(
                            "repeated conflicts",
                            c.string(1)
                                + " "
                                + c.string(2)
                                + " was in "
                                + c.number(3)
                                + " conflicts within a month",
                            "`tidemark feed --table "
                                + c.string(1)
                                + "` shows who writes it. Two programs that each set their own value never end: let one of them.")
                        .about(c.string(1) + " " + c.string(2))),
            ChangeTime.spaced(subject.now().minus(MONTH).toEpochMilli()),
            AGAIN_AND_AGAIN,
            NAMED);
      }
    }
    if (findings.isEmpty()) {
      findings.add(Finding.well("repeated conflicts", "no row conflicts again and again"));
    }
    return findings;
  }
}
