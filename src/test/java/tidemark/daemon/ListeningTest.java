package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.sync.Migration;
import tidemark.sync.SchemaAccept;
import tidemark.testing.LentShare;
import tidemark.testing.Wait;
import tidemark.testing.Workstation;

/** A daemon at a server is told of others' edits. Nothing happens by time here. */
class ListeningTest {
  @TempDir Path folder;
  private Workstation cara;
  private LentShare server;
  private Kept anna;

  @BeforeEach
  void annaIsAtHomeAndCaraInTheOffice() {
    Path master = folder.resolve("share/server.db");
    anna = new Kept(folder, "anna", "every: manual\nwatch: 1h");
    anna.close();
    cara = new Workstation("cara", folder.resolve("cara"), master);
    cara.edit("CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT)").syncWell();
    server = new LentShare(master);
    anna = new Kept(folder, "anna", "every: manual\nwatch: 1h", server);
  }

  @AfterEach
  void end() {
    anna.daemon.listening.close();
    anna.close();
    server.close();
  }

  @Test
  void another_ones_edit_arrives_without_a_look() {
    anna.daemon.listening.begin();
    Wait.until("the table", () -> anna.local().hasTable("notes"));
    Wait.until("anna waits", () -> server.waiting() == 1);
    cara.edit("INSERT INTO notes(id, text) VALUES(1,'from the office')").syncWell();
    Wait.until("the row", () -> anna.local().value("SELECT count(*) FROM notes").equals("1"));
    Wait.until(
        "the run is written down",
        () ->
            !anna.log().isEmpty() && anna.log().get(anna.log().size() - 1).equals("watch|success"));
  }

  @Test
  void a_look_asks_the_server_nothing_and_sees_what_is_to_be_sent() {
    anna.keeper.due();
    anna.looks.look();
    anna.local().execute("INSERT INTO notes(id, text) VALUES(2,'mine')");
    anna.looks.look();
    cara.syncWell();
    assertThat(cara.db().rows("SELECT text FROM notes")).containsExactly("mine");
  }

  @Test
  void what_a_run_cannot_read_is_tried_once_and_not_again_and_again() {
    anna.keeper.due();
    anna.local().execute("INSERT INTO notes(id, text) VALUES(2,'mine')");
    anna.keeper.due();
    cara.syncWell();
    cara.edit(
        "CREATE TABLE n2(id INTEGER NOT NULL, rev INTEGER NOT NULL DEFAULT 0, text TEXT, updated_at DATETIME, updated_by TEXT, synced_at DATETIME, PRIMARY KEY(id, rev))",
        "INSERT INTO n2 SELECT id, 0, text, updated_at, updated_by, synced_at FROM notes",
        "DROP TABLE notes",
        "ALTER TABLE n2 RENAME TO notes");
    cara.sync();
    new SchemaAccept(cara.plan()).run("notes");
    cara.syncWell();
    int before = anna.log().size();
    anna.daemon.listening.begin();
    Wait.until("anna waits", () -> server.waiting() == 1);
    assertThat(anna.log().size() - before).isLessThanOrEqualTo(1);
  }

  @Test
  void who_waits_at_a_server_is_told_that_the_ledger_was_moved_from_there() throws IOException {
    anna.keeper.due();
    anna.daemon.listening.begin();
    Wait.until("anna waits", () -> server.waiting() == 1);
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere")).resolve("server.db");
    Workstation there = new Workstation("cara", cara.folder(), elsewhere);
    new Migration(
            cara.plan(), cara.ledger(), there.plan(), there.ledger(), cara.clock(), carried -> {})
        .run();

    Wait.until("the run that says so", () -> anna.log().contains("watch|error"));

    assertThat(anna.local().value("SELECT error_message FROM sync_log WHERE status='error'"))
        .contains("was moved to " + elsewhere);
  }

  @Test
  void where_the_server_went_away_it_is_looked_for_and_told_by_again() {
    anna.daemon.listening.begin();
    Wait.until("anna waits", () -> server.waiting() == 1);
    server.close();
    Wait.until("it is missed", () -> anna.schedule.next(LostShares.RETRY).isPresent());
    server.restart();
    anna.looks.retry();
    anna.looks.look();
    Wait.until("anna waits again", () -> server.waiting() == 1);
  }
}
