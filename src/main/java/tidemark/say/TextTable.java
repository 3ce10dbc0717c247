package tidemark.say;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tidemark.change.PlainText;

/** Rows under headings, aligned: numbers to the right, everything else to the left. */
public final class TextTable {
  private final List<List<Object>> rows = new ArrayList<>();
  private final Map<Integer, String> notes = new HashMap<>();
  private final int[] widths;

  /** What stands to the right as a number does. */
  public record Right(String text) {}

  public TextTable(String... headings) {
    widths = new int[headings.length];
    row((Object[]) headings);
  }

  public TextTable row(Object... cells) {
    rows.add(Arrays.asList(cells));
    for (int i = 0; i < cells.length; i++) {
      widths[i] = Math.max(widths[i], text(cells[i]).length());
    }
    return this;
  }

  /** Stands on a line of its own below the last row. */
  public void note(String text) {
    notes.put(rows.size() - 1, text);
  }

  /** Nothing but headings. */
  public boolean isEmpty() {
    return rows.size() == 1;
  }

  public void print(PrintWriter out, String indent) {
    for (int at = 0; at < rows.size(); at++) {
      List<Object> row = rows.get(at);
      StringBuilder line = new StringBuilder(indent);
      for (int i = 0; i < row.size(); i++) {
        line.append(i == 0 ? "" : "  ").append(padded(i, row.get(i)));
      }
      out.println(line.toString().stripTrailing());
      String note = notes.get(at);
      if (note != null) {
        out.println(indent + "    " + note);
      }
    }
  }

  private String padded(int column, Object cell) {
    String text = text(cell);
    String space = " ".repeat(widths[column] - text.length());
    return isNumeric(column) ? space + text : text + space;
  }

  private boolean isNumeric(int column) {
    Object first = rows.size() > 1 ? rows.get(1).get(column) : "";
    return first instanceof Number || first instanceof Right;
  }

  private static String text(Object cell) {
    if (cell instanceof Right right) {
      return PlainText.line(right.text());
    }
    return cell instanceof Number number
        ? String.format(Locale.ROOT, "%,d", number.longValue())
        : PlainText.line(cell.toString());
  }
}
