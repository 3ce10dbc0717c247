package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.look.Status;
import tidemark.look.Verify;
import tidemark.past.Differences;
import tidemark.testing.Database;
import tidemark.testing.FirstEdition;
import tidemark.testing.FleetTest;
import tidemark.testing.Forgery;
import tidemark.testing.Snapshots;
import tidemark.testing.Workstation;

/** Files and snapshots that 0.1.0 made: they are read as they are, and synced on. */
class FirstEditionTest extends FleetTest {
  @BeforeEach
  void tables() {
    everybodyHas(
        "CREATE TABLE q(id TEXT PRIMARY KEY, no TEXT UNIQUE)",
        "CREATE TABLE item(id TEXT PRIMARY KEY, q TEXT REFERENCES q(id) ON UPDATE CASCADE)",
        "INSERT INTO q(id, no) VALUES('A','1'),('B','2')",
        "INSERT INTO item(id, q) VALUES('a1','A')");
  }

  @Test
  void a_file_is_looked_at_without_a_change_to_it_and_then_synced() throws IOException {
    ben.edit("UPDATE q SET no='3' WHERE id='A'", "INSERT INTO item(id, q) VALUES('a2','A')");
    for (Database db : List.of(ben.db(), fleet.master())) {
      FirstEdition.wrote(db);
    }
    ben.db()
        .execute(
            "INSERT INTO sync_held(table_name,row_key,entry,row_data,at,by,born,first,token,reason,detail,since)"
                + " VALUES('q','[\"C\"]',1,'{\"id\":\"C\",\"no\":\"2\"}',1,'anna',1,'00','00','UNIQUE','','')");
    byte[] before = Files.readAllBytes(ben.db().file());
    List<Differences> findings = new Verify(ben.plan(), ben.ledger(), ben.clock()).run();
    assertThat(findings).allMatch(found -> found.trouble() == null);
    assertThat(new Status(ben.plan(), ben.ledger()).look().toString()).contains("q");
    assertThat(Files.readAllBytes(ben.db().file())).isEqualTo(before);
    ben.db().execute("DELETE FROM sync_held");
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT item.id, no FROM item JOIN q ON q.id=q ORDER BY 1"))
        .containsExactly("a1|3", "a2|3");
  }

  @Test
  void a_snapshot_is_where_a_new_workstation_begins() throws IOException {
    for (int i = 0; i < 2; i++) {
      fleet.age(Duration.ofDays(100));
      anna.edit("INSERT INTO item(id, q) VALUES('more" + i + "','A')").syncWell();
    }
    List<Path> snapshots = Snapshots.in(fleet.share().resolve("server.db-ledger"));
    assertThat(snapshots).isNotEmpty();
    for (Path packed : snapshots) {
      byte[] database = Forgery.unpacked(Files.readAllBytes(packed));
      Snapshots.replace(packed, Snapshots.after(FirstEdition::wrote, database));
    }
    Files.delete(fleet.master().file()); // or it would begin with that
    Workstation dora = fleet.workstation("dora");
    dora.syncWell();
    fleet.settle().assertSame();
    assertThat(dora.db().rows("SELECT count(*) FROM item")).containsExactly("3");
  }
}
