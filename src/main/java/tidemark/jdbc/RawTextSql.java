package tidemark.jdbc;

import org.jspecify.annotations.Nullable;
import tidemark.change.RawText;

/**
 * Text that is not valid UTF-8 cannot be bound as text by the driver: its place in a statement
 * becomes a CAST of the bytes.
 */
final class RawTextSql {
  private final String sql;
  private final @Nullable Object[] args;
  private final StringBuilder written = new StringBuilder();
  private int next;

  private RawTextSql(String sql, @Nullable Object[] args) {
    this.sql = sql;
    this.args = args;
  }

  static String with(String sql, @Nullable Object... args) {
    for (Object arg : args) {
      if (arg instanceof RawText) {
        return new RawTextSql(sql, args).write();
      }
    }
    return sql;
  }

  private String write() {
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      int end = at + 1;
      if (c == '"' || c == '\'') {
        end = sql.indexOf(c, end) + 1; // a doubled quote is simply the next one
        written.append(sql, at, end);
      } else if (c == '?') {
        while (end < sql.length() && Character.isDigit(sql.charAt(end))) {
          end++;
        }
        place(sql.substring(at, end));
      } else {
        written.append(c);
      }
      at = end;
    }
    return written.toString();
  }

  private void place(String mark) {
    int index = mark.length() > 1 ? Integer.parseInt(mark.substring(1)) - 1 : next++;
    written.append(args[index] instanceof RawText ? "CAST(" + mark + " AS TEXT)" : mark);
  }
}
