package tidemark.replica;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.jdbc.Sql;
import tidemark.replica.ApplicationTriggers.Role;

/**
 * The application's triggers and our capture, which do not fire on what Tidemark writes, but for
 * those that keep what no row carries. They are dropped and made again unchanged, all inside one
 * transaction, so that other connections never see them gone.
 */
final class SleepingTriggers {
  /** What is written into a table at present. */
  private enum Writing {
    NOTHING,
    STAMPS,
    ROWS
  }

  private final Sql sql;
  private final ApplicationTriggers application;
  private final WritingTime time = new WritingTime();

  /** Tables whose triggers all sleep, with the reason, for as long as this replica is open. */
  private final Map<String, String> silenced = new HashMap<>();

  private List<Role> roles = List.of();
  private Set<String> travelling = Set.of();
  private final Set<String> awake = new HashSet<>();
  private final Map<String, Writing> writing = new HashMap<>();
  private boolean quiet;
  private boolean kept;
  private boolean barred;
  private @Nullable String barring;

  SleepingTriggers(Sql sql, ApplicationTriggers application) {
    this.sql = sql;
    this.application = application;
  }

  /** All of these tables go to sleep, if they are not asleep yet. */
  void sleep(Set<String> tables, Set<String> travelling) {
    if (quiet) {
      return;
    }
    quiet = true;
    this.travelling = travelling;
    sql.update("INSERT INTO sync_state(key, value) VALUES('applying', 1)");
    roles = application.roles(tables, travelling);
    if (!roles.isEmpty()) {
      application.remember();
      roles.forEach(role -> drop(role.trigger().name()));
    }
  }

  private void drop(String name) {
    sql.execute("DROP TRIGGER " + Sql.name(name));
  }

  /** How long it takes to write meanwhile. */
  WritingTime time() {
    return time;
  }

  /** Rows of this table are written next: what keeps more than rows is awake. */
  void beforeRows(String table) {
    before(table, Writing.ROWS);
  }

  /** Rows that were posted get their stamps: only who looks at those is awake. */
  void beforeStamps(String table) {
    before(table, Writing.STAMPS);
  }

  private void before(String table, Writing next) {
    if (!quiet || roles.isEmpty()) {
      return;
    }
    if (writing.getOrDefault(table, Writing.NOTHING) != next) {
      writing.put(table, next);
      roles.stream().filter(r -> r.trigger().table().equals(table)).forEach(r -> set(r, next));
    }
    bar(
        roles.stream().anyMatch(r -> r.partly() && isAwake(r) && r.trigger().table().equals(table))
            ? table
            : null);
  }

  private boolean isAwake(Role role) {
    return awake.contains(role.trigger().name());
  }

  private void set(Role role, Writing next) {
    boolean wanted =
        role.runs()
            && (next == Writing.ROWS || role.stamped())
            && !silenced.containsKey(role.trigger().table());
    if (wanted && awake.add(role.trigger().name())) {
      sql.execute(role.trigger().ddl());
      kept = true;
    } else if (!wanted && awake.remove(role.trigger().name())) {
      drop(role.trigger().name());
    }
  }

  // ---- what a trigger may not write

  /**
   * While rows of this table are written nothing else that travels is: what its triggers write into
   * synced tables arrives as rows.
   */
  private void bar(@Nullable String table) {
    if (Objects.equals(table, barring)) {
      return;
    }
    if (!barred) {
      travelling.forEach(this::makeBars);
      barred = true;
    }
    barring = table;
    sql.update(
        "UPDATE sync_state SET value=? WHERE key='applying'", table == null ? 1 : (Object) table);
  }

  private static final List<String> EVENTS = List.of("INSERT", "UPDATE", "DELETE");

  private static String barName(String event, String table) {
    return Sql.name("sync_bar_" + event + "_" + table);
  }

  private void makeBars(String table) {
    for (String event : EVENTS) {
      sql.execute(
          "CREATE TEMP TRIGGER "
              + barName(event, table)
              + " BEFORE "
              + event
              + " ON main."
              + Sql.name(table)
              + " WHEN (SELECT value FROM main.sync_state WHERE key='applying') NOT IN (1,"
              + Sql.literal(table)
              + ") BEGIN SELECT RAISE(IGNORE); END");
    }
  }

  private void dropBars(String table) {
    EVENTS.forEach(event -> sql.execute("DROP TRIGGER temp." + barName(event, table)));
  }

  // ---- the end

  /** True where triggers were made again, which gives the schema another version. */
  boolean wake() {
    if (!quiet) {
      return false;
    }
    if (barred) {
      travelling.forEach(this::dropBars);
    }
    sql.update("DELETE FROM sync_state WHERE key='applying'");
    awake.forEach(this::drop); // all are made anew in the order they had
    roles.forEach(role -> sql.execute(role.trigger().ddl()));
    boolean made = !roles.isEmpty();
    forget();
    return made;
  }

  /** A rollback has brought them back. */
  void wokenByRollback() {
    forget();
  }

  private void forget() {
    quiet = false;
    kept = false;
    barred = false;
    barring = null;
    roles = List.of();
    awake.clear();
    writing.clear();
  }

  /** Some ran: what they wrote into tables that are not synced at present went by unseen. */
  boolean haveKept() {
    return kept;
  }

  /** Tables whose triggers all sleep, with the reason. */
  Map<String, String> silenced() {
    return silenced;
  }
}
