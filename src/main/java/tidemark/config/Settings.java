package tidemark.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tidemark.change.Failure;
import tidemark.change.HealthLimits;
import tidemark.change.SqlName;
import tidemark.change.TableRule;

/**
 * Everything a config decides, checked. Immutable; equal settings mean that nothing has to be
 * restarted.
 *
 * @param databases by name, in the order of the config
 * @param tables the rules as found in {@link #table}
 */
public record Settings(
    String user,
    String workstation,
    Path state,
    Optional<String> contact,
    Map<String, DatabaseSettings> databases,
    SyncSettings sync,
    SchemaChanges schema,
    Map<String, TableSettings> tables,
    LogSettings log,
    LedgerSettings ledger,
    BackupSettings backup,
    HealthLimits health,
    AlertSettings alert,
    MaintenanceSettings maintenance,
    List<ArchiveSettings> archives,
    ControlSettings control,
    ServeSettings serve,
    boolean tray) {

  /** What happens to columns and tables the ledger brings. */
  public enum SchemaChanges {
    /** They are made here, too. */
    ADD,
    /** They wait until the application makes them itself. */
    WAIT
  }

  public Settings {
    databases = Collections.unmodifiableMap(new LinkedHashMap<>(databases));
    tables = Map.copyOf(tables);
    archives = List.copyOf(archives);
  }

  /** The rule of a table; one for this database beats one for every database, key by key. */
  public TableSettings table(String database, String table) {
    String name = SqlName.folded(table);
    TableSettings everywhere = tables.getOrDefault(name, TableSettings.DEFAULT);
    return tables.getOrDefault(database + "." + name, everywhere);
  }

  /** The rules of one database's tables by table name, in the words of the lower layers. */
  public Function<String, TableRule> rules(String database) {
    TableSelection selection = database(database).tables();
    return table -> table(database, table).rule(selection.contains(table));
  }

  /** The database of this name, as a user may have typed it. */
  public DatabaseSettings database(String name) {
    DatabaseSettings database = databases.get(name);
    if (database == null) {
      throw new Failure(
          Failure.USAGE,
          "No database is named '" + name + "'" + NearMiss.hint(name, databases.keySet()),
          "The config has: " + String.join(", ", databases.keySet()) + ".");
    }
    return database;
  }
}
