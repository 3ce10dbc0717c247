package tidemark.replica;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tidemark.change.SqlName;
import tidemark.change.TableRule;
import tidemark.jdbc.Sql;

/**
 * The application's triggers on synced tables, and what becomes of each when rows arrive: one that
 * keeps what no row carries, such as a full-text index, runs; one whose effects travel as rows
 * sleeps. What a trigger writes decides, or the config.
 */
final class ApplicationTriggers {
  private static final String NOTE = "triggers";

  private final Sql sql;
  private final Function<String, TableRule> rules;
  private final SyncState syncState;
  private String known = "";
  private List<Found> found = List.of();

  /** What was learned of a trigger. */
  private record Found(TriggerReach reach, boolean deaf) {}

  /**
   * What becomes of a trigger.
   *
   * @param runs for rows that arrive
   * @param stamped also where a row only gets the stamps it was posted with
   * @param partly what it writes into synced tables is left out
   * @param remark what a person should know; null where there is nothing
   */
  record Role(
      ApplicationTrigger trigger,
      boolean runs,
      boolean stamped,
      boolean partly,
      @Nullable String remark) {}

  ApplicationTriggers(Sql sql, Function<String, TableRule> rules, SyncState syncState) {
    this.sql = sql;
    this.rules = rules;
    this.syncState = syncState;
  }

  /**
   * All of them, in the order in which they were made.
   *
   * @param tables those that take part
   * @param travelling those whose rows travel, whether they take part at present or not
   */
  List<Role> roles(Set<String> tables, Set<String> travelling) {
    List<ApplicationTrigger> triggers =
        all(sql).stream()
            .flatMap(
                t ->
                    SqlName.among(tables, t.table())
                        .map(table -> new ApplicationTrigger(t.name(), table, t.ddl()))
                        .stream())
            .toList();
    if (triggers.isEmpty()) {
      return List.of();
    }
    List<ApplicationTrigger> byName = new ArrayList<>(triggers);
    byName.sort(Comparator.comparing(ApplicationTrigger::name));
    learn(byName, travelling);
    return triggers.stream().map(t -> role(t, found.get(byName.indexOf(t)))).toList();
  }

  /** On whatever they stand. */
  static List<ApplicationTrigger> all(Sql sql) {
    return sql
        .query(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type='trigger' ORDER BY rowid",
            c -> new ApplicationTrigger(c.string(1), c.string(2), c.string(3)))
        .stream()
        .filter(t -> !Capture.isOurs(t.name(), t.ddl()))
        .toList();
  }

  // ---- what they write

  private void learn(List<ApplicationTrigger> triggers, Set<String> travelling) {
    String asked = fingerprint(triggers, travelling);
    if (asked.equals(known)) {
      return;
    }
    List<Found> remembered = remembered(asked);
    found = remembered.size() == triggers.size() ? remembered : tried(triggers, travelling);
    known = asked;
  }

  private List<Found> tried(List<ApplicationTrigger> triggers, Set<String> travelling) {
    try (TriggerTrial trial = new TriggerTrial(sql, travelling)) {
      return triggers.stream()
          .map(trigger -> new Found(trial.of(trigger), trial.isDeafToStamps(trigger)))
          .toList();
    }
  }

  /** Everything the answer depends on. */
  private String fingerprint(List<ApplicationTrigger> triggers, Set<String> travelling) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(triggers.toString().getBytes(StandardCharsets.UTF_8));
      sha.update(travelling.toString().getBytes(StandardCharsets.UTF_8));
      sql.each(
          "SELECT sqlite_version(), name, sql FROM sqlite_master WHERE type<>'trigger' OR name NOT LIKE 'sync\\_%' ESCAPE '\\' ORDER BY type, name",
          c -> {
            for (int i = 1; i <= 3; i++) {
              sha.update((c.string(i) + '\n').getBytes(StandardCharsets.UTF_8));
            }
          });
      return HexFormat.of().formatHex(sha.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private List<Found> remembered(String asked) {
    String noted = syncState.get(NOTE);
    if (noted == null || !noted.startsWith(asked)) {
      return List.of();
    }
    List<Found> all = new ArrayList<>();
    for (String word : noted.substring(asked.length()).strip().split(" ", -1)) {
      boolean deaf = word.endsWith("-");
      all.add(
          new Found(
              TriggerReach.valueOf(deaf ? word.substring(0, word.length() - 1) : word), deaf));
    }
    return all;
  }

  /** For whoever opens the database next; inside a write transaction. */
  void remember() {
    if (!known.isEmpty()) {
      StringBuilder text = new StringBuilder(known);
      found.forEach(f -> text.append(' ').append(f.reach()).append(f.deaf() ? "-" : ""));
      syncState.put(NOTE, text);
    }
  }

  // ---- what becomes of them

  private Role role(ApplicationTrigger trigger, Found what) {
    Boolean wanted = rules.apply(trigger.table()).runs(trigger.name());
    boolean run = wanted == null ? what.reach() == TriggerReach.KEPT : wanted;
    String remark =
        switch (what.reach()) {
          case UNKNOWN ->
              trigger.of()
                  + " cannot be run by Tidemark: it needs something that the application alone has";
          case BOTH, BOTH_AND_ITSELF ->
              trigger.of() + " writes into tables that are synced and into others";
          default -> null;
        };
    boolean impossible =
        what.reach() == TriggerReach.UNKNOWN || what.reach() == TriggerReach.BOTH_AND_ITSELF;
    boolean told = wanted != null && !(wanted && impossible);
    return new Role(
        trigger,
        run && !impossible,
        !what.deaf(),
        what.reach() == TriggerReach.BOTH || what.reach() == TriggerReach.CARRIED,
        remark == null || told ? null : remark + SLEEPS);
  }

  static String inTheWay(String table, String why) {
    return "a trigger of "
        + table
        + " got in the way ("
        + why
        + "); its triggers did not run for rows that others wrote";
  }

  private static final String SLEEPS =
      "; it does not run for rows that others wrote (see runTriggers and sleepTriggers in the config)";
}
