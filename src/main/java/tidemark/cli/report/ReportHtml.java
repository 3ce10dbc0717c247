package tidemark.cli.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tidemark.say.Moment;
import tidemark.upkeep.report.Report;

/**
 * Reports as one HTML page that holds all it needs. It says everything in words and tables; the
 * script only draws the plots. A content policy lets nothing run but that script, and nothing be
 * fetched.
 */
public final class ReportHtml {
  private static final String LIBRARY = "/tidemark/page/lib/";
  private static final String OURS = "/tidemark/cli/report/";

  private final List<Report> reports;

  /**
   * @param reports of at least one database
   */
  public ReportHtml(List<Report> reports) {
    this.reports = reports;
  }

  public String page() {
    String plotStyle = Template.resource(LIBRARY + "uPlot.min.css");
    String style = Template.resource(OURS + "report.css");
    String plotScript = Template.resource(LIBRARY + "uPlot.iife.min.js");
    String script = Template.resource(OURS + "report.js");
    Template section = new Template(OURS + "database.html");
    List<String> sections = new ArrayList<>();
    for (Report report : reports) {
      sections.add(new ReportSection(report).html(section, "database-" + sections.size()));
    }
    Report first = reports.get(0);
    return new Template(OURS + "page.html")
        .filled(
            Map.ofEntries(
                Map.entry("title", "Tidemark report"),
                Map.entry("period", HtmlTable.escaped(new ReportWords(first).period() + ".")),
                Map.entry("databases", String.join("\n", sections)),
                Map.entry("made", Moment.shown(first.until().toEpochMilli(), first.zone())),
                Map.entry("style-hashes", hash(plotStyle) + " " + hash(style)),
                Map.entry("script-hashes", hash(plotScript) + " " + hash(script)),
                Map.entry("plot-style", plotStyle),
                Map.entry("style", style),
                Map.entry("plot-license", Template.resource(LIBRARY + "LICENSE.uPlot.txt")),
                Map.entry("plot-script", plotScript),
                Map.entry("script", script)));
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
