package tidemark.cli;

import java.io.PrintWriter;
import java.util.Map;
import tidemark.say.MovedText;
import tidemark.say.RunResult;
import tidemark.say.SyncResult;
import tidemark.say.Words;

/** The result of a run as people read it. */
final class SyncText {
  private final PrintWriter out;
  private final String indent;

  SyncText(PrintWriter out, String indent) {
    this.out = out;
    this.indent = indent;
  }

  void print(SyncResult result) {
    result.runs().forEach(this::print);
  }

  void print(String database, RunResult run) {
    out.println(
        indent + database + ": " + headline(run) + " (" + Words.seconds(run.durationMs()) + ")");
    line("pulled", Words.perTable(run.pulled()));
    line("pushed", Words.perTable(run.pushed()));
    for (Map.Entry<String, Integer> kind : run.conflictsByKind().entrySet()) {
      line("conflict", conflict(kind.getKey(), kind.getValue()));
    }
    run.held().forEach(why -> line("held", why));
    run.notes().forEach(note -> line("note", note));
    if (run.masterBehind() > 0) {
      line("note", "the master is " + Words.count(run.masterBehind(), "change set") + " behind");
    }
  }

  private static String headline(RunResult run) {
    String moved =
        MovedText.text(run.totalPulled(), run.totalPushed(), run.conflicts(), run.held().size());
    return switch (run.status()) {
      case "success" -> moved.equals("nothing to carry") ? "up to date" : "synced, " + moved;
      case "partial" -> "synced in part, " + moved;
      case "offline" -> "not synced; edits wait here until the share can be reached";
      default -> "not synced";
    };
  }

  /**
   * @param kind and how it ended, as in the report: `update local`
   */
  private static String conflict(String kind, int count) {
    int space = kind.lastIndexOf(' ');
    String ended =
        switch (kind.substring(space + 1)) {
          case "local" -> "this workstation's version won";
          case "remote" -> "the version of the others won";
          case "both" -> "both rows were kept";
          default -> "open: choose with `tidemark conflicts`";
        };
    return kind.substring(0, space) + " (" + count + "): " + ended;
  }

  private void line(String what, String text) {
    if (!text.isEmpty()) {
      out.println(indent + "  " + what + " ".repeat(10 - what.length()) + text);
    }
  }
}
