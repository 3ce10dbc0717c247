package tidemark.upkeep.archive;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tidemark.change.ConflictRule;
import tidemark.change.Failure;
import tidemark.ledger.Ledger;
import tidemark.run.Scratch;
import tidemark.testing.Database;
import tidemark.testing.Fleet;
import tidemark.testing.SettablePace;
import tidemark.testing.Workstation;

/** Two workstations with old quotes and their items, and a young quote. */
final class OldQuotes {
  private static final long BEFORE = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();

  final SettablePace pace = new SettablePace();
  final Fleet fleet;
  final Workstation anna;
  final Workstation ben;
  private final Path folder;

  private OldQuotes(Path folder) {
    this.folder = folder;
    fleet = new Fleet(folder);
    anna = workstation("anna");
    ben = workstation("ben");
  }

  private Workstation workstation(String name) {
    Workstation workstation = fleet.workstation(name);
    workstation.pace = pace;
    return workstation.startDaemon();
  }

  /** As it stands in a folder. */
  static OldQuotes in(Path folder) {
    return new OldQuotes(folder);
  }

  /**
   * @param old how many old quotes: R1 and so on
   */
  static OldQuotes made(Path folder, int old) {
    OldQuotes made = new OldQuotes(folder);
    made.anna.edit(
        "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, bom TEXT, code TEXT UNIQUE, created_at"
            + " DATETIME)",
        "CREATE TABLE items(id INTEGER PRIMARY KEY AUTOINCREMENT, quoteId TEXT REFERENCES"
            + " quotes(quoteId), n)",
        rows("R", 1, old),
        "INSERT INTO items(quoteId, n) SELECT quoteId, 'of '||quoteId FROM quotes ORDER BY rowid",
        "INSERT INTO quotes(quoteId, bom, created_at) VALUES('young', 'b', '2025-01-01')");
    made.fleet.settle().assertSame();
    return made;
  }

  /** A statement that adds old quotes. */
  static String rows(String prefix, int from, int to) {
    return "WITH RECURSIVE c(n) AS (SELECT "
        + from
        + " UNION ALL SELECT n+1 FROM c WHERE n<"
        + to
        + ") INSERT INTO quotes(quoteId, bom, code, created_at) SELECT '"
        + prefix
        + "'||n, 'bom '||n, 'C"
        + prefix
        + "'||n, '2020-01-01' FROM c";
  }

  Archiving.Result archive(Workstation who, Path to) {
    return archive(who, who.ledger(), to);
  }

  private static Archiving.Result archive(Workstation who, Ledger ledger, Path to) {
    return new Archiving(who.plan(), ledger, who.clock())
        .move(new ArchiveOrder("quotes", BEFORE, to, null, who.conflicts));
  }

  Archiving.Result wouldArchive(Workstation who) {
    return new Archiving(who.plan(), who.ledger(), who.clock())
        .wouldMove(new ArchiveOrder("quotes", BEFORE, Path.of("x.db"), null, who.conflicts));
  }

  ArchiveReturn.Result restore(Workstation who, Path from) {
    return new ArchiveReturn(who.plan(), who.ledger(), who.clock())
        .run(new ArchiveReturn.Order(from, null, null, ConflictRule.NEWEST));
  }

  /** Until the leases of who was cut off have run out. */
  void archivePatiently(Path to) {
    fleet.comeToRest(pace);
    Ledger ledger = anna.ledger();
    for (int i = 0; i < 9; i++) {
      try {
        archive(anna, ledger, to);
        fleet.comeToRest(pace).assertSame();
        return;
      } catch (Failure e) {
        if (e.exitCode() != Failure.BUSY) {
          throw e;
        }
      }
    }
    throw new AssertionError("busy for ever");
  }

  /** What is in a database or an archive: quotes and items. */
  List<String> content(Path file) {
    Path database = file;
    if (ArchiveDump.isOne(file)) {
      database = folder.resolve("loaded.db");
      Scratch.delete(database);
      new ArchiveDump(file, ben.plan().share()).load(database);
    }
    Database read = new Database(database);
    List<String> all = new ArrayList<>();
    if (read.hasTable("quotes")) {
      all.addAll(read.rows("SELECT quoteId, bom, code, created_at FROM quotes ORDER BY 1"));
    }
    if (read.hasTable("items")) {
      all.addAll(read.rows("SELECT id, quoteId, n FROM items ORDER BY 1"));
    }
    return all;
  }

  static List<String> left(List<NotArchived> left) {
    return left.stream().map(one -> one.row() + ": " + one.why()).toList();
  }
}
