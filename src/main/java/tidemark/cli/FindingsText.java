package tidemark.cli;

import java.io.PrintWriter;
import java.util.List;
import tidemark.say.TextTable;
import tidemark.upkeep.health.Finding;

/** What checks found, as a table with what to do below each line. */
final class FindingsText {
  private FindingsText() {}

  static void print(PrintWriter out, List<Finding> findings) {
    TextTable table = new TextTable("", "check", "found");
    for (Finding finding : findings) {
      table.row(finding.health().word(), finding.check(), finding.what());
      if (finding.todo() != null) {
        table.note("-> " + finding.todo());
      }
    }
    table.print(out, "  ");
  }
}
