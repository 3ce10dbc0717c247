package tidemark.testing;

import java.time.Duration;

/** What anna's run that dies has to do. */
public enum Scenario {
  A_BUSY_DAY {
    @Override
    void prepare(Workstation anna, Workstation ben) {
      anna.edit(TABLES);
      anna.edit(
          "INSERT INTO notes(id,text,updated_at) VALUES('plain','1',@1),('hers','1',@1),('his','1',@1),('gone','1',@1),('moves','1',@1),('fight','1',@1)"
              .replace("@1", "'2026-01-01 08:00:00'"),
          "INSERT INTO orders(customer) VALUES('first')",
          "INSERT INTO items(order_id,text) VALUES(1,'of first')",
          "INSERT INTO parts(id,code,text) VALUES('p1','A','1')");
      anna.syncWell();
      ben.syncWell();
      ben.edit(
          "UPDATE notes SET text='ben', updated_at='2026-01-01 10:00:00' WHERE id='hers'",
          "UPDATE notes SET text='ben', updated_at='2026-01-01 12:00:00' WHERE id='his'",
          "DELETE FROM notes WHERE id='fight'",
          "INSERT INTO orders(customer) VALUES('ben')",
          "INSERT INTO items(order_id,text) SELECT id,'of ben' FROM orders WHERE customer='ben'",
          "INSERT INTO parts(id,code,text,updated_at) VALUES('p3','B','ben','2026-01-01 10:00:00')");
      ben.syncWell();
      anna.edit(
          "UPDATE notes SET text='anna', updated_at='2026-01-01 11:00:00' WHERE id IN ('hers','his')",
          "UPDATE notes SET text='anna', updated_at='2026-01-01 09:00:00' WHERE id='fight'",
          "UPDATE notes SET text='anna' WHERE id='plain'",
          "UPDATE notes SET id='moved' WHERE id='moves'",
          "DELETE FROM notes WHERE id='gone'",
          "INSERT INTO notes(id,text) VALUES('new','anna')",
          "INSERT INTO orders(customer) VALUES('anna')",
          "INSERT INTO items(order_id,text) SELECT id,'of anna' FROM orders WHERE customer='anna'",
          "INSERT INTO parts(id,code,text,updated_at) VALUES('p2','B','anna','2026-01-01 09:00:00')");
    }
  },

  THE_FIRST_RUN_OF_ALL {
    @Override
    void prepare(Workstation anna, Workstation ben) {
      anna.edit(TABLES);
      annasRows(anna);
    }
  },

  A_MASTER_IS_ADOPTED {
    @Override
    void prepare(Workstation anna, Workstation ben) {
      Database master = new Database(anna.plan().master());
      master.execute(TABLES);
      master.execute(
          "INSERT INTO notes(id,text) VALUES('his','master'),('theirs','master')",
          "INSERT INTO orders(customer) VALUES('master')");
      anna.edit(TABLES);
      annasRows(anna);
    }
  },

  A_LATE_JOINER_BRINGS_ROWS {
    @Override
    void prepare(Workstation anna, Workstation ben) {
      ben.edit(TABLES);
      ben.edit(
          "INSERT INTO notes(id,text) VALUES('his','ben'),('theirs','ben')",
          "INSERT INTO orders(customer) VALUES('ben')",
          "INSERT INTO items(order_id,text) VALUES(1,'of ben')");
      ben.syncWell();
      anna.edit(TABLES);
      annasRows(anna);
    }
  },

  ENTRIES_ARE_RETIRED {
    @Override
    void prepare(Workstation anna, Workstation ben) {
      THE_FIRST_RUN_OF_ALL.prepare(anna, ben);
      anna.syncWell();
      ben.syncWell();
      anna.edit("UPDATE notes SET text='anna' WHERE id='plain'");
    }

    @Override
    void equip(Workstation workstation) {
      workstation.keepEntries = Duration.ZERO;
      workstation.clock().setError(Duration.ofDays(2));
    }
  };

  private static final String[] TABLES = {
    "CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT, updated_at DATETIME)",
    "CREATE TABLE orders(id INTEGER PRIMARY KEY AUTOINCREMENT, customer TEXT)",
    "CREATE TABLE items(id INTEGER PRIMARY KEY AUTOINCREMENT, order_id INTEGER REFERENCES orders(id) ON DELETE CASCADE, text TEXT)",
    "CREATE TABLE parts(id TEXT PRIMARY KEY, code TEXT UNIQUE, text TEXT, updated_at DATETIME)"
  };

  private static void annasRows(Workstation anna) {
    anna.edit(
        "INSERT INTO notes(id,text) VALUES('plain','anna'),('new','anna'),('gone','anna')",
        "INSERT INTO orders(customer) VALUES('anna')",
        "INSERT INTO items(order_id,text) VALUES(1,'of anna')",
        "INSERT INTO parts(id,code,text) VALUES('p2','B','anna')");
  }

  abstract void prepare(Workstation anna, Workstation ben);

  /** How the run that dies differs from others. */
  void equip(Workstation workstation) {}
}
