package tidemark.cli.report;

import java.util.Locale;

/** An HTML table with a caption; the first column names the row, the others hold numbers. */
final class HtmlTable {
  private final StringBuilder html = new StringBuilder("<table>\n");

  /**
   * @param caption may be empty
   */
  public HtmlTable(String caption, String... headings) {
    if (!caption.isEmpty()) {
      html.append("<caption>").append(escaped(caption)).append("</caption>\n");
    }
    html.append("<thead><tr>");
    for (String heading : headings) {
      html.append("<th scope=\"col\">").append(escaped(heading)).append("</th>");
    }
    html.append("</tr></thead>\n<tbody>\n");
  }

  /** Numbers stand with their thousands apart, everything else as it is. */
  public void row(String name, Object... cells) {
    html.append("<tr><th scope=\"row\">").append(escaped(name)).append("</th>");
    for (Object cell : cells) {
      String text =
          cell instanceof Number number
              ? String.format(Locale.ROOT, "%,d", number.longValue())
              : cell.toString();
      html.append("<td>").append(escaped(text)).append("</td>");
    }
    html.append("</tr>\n");
  }

  public String html() {
    return html + "</tbody>\n</table>\n";
  }

  /** A text that means nothing to a browser but itself. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
