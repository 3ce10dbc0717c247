package tidemark.testing;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A SQLite file as the application, or IT with any tool, sees it: a connection of its own each
 * time.
 */
public final class Database {
  private final Path file;
  private final @Nullable Connection open;
  private final boolean enforcing;
  private @Nullable Set<String> tables;

  public Database(Path file) {
    this(file, null, true);
  }

  private Database(Path file, @Nullable Connection open, boolean enforcing) {
    this.file = file;
    this.open = open;
    this.enforcing = enforcing;
  }

  /** The same file to an application that leaves foreign keys as SQLite has them: unenforced. */
  public Database withoutForeignKeys() {
    return new Database(file, open, false);
  }

  public Path file() {
    return file;
  }

  public Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=10000");
      statement.execute("PRAGMA foreign_keys=" + (enforcing ? "ON" : "OFF"));
    }
    return connection;
  }

  /** Each statement in one transaction with the others. */
  public void execute(String... statements) {
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        for (String sql : statements) {
          statement.executeUpdate(sql);
        }
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }

  public void update(String sql, Object... args) {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < args.length; i++) {
        statement.setObject(i + 1, args[i]);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * As an application migrates a table that ALTER TABLE cannot alter: create, copy, drop, rename.
   */
  public void rebuild(String table) {
    rebuild(table, UnaryOperator.identity());
  }

  /** As an application that also changes how the table is declared. */
  void rebuild(String table, UnaryOperator<String> change) {
    List<String> columns =
        rows("SELECT '\"'||name||'\"' FROM pragma_table_info(?) ORDER BY cid", table);
    String ddl = value("SELECT sql FROM sqlite_master WHERE type='table' AND name=?", table);
    List<String> rest =
        rows(
            "SELECT sql FROM sqlite_master WHERE type IN ('index','trigger') AND sql IS NOT NULL AND tbl_name=? AND name NOT LIKE 'sync\\_%' ESCAPE '\\'",
            table);
    String list = String.join(",", columns);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys=OFF");
      statement.execute("PRAGMA legacy_alter_table=ON");
      connection.setAutoCommit(false);
      String rebuilt = table + "_rebuilt";
      statement.execute("CREATE TABLE " + rebuilt + change.apply(ddl.substring(ddl.indexOf('('))));
      statement.execute(
          "INSERT INTO " + rebuilt + "(" + list + ") SELECT " + list + " FROM " + table);
      statement.execute("DROP TABLE " + table);
      statement.execute("ALTER TABLE " + rebuilt + " RENAME TO " + table);
      for (String sql : rest) {
        statement.execute(sql);
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }

  /** Many looks through one connection, which learns the tables but once. */
  public <T> T looking(Function<Database, T> look) {
    try (Connection connection = connect()) {
      return look.apply(new Database(file, connection, enforcing));
    } catch (SQLException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }

  /** All rows, each as text with storage classes: quote() of every column. */
  public List<String> rows(String select, Object... args) {
    if (open != null) {
      return rows(open, select, args);
    }
    try (Connection connection = connect()) {
      return rows(connection, select, args);
    } catch (SQLException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }

  private List<String> rows(Connection connection, String select, Object... args) {
    try (PreparedStatement statement = connection.prepareStatement(select)) {
      for (int i = 0; i < args.length; i++) {
        statement.setObject(i + 1, args[i]);
      }
      List<String> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        int width = result.getMetaData().getColumnCount();
        while (result.next()) {
          List<String> cells = new ArrayList<>();
          for (int i = 1; i <= width; i++) {
            cells.add(text(result.getObject(i)));
          }
          rows.add(String.join("|", cells));
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(file + ": " + e.getMessage() + " in " + select, e);
    }
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes
        ? "x'" + HexFormat.of().formatHex(bytes) + "'"
        : String.valueOf(value);
  }

  public String value(String select, Object... args) {
    List<String> rows = rows(select, args);
    return rows.isEmpty() ? "nothing" : rows.get(0);
  }

  public boolean hasTable(String name) {
    if (open == null) {
      return !rows("SELECT 1 FROM sqlite_master WHERE type='table' AND name=?", name).isEmpty();
    }
    if (tables == null) {
      tables = Set.copyOf(rows("SELECT name FROM sqlite_master WHERE type='table'"));
    }
    return tables.contains(name);
  }

  /** Without virtual ones and what they keep their content in. */
  public List<String> applicationTables() {
    return rows(
        "SELECT name FROM pragma_table_list WHERE schema='main' AND type='table' AND name NOT LIKE 'sync\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name");
  }

  /** By table, see {@link #content}. */
  Map<String, List<String>> contents(List<String> tables) {
    return looking(
        open -> {
          Map<String, List<String>> all = new LinkedHashMap<>();
          tables.forEach(table -> all.put(table, open.content(table)));
          return all;
        });
  }

  /** The whole content of a table, bit for bit, but for synced_at. */
  public List<String> content(String table) {
    if (open == null) {
      return looking(looked -> looked.content(table));
    }
    List<String> columns =
        rows(
            "SELECT name FROM pragma_table_info(?) WHERE lower(name)<>'synced_at' ORDER BY name",
            table);
    String list =
        String.join(
            ",",
            columns.stream()
                .map(c -> '"' + c.replace("\"", "\"\"") + '"')
                .map(
                    c ->
                        "typeof("
                            + c
                            + ")||':'||coalesce(hex(CAST("
                            + c
                            + " AS BLOB)),'')||CASE typeof("
                            + c
                            + ") WHEN 'real' THEN quote("
                            + c
                            + ") ELSE '' END")
                .toList());
    List<String> rows =
        new ArrayList<>(rows("SELECT " + list + " FROM \"" + table.replace("\"", "\"\"") + '"'));
    rows.sort(null);
    return rows;
  }

  public void script(String resource) {
    execute(statements(resource).toArray(String[]::new));
  }

  /** Those of a script, which end with a semicolon at a line's end. */
  static List<String> statements(String resource) {
    try (var in = Database.class.getResourceAsStream(resource)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split(";\\s*\n"))
          .map(String::strip)
          .filter(s -> !s.isEmpty())
          .toList();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
