package tidemark.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.core.SafeStmtPtr;
import tidemark.change.RawText;

/** The row a query stands at; columns count from 1. */
public final class Cells {
  private static final int INTEGER = 1;
  private static final int REAL = 2;
  private static final int BLOB = 4;
  private static final int NULL = 5;

  private final ResultSet row;
  private final SafeStmtPtr statement;
  private final BooleanSupplier inUtf8;

  /**
   * @param inUtf8 the database keeps its text in UTF-8
   */
  Cells(ResultSet row, SafeStmtPtr statement, BooleanSupplier inUtf8) {
    this.row = row;
    this.statement = statement;
    this.inUtf8 = inUtf8;
  }

  /** The value with its storage class: null, Long, Double, String, RawText or byte[]. */
  public @Nullable Object value(int column) {
    try {
      return switch (statement.safeRunInt((db, pointer) -> db.column_type(pointer, column - 1))) {
        case INTEGER -> row.getLong(column);
        case REAL -> row.getDouble(column);
        case BLOB -> row.getBytes(column);
        case NULL -> null;
        default -> textOrBytes(column);
      };
    } catch (SQLException e) {
      throw new Broken(e);
    }
  }

  /**
   * The bytes cost the driver half of what a String does; and where they are not UTF-8, a String
   * would lose them.
   */
  private Object textOrBytes(int column) throws SQLException {
    if (!inUtf8.getAsBoolean()) {
      row.getString(column); // from here on the bytes are UTF-8
    }
    byte[] bytes = row.getBytes(column);
    String text = new String(bytes, StandardCharsets.UTF_8);
    boolean exact =
        text.indexOf('\uFFFD') < 0 || Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8));
    return exact ? text : new RawText(bytes);
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
      throw new Broken(e);
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
      throw new Broken(e);
    }
  }

  public @Nullable Long numberOrNull(int column) {
    long number = number(column);
    try {
      return row.wasNull() ? null : number;
    } catch (SQLException e) {
      throw new Broken(e);
    }
  }

  public boolean flag(int column) {
    return number(column) != 0;
  }

  public byte @Nullable [] bytes(int column) {
    try {
      return row.getBytes(column);
    } catch (SQLException e) {
      throw new Broken(e);
    }
  }
}
