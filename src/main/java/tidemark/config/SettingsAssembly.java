package tidemark.config;

import java.time.DayOfWeek;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tidemark.change.HealthLimits;
import tidemark.change.Place;
import tidemark.change.SqlName;

/** Makes settings of values that were checked. */
final class SettingsAssembly {
  private final LayeredValues values;

  SettingsAssembly(LayeredValues values) {
    this.values = values;
  }

  Settings settings() {
    return new Settings(
        values.get(AllKeys.USER),
        values.get(AllKeys.WORKSTATION),
        values.get(AllKeys.STATE),
        values.find(AllKeys.CONTACT),
        databases(),
        sync(),
        values.get(AllKeys.SCHEMA),
        tables(),
        new LogSettings(
            values.get(AllKeys.LOG_DAYS),
            values.get(AllKeys.LOG_ROWS),
            values.get(AllKeys.LOG_LEVEL)),
        new LedgerSettings(values.get(AllKeys.LEDGER_DAYS)),
        backup(),
        health(),
        alert(),
        maintenance(),
        values.names(ArchiveKeys.SECTION).stream().map(this::archive).toList(),
        new ControlSettings(
            values.get(AllKeys.PORT).map(OptionalInt::of).orElse(OptionalInt.empty())),
        serve(),
        values.get(AllKeys.TRAY));
  }

  private Map<String, DatabaseSettings> databases() {
    Map<String, DatabaseSettings> databases = new LinkedHashMap<>();
    for (String name : values.names("databases")) {
      databases.put(
          name,
          new DatabaseSettings(
              name,
              values.get(AllKeys.LOCAL, name),
              place(name),
              new TableSelection(values.get(AllKeys.TABLES, name)),
              new Following(
                  values.get(AllKeys.FOLLOW, name), key(name), values.find(AllKeys.TRUST, name))));
    }
    return databases;
  }

  private ServeSettings serve() {
    return new ServeSettings(
        values.get(ServeKeys.LISTEN),
        values.get(ServeKeys.TLS),
        values
            .find(ServeKeys.CERTIFICATE)
            .map(
                certificate ->
                    new ServeSettings.Pem(certificate, values.get(ServeKeys.CERTIFICATE_KEY))),
        values.get(ServeKeys.REST),
        values
            .find(ServeKeys.KEYS)
            .orElseGet(() -> values.get(AllKeys.STATE).resolve("keys.json")));
  }

  private Place place(String database) {
    Place place = values.get(AllKeys.MASTER, database);
    return place instanceof Place.Server server
        ? new Place.Server(server.address(), key(database), values.find(AllKeys.TRUST, database))
        : place;
  }

  private String key(String database) {
    return values
        .find(AllKeys.KEY, database)
        .or(() -> values.find(AllKeys.KEY_FILE, database).map(KeyFile::read))
        .orElse("");
  }

  private SyncSettings sync() {
    return new SyncSettings(
        values.get(AllKeys.EVERY),
        values.get(AllKeys.ON_START),
        values.get(AllKeys.ON_EXIT),
        values.get(AllKeys.WATCH),
        values.get(AllKeys.DIRECTION),
        values.get(AllKeys.CONFLICTS),
        values.get(AllKeys.LEASE_TIMEOUT),
        values.get(AllKeys.HEAL_MASTER),
        values.get(AllKeys.SHARE_TIMEOUT),
        values.get(AllKeys.BANDWIDTH).map(OptionalLong::of).orElse(OptionalLong.empty()));
  }

  private BackupSettings backup() {
    return new BackupSettings(
        values.find(AllKeys.BACKUP_FOLDER),
        values.get(AllKeys.BACKUP_AT),
        values.find(AllKeys.BACKUP_COPY),
        values.get(AllKeys.BACKUP_DAILY),
        values.get(AllKeys.BACKUP_WEEKLY),
        values.get(AllKeys.BACKUP_MONTHLY),
        values.get(AllKeys.BACKUP_COMPRESS),
        values.get(AllKeys.BACKUP_REHEARSE));
  }

  private HealthLimits health() {
    return new HealthLimits(
        values.get(HealthKeys.SYNC_AGE),
        values.get(HealthKeys.WORKING_HOURS).on(values.get(HealthKeys.WORKING_DAYS)),
        values.get(HealthKeys.CONFLICT_SHARE),
        values.get(HealthKeys.FAILURE_SHARE),
        values.get(HealthKeys.GROWTH_PER_DAY),
        values.get(HealthKeys.GROWTH_PER_YEAR),
        values.get(HealthKeys.SILENT_AFTER),
        values.get(HealthKeys.FREE_SPACE),
        values.get(HealthKeys.CLOCK_SKEW),
        values.get(HealthKeys.BACKUP_AGE));
  }

  private AlertSettings alert() {
    return new AlertSettings(
        values.find(HealthKeys.COMMAND),
        values.find(HealthKeys.WEBHOOK),
        values.find(HealthKeys.EMAIL).orElse(List.of()),
        values
            .find(HealthKeys.SMTP_SERVER)
            .map(
                server ->
                    new AlertSettings.Smtp(
                        server,
                        values.get(HealthKeys.SMTP_FROM),
                        values.find(HealthKeys.SMTP_USER),
                        values.find(HealthKeys.SMTP_PASSWORD),
                        values.get(HealthKeys.SMTP_TLS))));
  }

  private MaintenanceSettings maintenance() {
    return new MaintenanceSettings(
        values.get(MaintenanceKeys.WINDOW),
        values.get(MaintenanceKeys.DAYS).orElse(EnumSet.allOf(DayOfWeek.class)),
        values.get(MaintenanceKeys.VACUUM),
        values.get(MaintenanceKeys.INDEXES),
        values.get(MaintenanceKeys.CONFLICTS));
  }

  private ArchiveSettings archive(String name) {
    return new ArchiveSettings(
        name,
        values.find(ArchiveKeys.DATABASE, name),
        values.get(ArchiveKeys.TABLE, name),
        values.get(ArchiveKeys.OLDER_THAN, name),
        values.get(ArchiveKeys.TO, name),
        values.find(ArchiveKeys.DATE_COLUMN, name));
  }

  /** Rule names are in lower case, a database's name in front excepted. */
  private Map<String, TableSettings> tables() {
    Map<String, TableSettings> tables = new HashMap<>();
    for (String rule : values.names("tables")) {
      int dot = rule.indexOf('.');
      if (dot < 0) {
        tables.put(rule, table(List.of(rule)));
      } else {
        String table = rule.substring(dot + 1);
        tables.put(databaseOf(rule, dot) + "." + table, table(List.of(rule, table)));
      }
    }
    return tables;
  }

  private String databaseOf(String rule, int dot) {
    String lower = rule.substring(0, dot);
    return values.names("databases").stream()
        .filter(name -> SqlName.same(name, lower))
        .findFirst()
        .orElse(lower);
  }

  /**
   * @param rules the names it may be found under, the first wins
   */
  private TableSettings table(List<String> rules) {
    Optional<Optional<List<String>>> key = find(AllKeys.TABLE_KEY, rules);
    TableSettings standard = TableSettings.DEFAULT;
    return new TableSettings(
        find(AllKeys.TABLE_CONFLICTS, rules),
        find(AllKeys.TABLE_MERGE, rules).equals(Optional.of(AllKeys.TableMerge.COLUMNS)),
        find(AllKeys.TABLE_UNIQUE, rules).orElse(standard.unique()),
        find(AllKeys.TABLE_ON_DUPLICATE, rules).orElse(standard.onDuplicate()),
        key.flatMap(named -> named).orElse(standard.key()),
        key.isPresent() && key.get().isEmpty(),
        find(AllKeys.TABLE_DELETED_WHEN, rules),
        find(AllKeys.TABLE_SYNC, rules).orElse(standard.sync()),
        triggers(rules));
  }

  /** One that is named in both sleeps. */
  private Map<String, Boolean> triggers(List<String> rules) {
    Map<String, Boolean> run = new HashMap<>();
    find(AllKeys.TABLE_RUN_TRIGGERS, rules).ifPresent(all -> all.forEach(t -> run.put(t, true)));
    find(AllKeys.TABLE_SLEEP_TRIGGERS, rules).ifPresent(all -> all.forEach(t -> run.put(t, false)));
    return run;
  }

  private <T> Optional<T> find(Key<T> key, List<String> rules) {
    return rules.stream().flatMap(rule -> values.find(key, rule).stream()).findFirst();
  }
}
