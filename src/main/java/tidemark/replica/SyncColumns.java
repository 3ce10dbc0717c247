package tidemark.replica;

import java.util.List;
import tidemark.change.SqlName;

/** The columns Tidemark adds to every synced table: bookkeeping, not content. */
public final class SyncColumns {
  public static final String UPDATED_AT = "updated_at";
  public static final String UPDATED_BY = "updated_by";
  public static final String SYNCED_AT = "synced_at";
  static final List<String> ALL = List.of(UPDATED_AT, UPDATED_BY, SYNCED_AT);

  /** All that they are declared as. */
  static final List<String> TYPES = List.of("DATETIME", "TEXT", "ANY");

  private SyncColumns() {}

  public static boolean contains(String column) {
    return ALL.contains(column);
  }

  /** SQLite does not tell `Updated_At` from `updated_at`; nor do we. */
  static String canonical(String column) {
    return SqlName.among(ALL, column).orElse(column);
  }

  /** A STRICT table knows no DATETIME; ANY keeps what others have there as it is. */
  static String type(String column, boolean strict) {
    return column.equals(UPDATED_BY) ? "TEXT" : strict ? "ANY" : "DATETIME";
  }
}
