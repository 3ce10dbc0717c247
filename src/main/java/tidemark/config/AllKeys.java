package tidemark.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.Place;

/** Every key of the config: the one list that reading, writing and explaining go by. */
final class AllKeys {
  private static final int LONG_TIME = 36_500;

  static final Key<String> USER =
      Key.given(
          "user",
          ValueType.text(),
          Surroundings::loginName,
          "${USERNAME}",
          "who edits are signed by; default: the login name");
  static final Key<String> WORKSTATION =
      Key.given(
          "workstation",
          ValueType.text(),
          Surroundings::hostName,
          "${COMPUTERNAME}",
          "this machine in every report; default: the host name");
  static final Key<Path> STATE =
      Key.given(
          "state",
          ValueType.path(),
          surroundings -> surroundings.defaultState().toString(),
          "'%LOCALAPPDATA%\\tidemark'",
          "logs, token, lock; default: this, ~/.local/state/tidemark on Linux");

  static final Key<Path> LOCAL =
      Key.optional("databases.*.local", ValueType.path(), "", "the application's file");
  static final Key<Place> MASTER =
      Key.optional(
          "databases.*.master",
          WebAddress.orPath(),
          "",
          "the file on the share; or https://HOST/NAME, what a server lends");
  static final Key<String> KEY =
      Key.optional(
          "databases.*.key",
          ValueType.text(),
          "key: '${TIDEMARK_KEY}'",
          "what opens the server's door: `tidemark key create` there; or keyFile");
  static final Key<Path> KEY_FILE =
      Key.optional(
          "databases.*.keyFile", ValueType.path(), "keyFile: tidemark.key", "the same in a file");
  static final Key<Path> TRUST =
      Key.optional(
          "databases.*.trust",
          ValueType.path(),
          "trust: tide.pem",
          "the server's certificate, or who signed it; else whom this machine trusts");
  static final Key<Following.When> FOLLOW =
      Key.standard(
          "databases.*.follow",
          ValueType.oneOf(Following.When.values()),
          "ask",
          "a ledger that was moved to another place: `auto` follows it (to a server with key:),"
              + " `ask` says what to change");
  static final Key<Optional<List<String>>> TABLES =
      Key.standard(
          "databases.*.tables",
          ValueType.names().or("all"),
          "all",
          "or a list; a table missing on one side is created from the other's definition");

  static final Key<Optional<Duration>> EVERY =
      Key.standard(
          "sync.every",
          ValueType.duration("1m", "24h").or("manual"),
          "120m",
          "1m to 24h, or `manual`");
  static final Key<Boolean> ON_START =
      Key.standard("sync.onStart", ValueType.yesNo(), "true", "sync when the daemon starts");
  static final Key<Boolean> ON_EXIT =
      Key.standard("sync.onExit", ValueType.yesNo(), "false", "sync when the daemon is stopped");
  static final Key<Optional<Duration>> WATCH =
      Key.standard(
          "sync.watch",
          ValueType.duration("1s", "1h").or("off"),
          "off",
          "or e.g. 10s: look this often for anything to carry, and sync when there is");
  static final Key<Direction> DIRECTION =
      Key.standard(
          "sync.direction", ValueType.oneOf(Direction.values()), "both", "both, push, pull");
  static final Key<ConflictRule> CONFLICTS =
      Key.standard(
          "sync.conflicts",
          ValueType.oneOf(ConflictRule.values()),
          "newest",
          "newest, master, local, manual");
  static final Key<Duration> LEASE_TIMEOUT =
      Key.standard(
          "sync.leaseTimeout",
          ValueType.duration("1s", "1h"),
          "30s",
          "a workstation silent for so long no longer holds up the others");
  static final Key<SyncSettings.Healing> HEAL_MASTER =
      Key.standard(
          "sync.healMaster",
          ValueType.oneOf(SyncSettings.Healing.values()),
          "auto",
          "a damaged master is set aside and made anew; `ask` leaves that to `restore`");
  static final Key<Duration> SHARE_TIMEOUT =
      Key.standard(
          "sync.shareTimeout",
          ValueType.duration("1s", "1h"),
          "30s",
          "the share may hang this long before a run gives up");
  static final Key<Optional<Long>> BANDWIDTH =
      Key.standard(
          "sync.bandwidth", ValueType.rate().or("unlimited"), "unlimited", "or e.g. 500KB/s");

  static final Key<Settings.SchemaChanges> SCHEMA =
      Key.standard(
          "schema",
          ValueType.oneOf(Settings.SchemaChanges.values()),
          "add",
          "new columns and tables of others: add, or wait until the application makes them");

  static final Key<ConflictRule> TABLE_CONFLICTS =
      Key.optional(
          "tables.*.conflicts",
          ValueType.oneOf(ConflictRule.values()),
          "manual_quotes: { conflicts: manual }",
          "who wins in this table, as sync.conflicts");
  static final Key<TableMerge> TABLE_MERGE =
      Key.optional(
          "tables.*.merge",
          ValueType.oneOf(TableMerge.values()),
          "quotes: { merge: columns }",
          "only columns changed on both sides conflict; else row");
  static final Key<List<String>> TABLE_UNIQUE =
      Key.optional(
          "tables.*.unique",
          ValueType.names(),
          "generated_numbers: { unique: [fullId], onDuplicate: report }",
          "a number without an index; `renumber` counts on");
  static final Key<TableSettings.OnDuplicate> TABLE_ON_DUPLICATE =
      Key.optional(
          "tables.*.onDuplicate",
          ValueType.oneOf(TableSettings.OnDuplicate.values()),
          "server.generated_numbers: { onDuplicate: renumber }",
          "in one database only");
  static final Key<Optional<List<String>>> TABLE_KEY =
      Key.optional(
          "tables.*.key",
          ValueType.names().or("auto"),
          "legacy_notes: { key: [note_no] }",
          "for a table that declares none; `auto`: the application lets SQLite choose the number");
  static final Key<String> TABLE_DELETED_WHEN =
      Key.optional(
          "tables.*.deletedWhen",
          ValueType.text(),
          "old_style: { deletedWhen: deleted_at }",
          "a soft-delete column that counts as a delete in reports");
  static final Key<Boolean> TABLE_SYNC =
      Key.optional(
          "tables.*.sync", ValueType.yesNo(), "scratch: { sync: off }", "stays on this machine");

  static final Key<List<String>> TABLE_RUN_TRIGGERS =
      Key.optional(
          "tables.*.runTriggers",
          ValueType.names(),
          "items: { runTriggers: [items_ai] }",
          "for rows of others too; else those run that write nothing but what is not synced");
  static final Key<List<String>> TABLE_SLEEP_TRIGGERS =
      Key.optional(
          "tables.*.sleepTriggers",
          ValueType.names(),
          "drawings: { sleepTriggers: [drawings_log] }",
          "never for rows of others");

  static final Key<Integer> LOG_DAYS =
      Key.standard(
          "log.keepDays",
          ValueType.number(1, LONG_TIME),
          "90",
          "rows of sync_log, and the program's own log, are kept so long");
  static final Key<Integer> LOG_ROWS =
      Key.standard(
          "log.keepRows",
          ValueType.number(1, 10_000_000),
          "10000",
          "and of sync_log at most so many");
  static final Key<LogSettings.Level> LOG_LEVEL =
      Key.standard(
          "log.level",
          ValueType.oneOf(LogSettings.Level.values()),
          "info",
          "what the program's own log tells: error, warn, info, debug, trace; TIDEMARK_LOG goes"
              + " before it");
  static final Key<Integer> LEDGER_DAYS =
      Key.standard(
          "ledger.keepDays",
          ValueType.number(1, LONG_TIME),
          "90",
          "older entries go into the ledger's archive");

  static final Key<Path> BACKUP_FOLDER =
      Key.optional(
          "backup.folder",
          ValueType.path(),
          "'\\\\192.168.1.99\\CraftAuto-Sales\\CACPQDB\\backups'",
          "no backups unless it is named");
  static final Key<LocalTime> BACKUP_AT =
      Key.standard(
          "backup.at",
          ValueType.timeOfDay(),
          "02:00",
          "due once a day from then on; the first daemon awake makes it");
  static final Key<Path> BACKUP_COPY =
      Key.optional(
          "backup.copyTo",
          ValueType.path(),
          "'D:\\Backups\\CACPQ'",
          "weekly ones also to other storage");
  static final Key<Integer> BACKUP_DAILY =
      Key.standard(
          "backup.daily", ValueType.number(1, 10_000), "30", "so many daily ones are kept");
  static final Key<Integer> BACKUP_WEEKLY =
      Key.standard(
          "backup.weekly", ValueType.number(0, 10_000), "12", "so many weekly ones are kept");
  static final Key<Integer> BACKUP_MONTHLY =
      Key.standard(
          "backup.monthly", ValueType.number(0, 10_000), "24", "so many monthly ones are kept");
  static final Key<BackupSettings.Compression> BACKUP_COMPRESS =
      Key.standard(
          "backup.compress",
          ValueType.oneOf(BackupSettings.Compression.values()),
          "gzip",
          "gzip, or none: then any SQLite tool opens a backup as it lies");
  static final Key<Optional<Duration>> BACKUP_REHEARSE =
      Key.standard(
          "backup.rehearse",
          ValueType.duration("1d", "1y").or("off"),
          "30d",
          "so often the daemon restores the newest one into a temporary file, as a test; or off");

  static final Key<Optional<Integer>> PORT =
      Key.standard(
          "control.port",
          ValueType.number(1, 65_535).or("off"),
          "8737",
          "loopback only; the next free one if taken; `off` to have none");
  static final Key<Boolean> TRAY =
      Key.standard("tray", ValueType.yesNo(), "true", "an icon beside the clock");
  static final Key<String> CONTACT =
      Key.optional("contact", ValueType.text(), "'IT help desk, ext. 100'", "shown with errors");

  /** In the order of the file. */
  static final List<Key<?>> SETTINGS =
      joined(
          List.of(
              USER,
              WORKSTATION,
              STATE,
              LOCAL,
              MASTER,
              KEY,
              KEY_FILE,
              TRUST,
              FOLLOW,
              TABLES,
              EVERY,
              ON_START,
              ON_EXIT,
              WATCH,
              DIRECTION,
              CONFLICTS,
              LEASE_TIMEOUT,
              HEAL_MASTER,
              SHARE_TIMEOUT,
              BANDWIDTH,
              SCHEMA,
              TABLE_CONFLICTS,
              TABLE_MERGE,
              TABLE_UNIQUE,
              TABLE_ON_DUPLICATE,
              TABLE_KEY,
              TABLE_DELETED_WHEN,
              TABLE_SYNC,
              TABLE_RUN_TRIGGERS,
              TABLE_SLEEP_TRIGGERS,
              LOG_DAYS,
              LOG_ROWS,
              LOG_LEVEL,
              LEDGER_DAYS,
              BACKUP_FOLDER,
              BACKUP_AT,
              BACKUP_COPY,
              BACKUP_DAILY,
              BACKUP_WEEKLY,
              BACKUP_MONTHLY,
              BACKUP_COMPRESS,
              BACKUP_REHEARSE),
          HealthKeys.ALL,
          MaintenanceKeys.ALL,
          ArchiveKeys.ALL,
          ServeKeys.ALL,
          List.of(PORT, TRAY, CONTACT));

  /** What only IT's files may say: about the files themselves. */
  static final Key<Path> INCLUDE =
      Key.optional("include", ValueType.path(), "", "a fleet file on the share");

  static final Key<Path> INCLUDE_FILE =
      Key.optional("include.file", ValueType.path(), "", "the same, with what it may decide");

  static final Key<List<String>> INCLUDE_ALLOW =
      Key.optional(
          "include.allow",
          ValueType.names(),
          "",
          "what is taken from it only so: " + GuardedKeys.ACCEPTED);

  static final Key<List<String>> LOCKED =
      Key.optional(
          "locked",
          ValueType.names(),
          "",
          "keys that users cannot change; those in the machine's file bind the fleet's too");

  static final List<Key<?>> ALL =
      joined(SETTINGS, ServeKeys.MORE, List.of(INCLUDE, INCLUDE_FILE, INCLUDE_ALLOW, LOCKED));

  @SafeVarargs
  private static List<Key<?>> joined(List<Key<?>>... parts) {
    return Stream.of(parts).<Key<?>>flatMap(List::stream).toList();
  }

  /** What the names in a section look like. */
  static String namesIn(String section) {
    return section.equals("databases") ? "[\\p{L}0-9_-]+" : ".*\\S.*";
  }

  enum TableMerge {
    ROW,
    COLUMNS
  }

  private AllKeys() {}
}
