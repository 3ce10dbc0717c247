package tidemark.replica;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;

/** A database as a file, for what is done to it while it is nobody's replica. */
public final class DatabaseFile {
  private DatabaseFile() {}

  /** An empty database. */
  public static void create(Path file) {
    create(file, 0, 0);
  }

  /** An empty database that tells applications this version of their data. */
  public static void create(Path file, int userVersion, int applicationId) {
    try (Sql sql = Sql.open(file, OpenMode.CREATE, Duration.ZERO)) {
      sql.execute("PRAGMA user_version=" + userVersion);
      sql.execute("PRAGMA application_id=" + applicationId);
      sql.execute("VACUUM"); // writes the header
    }
  }

  /** Of a copy from the share nothing is left but what the ledger's definitions announce. */
  public static List<String> keepAnnounced(Path copy, String what) {
    try (Sql sql = Sql.open(copy, OpenMode.WRITE, Duration.ZERO)) {
      return new Announced(sql).keep();
    } catch (IllegalStateException e) {
      throw notOurs(what, "SQLite cannot work with it", e);
    }
  }

  /**
   * Such a copy becomes a workstation's own: what was the master's alone goes, and what would not
   * be made from its definition.
   */
  public static List<String> becomeAnother(Path copy) {
    try (Sql sql = Sql.open(copy, OpenMode.WRITE, Duration.ZERO)) {
      List<String> refused = new Announced(sql).refuseWhatMayTakeLong();
      sql.inTransaction(
          () -> {
            forgetWhoseItWas(sql);
            OwnTables.make(sql); // a snapshot by an older program lacks some
            Keys.allFresh(sql);
          });
      return refused;
    }
  }

  /**
   * A copy that came from elsewhere is a whole database, and our own tables in it are as we make
   * them, with nothing of others' that hangs on them; and they say that it stands where it is said
   * to stand.
   */
  public static void requireOurs(Path copy, Position at, String what) {
    try (Sql sql = Sql.open(copy, OpenMode.READ, Duration.ZERO)) {
      sql.first("PRAGMA quick_check(1)", c -> c.string(1))
          .filter(word -> !word.equals("ok"))
          .or(() -> OwnTables.foreign(sql))
          .or(() -> standsElsewhere(sql, at))
          .ifPresent(
              why -> {
                throw notOurs(what, why, null);
              });
    } catch (IllegalStateException e) {
      throw notOurs(what, "SQLite cannot read it", e);
    }
  }

  /** Else whoever goes on from it could follow no entry, now or ever. */
  private static Optional<String> standsElsewhere(Sql sql, Position at) {
    boolean elsewhere =
        OwnTables.areIn(sql)
            && new TableStates(sql)
                .positions().values().stream()
                    .anyMatch(
                        one ->
                            one.number() > at.number()
                                || (one.number() == at.number() && !one.equals(at)));
    return elsewhere
        ? Optional.of("it stands at another entry than " + at.number())
        : Optional.empty();
  }

  private static Failure notOurs(String what, String why, @Nullable Throwable cause) {
    return new Failure(
        Failure.REFUSED,
        what + " is not as Tidemark makes it: " + why,
        "Restore the ledger's snapshots from a backup of the share, or run `tidemark ledger rebuild`.",
        cause);
  }

  /** Inside a transaction. */
  static void forgetWhoseItWas(Sql sql) {
    sql.execute(
        "DELETE FROM sync_state WHERE key NOT IN ('format', 'ledger') AND key NOT LIKE '"
            + AddedColumns.NOTE
            + "%'");
    sql.execute("DELETE FROM sync_log");
    sql.execute("DELETE FROM sqlite_sequence WHERE name='sync_log'"); // may stand at the last one
    sql.execute("DELETE FROM sync_rekeyed");
  }

  /** The application's tables, and those it is still to get from the ledger. */
  public static Set<String> tables(Path file, Duration busy) {
    try (Sql sql = Sql.open(file, OpenMode.READ, busy)) {
      Set<String> tables = new TreeSet<>(TableChoice.applicationTables(sql));
      if (OwnTables.areIn(sql)) {
        tables.addAll(new TableStates(sql).announcedTables());
      }
      return tables;
    }
  }

  /** It met a ledger, or what came of one is in it. */
  public static boolean hasSynced(Path file, Duration busy) {
    try (Sql sql = Sql.open(file, OpenMode.READ, busy)) {
      return OwnTables.areIn(sql)
          && (!new TableStates(sql).positions().isEmpty()
              || new SyncState(sql).get("ledger") != null);
    }
  }

  /** The columns that were added to the application's tables, by table. */
  public static Map<String, List<String>> addedColumns(Path file, Duration busy) {
    try (Sql sql = Sql.open(file, OpenMode.READ, busy)) {
      return OwnTables.areIn(sql) ? new AddedColumns(sql).all() : Map.of();
    }
  }

  /**
   * Takes all that is ours out of the database; the application's data stays.
   *
   * @param columns whether those that were added go, too
   * @return of these the ones that stay, since something of the application's needs them, and why
   */
  public static List<String> detach(Path file, Duration busy, boolean columns) {
    try (Sql sql = Sql.open(file, OpenMode.WRITE, busy)) {
      return sql.inTransaction(
          () -> {
            AddedColumns added = new AddedColumns(sql);
            Map<String, List<String>> all =
                columns && OwnTables.areIn(sql) ? added.all() : Map.of();
            Installation.removeAll(sql);
            return added.drop(all);
          });
    }
  }
}
