package tidemark.replica;

import java.util.List;
import java.util.function.Function;
import tidemark.change.TableRule;
import tidemark.jdbc.Sql;

/** The version of the schema that was last looked at, in this process or by any before it. */
final class SchemaVersion {
  private static final String NOTE = "schema";
  private static final long UNSEEN = -1;
  private static final long STALE = -2;

  private final Sql sql;
  private final Function<String, TableRule> rules;
  private final SyncState syncState;
  private long seen = UNSEEN;

  SchemaVersion(Sql sql, Function<String, TableRule> rules, SyncState syncState) {
    this.sql = sql;
    this.rules = rules;
    this.syncState = syncState;
  }

  /** Does the schema differ from what was looked at? */
  boolean moved() {
    long now = current();
    if (seen != UNSEEN) {
      return now != seen;
    }
    String noted = syncState.get(NOTE);
    return noted == null || !noted.equals(fingerprint(now));
  }

  /** The schema was looked at as it is now, by this process alone. */
  void look() {
    if (seen == UNSEEN) {
      seen = current();
    }
  }

  /** The database is prepared for the schema as it is now, whoever opens it. */
  void remember() {
    seen = current();
    syncState.put(NOTE, fingerprint(seen));
  }

  /** Whatever was looked at may be gone. */
  void doubt() {
    seen = STALE;
  }

  private long current() {
    return sql.number("PRAGMA schema_version");
  }

  /** Rules are part of it: another key in the config needs other triggers. */
  private String fingerprint(long version) {
    return version + " " + OwnTables.FORMAT + "." + Capture.EDITION + " " + rulesText();
  }

  private String rulesText() {
    List<String> names =
        sql.query(
            "SELECT name FROM sqlite_master WHERE type='table' ORDER BY name", c -> c.string(1));
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      TableRule rule = rules.apply(name);
      if (!rule.key().isEmpty() || rule.autoKey() || !rule.unique().isEmpty()) {
        text.append(name).append(rule.key()).append(rule.autoKey()).append(rule.unique());
      }
    }
    return text.toString();
  }
}
