package tidemark.testing;

import java.nio.file.Files;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tidemark.change.Failure;
import tidemark.sync.SchemaAccept;

/** The application is upgraded, here sooner than there, and declares its tables otherwise. */
final class Upgrades {
  private final Random random;
  private final Fleet fleet;
  private final Account account;
  private final Consumer<String> story;
  private boolean rekeyed;
  private boolean accepted;
  private boolean retyped;

  /** What all have in the end: text, unless a number is all that is left of a code. */
  private String codesAre = "c TEXT";

  Upgrades(Random random, Fleet fleet, Account account, Consumer<String> story) {
    this.random = random;
    this.fleet = fleet;
    this.account = account;
    this.story = story;
  }

  /** To numbers, and back to text. */
  void retype(Workstation someone) {
    retyped = true;
    boolean number = random.nextBoolean();
    declare(
        someone,
        FamilyTables.CODES,
        ddl -> ddl.replaceFirst("\\bc \\w+", number ? "c INTEGER" : "c TEXT"));
  }

  /** From one column to two. */
  void rekey(Workstation someone) {
    if (upgradeKey(someone)) {
      rekeyed = true;
      account.keyChanged(someone.name(), FamilyTables.RATES);
      if (!accepted) {
        accept(someone);
      }
    }
  }

  private void accept(Workstation someone) {
    try {
      new SchemaAccept(someone.plan()).run(FamilyTables.RATES);
      accepted = true;
      story.accept(someone.name() + ": IT accepts " + FamilyTables.RATES);
    } catch (Failure e) {
      story.accept(someone.name() + ": " + e.getMessage());
    }
  }

  private boolean upgradeKey(Workstation someone) {
    return declare(
        someone,
        FamilyTables.RATES,
        ddl ->
            ddl.contains("PRIMARY KEY(id, rev)")
                ? ddl
                : ddl.replace("id TEXT PRIMARY KEY", "id TEXT")
                    .replaceFirst("\\)\\s*$", ", PRIMARY KEY(id, rev))"));
  }

  private boolean declare(Workstation someone, String table, UnaryOperator<String> change) {
    if (!someone.db().applicationTables().contains(table)) {
      return false;
    }
    String ddl = someone.db().value("SELECT sql FROM sqlite_master WHERE name=?", table);
    if (change.apply(ddl).equals(ddl)) {
      return false;
    }
    Account.Seen before = account.look(someone.db());
    someone.db().rebuild(table, change);
    account.edited(someone.name(), before, account.look(someone.db()));
    story.accept(someone.name() + " declares " + change.apply(ddl));
    return true;
  }

  /** In the end all have the same application. */
  void finish(Workstation someone) {
    if (rekeyed) {
      upgradeKey(someone);
    }
    if (retyped) {
      declare(someone, FamilyTables.CODES, ddl -> ddl.replaceFirst("\\bc \\w+", codesAre));
      declareInTheMaster();
    }
  }

  /** It was made as the first one had the table, and nobody but IT declares it otherwise. */
  private void declareInTheMaster() {
    Database master = fleet.master();
    if (Files.exists(master.file()) && master.hasTable(FamilyTables.CODES)) {
      String ddl = master.value("SELECT sql FROM sqlite_master WHERE name=?", FamilyTables.CODES);
      if (!ddl.contains(codesAre)) {
        Account.Seen before = account.look(master);
        master.rebuild(FamilyTables.CODES, was -> was.replaceFirst("\\bc \\w+", codesAre));
        account.edited(History.MASTER, before, account.look(master));
        story.accept("master: IT declares " + codesAre);
      }
    }
  }

  /** A table with another key is the application's to extend. */
  private void addAsOthers(Workstation someone, String column) {
    for (Workstation other : fleet.all()) {
      for (String declared :
          other
              .db()
              .rows(
                  "SELECT type||coalesce(' DEFAULT '||dflt_value,'') FROM pragma_table_info(?) WHERE name=?",
                  FamilyTables.RATES,
                  column)) {
        String add = "ALTER TABLE " + FamilyTables.RATES + " ADD COLUMN " + column + " " + declared;
        someone.edit(add);
        story.accept(someone.name() + ": " + add);
        return;
      }
    }
  }

  /**
   * What was accepted may have gone with a file: then IT is asked again. So may the only column
   * that keeps numbers, with some of them in the ledger.
   */
  void acceptIfAsked(Workstation someone, Iterable<String> held) {
    for (String why : held) {
      if (why.contains("column c is declared TEXT here and would change")) {
        codesAre = "c BLOB";
      }
      if (why.startsWith(FamilyTables.RATES + ": column ") && why.contains(" is awaited ")) {
        addAsOthers(someone, why.split(" ", 4)[2]);
      }
      if (why.contains("schema accept --table " + FamilyTables.RATES)) {
        accept(someone);
        return;
      }
    }
  }
}
