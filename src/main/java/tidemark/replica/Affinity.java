package tidemark.replica;

import java.util.Locale;
import tidemark.jdbc.Sql;

/** How SQLite converts what is stored in a column. */
public enum Affinity {
  TEXT,
  NUMERIC,
  INTEGER,
  REAL,
  BLOB;

  static Affinity of(String type, boolean strict) {
    String upper = type.toUpperCase(Locale.ROOT);
    if (strict && upper.equals("ANY")) {
      return BLOB;
    }
    if (upper.contains("INT")) {
      return INTEGER;
    }
    if (upper.contains("CHAR") || upper.contains("CLOB") || upper.contains("TEXT")) {
      return TEXT;
    }
    if (upper.isEmpty() || upper.contains("BLOB")) {
      return BLOB;
    }
    boolean real = upper.contains("REAL") || upper.contains("FLOA") || upper.contains("DOUB");
    return real ? REAL : NUMERIC;
  }

  static boolean isStrict(Sql sql, String table) {
    return sql.number("SELECT strict FROM pragma_table_list(?) WHERE schema='main'", table) != 0;
  }
}
