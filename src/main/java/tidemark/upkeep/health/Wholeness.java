package tidemark.upkeep.health;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tidemark.change.Failure;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;

/** Whether SQLite finds a database file whole, and its references too. Only reads it. */
final class Wholeness {

  private final String check;
  private final String mending;

  /**
   * @param mending what to do where it is damaged
   */
  Wholeness(String check, String mending) {
    this.check = check;
    this.mending = mending;
  }

  /**
   * Examines a file.
   *
   * @param file what is read
   * @param shown what it is a copy of, or itself
   * @param deep indexes and references too
   */
  List<Finding> of(Path file, Path shown, boolean deep) {
    try (Sql sql = Sql.open(file, OpenMode.READ, Subject.BUSY)) {
      String pragma = deep ? "integrity_check" : "quick_check";
      String verdict = sql.first("PRAGMA " + pragma + "(1)", c -> c.string(1)).orElse("");
      if (!verdict.equals("ok")) {
        return List.of(Finding.bad(check, shown + " is damaged: " + verdict, mending));
      }
      List<Finding> findings = new ArrayList<>();
      findings.add(Finding.well(check, shown + " is whole" + (deep ? "" : " at a quick look")));
      if (deep) {
        findings.add(references(sql));
      }
      return findings;
    } catch (Failure e) {
      return List.of(
          e.exitCode() == Failure.REFUSED
              ? Finding.bad(check, e.whatFailed(), mending)
              : Finding.bad(check, e));
    }
  }

  private Finding references(Sql sql) {
    Map<String, Integer> orphans = new TreeMap<>();
    sql.each(
        "PRAGMA foreign_key_check",
        c -> orphans.merge(c.string(1) + " without its " + c.string(3), 1, Integer::sum));
    String name = check + " references";
    if (orphans.isEmpty()) {
      return Finding.well(name, "every row's parent is there");
    }
    List<String> parts = new ArrayList<>();
    orphans.forEach((which, count) -> parts.add(count + " of " + which));
    return Finding.warning(
        name,
        "rows whose parent is missing: " + String.join(", ", parts),
        "They were written so by the application, not by a sync: look them up with `PRAGMA foreign_key_check`, and correct or delete them there.");
  }
}
