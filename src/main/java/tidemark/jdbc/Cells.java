package tidemark.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tidemark.change.RawText;

/** The row a query stands at; columns count from 1. */
public final class Cells {
  private final ResultSet row;

  Cells(ResultSet row) {
    this.row = row;
  }

  /** The value with its storage class: null, Long, Double, String, RawText or byte[]. */
  public @Nullable Object value(int column) {
    try {
      Object value = row.getObject(column);
      if (value instanceof Integer small) {
        return small.longValue();
      }
      if (value instanceof String text && text.indexOf('\uFFFD') >= 0) {
        return exactly(text, column);
      }
      return value;
    } catch (SQLException e) {
      throw new Sql.Broken(e);
    }
  }

  /** The driver decodes bytes that are not UTF-8 into a replacement character: keep the bytes. */
  private Object exactly(String text, int column) throws SQLException {
    byte[] bytes = row.getBytes(column);
    return Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8)) ? text : new RawText(bytes);
  }

  public @Nullable Object[] values(int from, int count) {
    @Nullable Object[] values = new @Nullable Object[count];
    for (int i = 0; i < count; i++) {
      values[i] = value(from + i);
    }
    return values;
  }

  public @Nullable String text(int column) {
    try {
      return row.getString(column);
    } catch (SQLException e) {
      throw new Sql.Broken(e);
    }
  }

  /** For columns that are never NULL. */
  public String string(int column) {
    String text = text(column);
    return text == null ? "" : text;
  }

  public long number(int column) {
    try {
      return row.getLong(column);
    } catch (SQLException e) {
      throw new Sql.Broken(e);
    }
  }

  public @Nullable Long numberOrNull(int column) {
    long number = number(column);
    try {
      return row.wasNull() ? null : number;
    } catch (SQLException e) {
      throw new Sql.Broken(e);
    }
  }

  public boolean flag(int column) {
    return number(column) != 0;
  }

  public byte @Nullable [] bytes(int column) {
    try {
      return row.getBytes(column);
    } catch (SQLException e) {
      throw new Sql.Broken(e);
    }
  }
}
