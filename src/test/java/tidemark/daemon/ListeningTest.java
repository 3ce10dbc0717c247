package tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
