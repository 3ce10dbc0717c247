package tidemark.replica;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;

/** A replica that is to be the master and that nobody else has opened yet. */
public final class NewMaster {
  private final Replica replica;
  private final Sql sql;

  public NewMaster(Replica replica) {
    this.replica = replica;
    this.sql = replica.sql();
  }

  /** It tells applications the same version of their data as the database it comes from. */
  public void likeLocal(Path local) {
    try (Sql other = Sql.open(local, OpenMode.READ, Duration.ZERO)) {
      for (String pragma : List.of("user_version", "application_id")) {
        if (sql.number("PRAGMA " + pragma) == 0) {
          sql.execute("PRAGMA " + pragma + "=" + other.number("PRAGMA " + pragma));
        }
      }
    }
  }

  /**
   * Of a copy of a workstation's database that holds just what the ledger says, and nothing else of
   * value, everything goes that nobody shares; false where it has more to tell, or less.
   */
  public boolean keepOnlyShared() {
    if (!isSettled()) {
      return false;
    }
    boolean alone =
        replica.everyTable().size() == replica.tables().size() && replica.strangers().isEmpty();
    sql.inTransaction(this::dropAllButTables);
    if (!alone) {
      sql.execute("VACUUM"); // what was nobody else's business is not to be found in free pages
    }
    return true;
  }

  private boolean isSettled() {
    return !replica.hasMarks()
        && replica.refused().isEmpty()
        && replica.held().isEmpty()
        && replica.states().toRescan().isEmpty()
        && replica.states().passedBy().isEmpty()
        && replica.conflicts().unposted().isEmpty()
        && !sql.exists("SELECT 1 FROM sync_waiting")
        && !sql.exists("SELECT 1 FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'")
        && sql.encoding().equals("UTF-8")
        && replica.tables().values().stream().allMatch(t -> t.keyCheck().rowsWithoutKey() == 0)
        && TableChoice.applicationTables(sql).size() == replica.everyTable().size();
  }

  private void dropAllButTables() {
    sql.query("SELECT name FROM sqlite_master WHERE type='view'", c -> c.string(1))
        .forEach(name -> sql.execute("DROP VIEW " + Sql.name(name)));
    ApplicationTriggers.all(sql)
        .forEach(trigger -> sql.execute("DROP TRIGGER " + Sql.name(trigger.name())));
    replica.strangers().forEach(name -> sql.execute("DROP TABLE " + Sql.name(name)));
    for (String name : replica.everyTable().keySet()) {
      if (!replica.tables().containsKey(name)) {
        sql.execute("DROP TABLE " + Sql.name(name));
        sql.execute("DROP TABLE " + Sql.name(ShadowTable.name(name)));
        sql.update("DELETE FROM sync_tables WHERE name=?", name);
        sql.update("DELETE FROM sync_columns WHERE table_name=?", name);
      }
    }
    DatabaseFile.forgetWhoseItWas(sql);
  }
}
