package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.ledger.ShareFiles;
import tidemark.testing.Database;
import tidemark.testing.Fleet;
import tidemark.testing.Kill;
import tidemark.testing.Ledgers;
import tidemark.testing.Mortal;
import tidemark.testing.Saboteur;
import tidemark.testing.Saboteur.Blow;
import tidemark.testing.SettablePace;
import tidemark.testing.Workstation;

/**
 * A run that dies, or is refused by the share, at any one point, then further edits, then a re-run:
 * the same rows and conflicts as if nothing had happened. Points lie before and after every
 * operation on the share and every local commit; each local commit has an operation on the share
 * before and after it, or is followed by the progress call.
 */
class KillTest {
  @TempDir Path folder;

  /** What anna's run that dies has to do. */
  enum Scenario {
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

  /** What anna does between the run that died and the next one. */
  enum Afterwards {
    NOTHING(),
    CHANGE(
        "UPDATE notes SET text='later', updated_at='2026-01-01 15:00:00' WHERE id IN ('plain','hers','new','moved')",
        "UPDATE orders SET customer='anna later' WHERE customer='anna'",
        "UPDATE items SET text='later' WHERE text='of anna'"),
    DELETE(
        "DELETE FROM notes WHERE id IN ('plain','new','moved')",
        "DELETE FROM items WHERE text='of anna'",
        "DELETE FROM orders WHERE customer='anna'"),
    CREATE_AGAIN(
        "INSERT OR REPLACE INTO notes(id,text) VALUES('plain','again'),('gone','again'),('moves','again')",
        "DELETE FROM notes WHERE id='new'",
        "INSERT INTO notes(id,text) VALUES('new','again')",
        "DELETE FROM orders WHERE customer='anna'",
        "INSERT INTO orders(customer) VALUES('anna again')");

    private final String[] edits;

    Afterwards(String... edits) {
      this.edits = edits;
    }
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void a_kill_at_some_points_and_further_edits_equal_no_kill(Scenario scenario) throws Exception {
    int points = points(scenario);
    for (int point = 1; point < points; point += points / 3) {
      breakAt(scenario, Blow.KILL, point, Afterwards.values()[point % 4]);
    }
  }

  @Tag("heavy")
  @ParameterizedTest
  @EnumSource(Scenario.class)
  void a_kill_at_every_point_and_further_edits_equal_no_kill(Scenario scenario) throws Exception {
    int points = points(scenario);
    for (int point = 0; point < points; point++) {
      breakAt(scenario, Blow.KILL, point, Afterwards.values()[point % 4]);
      if (scenario == Scenario.A_BUSY_DAY) {
        breakAt(scenario, Blow.KILL, point, Afterwards.values()[(point + 2) % 4]);
      }
    }
  }

  @Tag("heavy")
  @ParameterizedTest
  @EnumSource(Scenario.class)
  void an_operation_that_fails_or_succeeds_late_or_only_seems_to_fail_equals_none(Scenario scenario)
      throws Exception {
    int points = points(scenario);
    int step = scenario == Scenario.A_BUSY_DAY ? 1 : 3;
    for (int point = 0; point < points; point += step) {
      breakAt(scenario, Blow.FAIL, point, Afterwards.values()[(point / 2) % 4]);
      if (point % 6 == 0) {
        breakAt(scenario, Blow.CUT, point, Afterwards.values()[(point / 6 + 1) % 4]);
      }
    }
  }

  @Tag("heavy")
  @ParameterizedTest
  @EnumSource(
      value = Scenario.class,
      names = {"A_BUSY_DAY", "A_MASTER_IS_ADOPTED"})
  void a_process_that_really_dies_equals_no_kill(Scenario scenario) throws Exception {
    int points = points(scenario);
    for (int point = 3; point < points; point += points / 5) {
      Story broken = new Story(scenario, "dead-" + point);
      Mortal.sync(broken.home, "anna", point);
      check(broken, "a dead process at " + point, Afterwards.CHANGE);
    }
  }

  /** How many points an unbroken run has. */
  private int points(Scenario scenario) throws IOException {
    Story story = new Story(scenario, "count");
    Saboteur counting = Saboteur.counting();
    story.runWith(counting);
    return counting.points();
  }

  private void breakAt(Scenario scenario, Blow blow, int point, Afterwards afterwards)
      throws IOException {
    Story broken = new Story(scenario, "broken");
    broken.runWith(Saboteur.at(blow, point));
    check(broken, blow + " at " + point, afterwards);
  }

  private void check(Story broken, String blow, Afterwards afterwards) throws IOException {
    String what = broken.scenario + ", " + blow + ", then " + afterwards;
    try {
      broken.goOn(afterwards, true);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    }
    Story unbroken = new Story(broken.scenario, "unbroken");
    unbroken.runWith(ShareFiles.Tap.NONE);
    unbroken.goOn(afterwards, false);
    assertThat(broken.rows()).as(what).isEqualTo(unbroken.rows());
    assertThat(broken.conflicts(afterwards))
        .as("conflicts of " + what)
        .isEqualTo(unbroken.conflicts(afterwards));
    broken.everybodyKnows();
  }

  /** One course of events, from a prepared fleet on. */
  private final class Story {
    private final Scenario scenario;
    private final Path home;
    private final SettablePace pace = new SettablePace();
    private final Fleet fleet;
    private final Workstation anna;
    private final Workstation ben;

    Story(Scenario scenario, String name) throws IOException {
      this.scenario = scenario;
      this.home = folder.resolve(name);
      FileUtils.deleteDirectory(home.toFile());
      Path prepared = folder.resolve("prepared-" + scenario);
      if (!Files.exists(prepared)) {
        Fleet first = new Fleet(prepared);
        scenario.prepare(first.workstation("anna"), first.workstation("ben"));
      }
      FileUtils.copyDirectory(prepared.toFile(), home.toFile());
      this.fleet = new Fleet(home);
      this.anna = fleet.workstation("anna");
      this.ben = fleet.workstation("ben");
      fleet.all().forEach(w -> w.pace = pace);
      fleet.all().forEach(scenario::equip);
      fleet.all().forEach(Workstation::startDaemon);
    }

    void runWith(ShareFiles.Tap tap) {
      anna.tap = tap;
      if (tap instanceof Saboteur saboteur) {
        anna.progress = () -> saboteur.passed("local commit");
      }
      try {
        anna.sync();
      } catch (Kill kill) {
        anna.startDaemon();
      }
      anna.tap = ShareFiles.Tap.NONE;
      anna.progress = () -> {};
    }

    void goOn(Afterwards afterwards, boolean late) throws IOException {
      anna.edit(afterwards.edits);
      if (late) {
        Path ledger = fleet.share().resolve("server.db-ledger");
        for (Path staged : Ledgers.staged(ledger)) {
          Path there = Ledgers.folderOf(ledger, Ledgers.number(staged));
          if (!Files.exists(there)) {
            Files.move(staged.getParent(), there);
          }
        }
      }
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
      assertThat(ben.db().rows(all)).isEqualTo(anna.db().rows(all));
      assertThat(fleet.master().rows(all)).isEqualTo(anna.db().rows(all));
      String twice = "SELECT run_id FROM sync_log GROUP BY run_id HAVING count(*)>1";
      assertThat(fleet.master().rows(twice)).isEmpty();
      assertThat(anna.db().rows(twice)).isEmpty();
    }
  }
}
