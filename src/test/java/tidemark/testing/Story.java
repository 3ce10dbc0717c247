package tidemark.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.share.ShareFiles;
import tidemark.sync.DatabaseSync;

/** One course of events, from a prepared fleet on, in which anna's run may be broken. */
public final class Story {
  private final Path home;
  private final SettablePace pace = new SettablePace();
  private final Fleet fleet;
  private final Workstation anna;
  private final Workstation ben;

  private Story(Scenario scenario, Path home) {
    this.home = home;
    this.fleet = new Fleet(home);
    this.anna = fleet.workstation("anna");
    this.ben = fleet.workstation("ben");
    fleet.all().forEach(w -> w.pace = pace);
    fleet.all().forEach(scenario::equip);
    fleet.all().forEach(Workstation::startDaemon);
  }

  /** In a new folder, from a fleet beside it that is prepared but once. */
  public static Story begin(Scenario scenario, Path home) {
    Path prepared = home.resolveSibling("prepared-" + scenario);
    if (!Files.exists(prepared)) {
      Fleet first = new Fleet(prepared);
      scenario.prepare(first.workstation("anna"), first.workstation("ben"));
    }
    if (Files.exists(home)) {
      Folders.delete(home);
    }
    Folders.copy(prepared, home);
    return new Story(scenario, home);
  }

  public Path home() {
    return home;
  }

  public Fleet fleet() {
    return fleet;
  }

  public Workstation anna() {
    return anna;
  }

  /** What SQLite reads and writes of the master, and the folder it makes sure of. */
  public List<Path> masterFiles() {
    Path master = fleet.master().file();
    return List.of(master, Path.of(master + "-journal"), master.getParent());
  }

  /** Null where the process died. */
  DatabaseSync.@Nullable Outcome run(ShareFiles.Tap tap) {
    anna.tap = tap;
    if (tap instanceof Saboteur saboteur) {
      anna.progress = () -> saboteur.passed("local commit");
    }
    try {
      return anna.sync();
    } catch (Kill kill) {
      anna.startDaemon();
      return null;
    } finally {
      anna.tap = ShareFiles.Tap.NONE;
      anna.progress = () -> {};
    }
  }

  /** Whoever breaks the share may cost a run, but with a word that says what to do. */
  static void assertDefined(DatabaseSync.Outcome outcome) {
    String held = outcome.report().held().toString();
    boolean onlyRead = held.startsWith("{share=the share can only be read: ");
    assertThat(outcome.exitCode())
        .as(outcome.status() + " " + outcome.failure() + held)
        .isIn(0, Failure.OFFLINE, Failure.BUSY, onlyRead ? Failure.INCOMPLETE : 0);
    if (outcome.failure() != null) {
      assertThat(outcome.failure().hint()).isNotEmpty();
    }
  }

  /** An entry that was on its way when its writer gave up may arrive yet. */
  void arriveLate() throws IOException {
    Path ledger = fleet.share().resolve("server.db-ledger");
    for (Path staged : Ledgers.staged(ledger)) {
      Path there = Ledgers.folderOf(ledger, Ledgers.number(staged));
      if (!Files.exists(there)) {
        Files.move(staged.getParent(), there);
      }
    }
  }

  void comeToRest() {
    fleet.comeToRest(pace);
    fleet.assertSame();
  }

  /** Without numbers SQLite chose and times the machine's clock gave. */
  List<String> rows() {
    Database db = anna.db();
    List<String> rows = new ArrayList<>();
    rows.addAll(db.rows("SELECT id, text, updated_by FROM notes ORDER BY 1"));
    rows.addAll(db.rows("SELECT customer, updated_by FROM orders ORDER BY 1"));
    rows.addAll(
        db.rows(
            "SELECT i.text, o.customer, i.updated_by FROM items i LEFT JOIN orders o ON o.id=i.order_id ORDER BY 1"));
    rows.addAll(db.rows("SELECT id, code, text, updated_by FROM parts ORDER BY 1"));
    return rows;
  }

  /** Later edits may have been made before or after the conflict: their words do not count. */
  List<String> conflicts(Afterwards afterwards) {
    String words =
        afterwards == Afterwards.NOTHING
            ? ", winner, json_extract(local_data,'$.text'), json_extract(remote_data,'$.text'), local_by, remote_by"
            : "";
    return anna.db()
        .rows(
            "SELECT kind, table_name, CASE WHEN table_name IN ('orders','items') THEN '' ELSE row_key END"
                + words
                + " FROM sync_conflicts ORDER BY 1,2,3");
  }

  void everybodyKnows() {
    String all =
        "SELECT id, entry, kind, winner, local_data, remote_data FROM sync_conflicts ORDER BY id";
    assertThat(fleet.master().value("PRAGMA integrity_check")).isEqualTo("ok");
    assertThat(ben.db().rows(all)).isEqualTo(anna.db().rows(all));
    assertThat(fleet.master().rows(all)).isEqualTo(anna.db().rows(all));
    String twice = "SELECT run_id FROM sync_log GROUP BY run_id HAVING count(*)>1";
    assertThat(fleet.master().rows(twice)).isEmpty();
    assertThat(anna.db().rows(twice)).isEmpty();
  }
}
