package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.run.Request;
import tidemark.testing.FleetTest;
import tidemark.testing.Workstation;

class LedgerRebuildTest extends FleetTest {
  @BeforeEach
  void threeWorkstationsWithHistory() {
    begin(
        () -> {
          everybodyHas(
              "CREATE TABLE quotes(quoteId TEXT PRIMARY KEY, name TEXT)",
              "CREATE TABLE notes(id INTEGER PRIMARY KEY AUTOINCREMENT, quoteId TEXT REFERENCES quotes(quoteId) ON DELETE CASCADE, text TEXT)",
              "INSERT INTO quotes VALUES('Q1','one'),('Q2','two'),('Q3','three')",
              "INSERT INTO notes(quoteId, text) VALUES('Q1','annas 1'),('Q2','annas 2')");
          ben.edit("INSERT INTO notes(quoteId, text) VALUES('Q1','bens 3')");
          ben.syncWell();
          cara.edit("INSERT INTO notes(quoteId, text) VALUES('Q3','caras too')");
          fleet.settle();
          ben.edit("UPDATE quotes SET name='one, better' WHERE quoteId='Q1'");
          ben.edit("UPDATE quotes SET name='one, best' WHERE quoteId='Q1'");
          fleet.settle().assertSame();
        });
  }

  private static LedgerRebuild.Rebuilt rebuild(Workstation workstation) {
    return new LedgerRebuild(
            workstation.plan(), workstation.ledger(), workstation.clock(), settled -> {})
        .run(new Request(Set.of(), Direction.BOTH, workstation.conflicts, "manual"));
  }

  private Path ledger() {
    return fleet.share().resolve("server.db-ledger");
  }

  private static void delete(Path tree) {
    try (Stream<Path> all = Files.walk(tree)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String notes(Workstation workstation) {
    return String.join(",", workstation.db().rows("SELECT text FROM notes ORDER BY text"));
  }

  @Test
  void a_lost_ledger_stops_everybody_until_it_is_made_anew() {
    delete(ledger());
    assertThat(anna.sync().exitCode()).isEqualTo(Failure.OFFLINE);
    assertThat(rebuild(anna).outcome().status()).isEqualTo("success");
    fleet.settle().assertSame();
    assertThat(notes(ben)).isEqualTo("annas 1,annas 2,bens 3,caras too");
    assertThat(ben.conflicts()).isEmpty();
    assertThat(anna.conflicts()).isEmpty();
  }

  @Test
  void what_is_left_of_the_old_one_is_set_aside() throws IOException {
    Files.write(ledger().resolve("ledger.json"), new byte[] {'{'});
    assertThat(anna.sync().exitCode()).isEqualTo(Failure.REFUSED);
    Path aside = rebuild(anna).aside().orElseThrow();
    assertThat(aside.resolve("entries")).isDirectory();
    fleet.settle().assertSame();
  }

  @Test
  void no_record_is_doubled_and_edits_made_offline_meanwhile_arrive() {
    cara.edit(
        "INSERT INTO notes(quoteId, text) VALUES('Q1','caras offline')",
        "UPDATE quotes SET name='three by cara' WHERE quoteId='Q3'",
        "DELETE FROM quotes WHERE quoteId='Q2'");
    ben.edit("INSERT INTO notes(quoteId, text) VALUES('Q1','bens offline')");
    delete(ledger());
    rebuild(anna);
    ben.syncWell();
    fleet.settle().assertSame();
    assertThat(notes(anna)).isEqualTo("annas 1,bens 3,bens offline,caras offline,caras too");
    assertThat(anna.db().rows("SELECT name FROM quotes ORDER BY 1"))
        .containsExactly("one, best", "three by cara");
  }

  @Test
  void what_was_deleted_before_stays_deleted_although_somebody_never_heard_of_it() {
    anna.edit("DELETE FROM quotes WHERE quoteId='Q1'", "DELETE FROM notes WHERE text='annas 2'");
    anna.syncWell();
    ben.syncWell(); // cara is away
    delete(ledger());
    rebuild(anna);
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(notes(cara)).isEqualTo("caras too");
    assertThat(cara.db().value("SELECT count(*) FROM quotes")).isEqualTo("2");
  }

  @Test
  void what_the_one_who_rebuilds_never_heard_of_arrives_too() {
    ben.edit(
        "DELETE FROM quotes WHERE quoteId='Q2'",
        "INSERT INTO notes(quoteId, text) VALUES('Q3','bens late')",
        "UPDATE quotes SET name='late' WHERE quoteId='Q3'");
    ben.syncWell(); // anna and cara are away
    delete(ledger());
    rebuild(anna);
    fleet.settle().assertSame();
    assertThat(notes(cara)).isEqualTo("annas 1,bens 3,bens late,caras too");
    assertThat(cara.db().rows("SELECT name FROM quotes ORDER BY 1"))
        .containsExactly("late", "one, best");
  }

  @Test
  void ledger_and_master_lost_together_come_back_from_a_workstation() throws IOException {
    delete(ledger());
    Files.delete(fleet.master().file());
    rebuild(ben);
    fleet.settle().assertSame();
    assertThat(notes(cara)).isEqualTo("annas 1,annas 2,bens 3,caras too");
    assertThat(cara.conflicts()).isEmpty();
  }

  @Test
  void a_master_damaged_with_it_is_set_aside() throws IOException {
    delete(ledger());
    Files.write(fleet.master().file(), new byte[8192]);
    rebuild(ben);
    fleet.settle().assertSame();
    try (Stream<Path> files = Files.list(fleet.share())) {
      assertThat(files).anyMatch(f -> f.getFileName().toString().contains("damaged"));
    }
  }

  @Test
  void birth_numbers_given_twice_after_it_are_two_records() {
    delete(ledger());
    rebuild(anna);
    anna.edit("INSERT INTO notes(text) VALUES('new at annas')");
    cara.edit("INSERT INTO notes(text) VALUES('new at caras')");
    fleet.settle().assertSame();
    assertThat(notes(ben)).contains("new at annas").contains("new at caras");
  }

  @Test
  void one_who_never_synced_or_whose_share_is_away_changes_nothing() throws IOException {
    Workstation it = fleet.workstation("it");
    assertThatThrownBy(() -> rebuild(it)).hasMessageContaining("never been synced");
    Files.move(fleet.share(), folder.resolve("elsewhere"));
    assertThatThrownBy(() -> rebuild(anna))
        .satisfies(e -> assertThat(((Failure) e).exitCode()).isEqualTo(Failure.OFFLINE));
    Files.move(folder.resolve("elsewhere"), fleet.share());
    anna.syncWell();
  }
}
