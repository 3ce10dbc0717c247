package tidemark.replica;

import tidemark.change.Failure;
import tidemark.jdbc.Sql;

/** How much of what was committed survives a crash. */
enum Durability {
  /** As much as the application's own journal mode gives. */
  OF_THE_APPLICATION {
    @Override
    void set(Sql sql) {}
  },

  /**
   * All of it, on a share: rollback journal, since WAL needs shared memory, and every commit
   * flushed with its folder.
   */
  ON_A_SHARE {
    @Override
    void set(Sql sql) {
      sql.execute("PRAGMA synchronous=EXTRA");
      String mode = sql.first("PRAGMA journal_mode=DELETE", c -> c.string(1)).orElse("");
      if (!mode.equals("delete")) {
        throw new Failure(
            Failure.BUSY,
            sql.file() + " is in " + mode + " mode and another program keeps it there",
            "close the program that has it open");
      }
    }
  },

  /** Nothing: the file is put in its place later, whole and flushed. */
  NONE {
    @Override
    void set(Sql sql) {
      sql.execute("PRAGMA synchronous=OFF");
      sql.execute("PRAGMA journal_mode=MEMORY");
    }
  };

  abstract void set(Sql sql);
}
