package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Failure;
import tidemark.look.Verify;
import tidemark.past.Feed;
import tidemark.testing.Fleet;
import tidemark.testing.FleetTest;
import tidemark.testing.Folders;
import tidemark.testing.SettablePace;
import tidemark.testing.Workstation;

/** Parts of a ledger come from another day than the rest, or two begin at once. */
class LedgerInPartsTest extends FleetTest {
  private Workstation join(String name) {
    Workstation workstation = fleet.workstation(name);
    workstation.pace = new SettablePace();
    return workstation;
  }

  private void team() {
    begin(
        () -> {
          everybodyHas(
              "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
              "CREATE TABLE notes(id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT)",
              "INSERT INTO parts VALUES('S1',1),('S2',2),('S3',3)",
              "INSERT INTO notes(text) VALUES('first')");
          anna.edit("UPDATE parts SET price=10 WHERE sku='S1'").syncWell();
          fleet.age(Duration.ofDays(100));
          anna.edit("INSERT INTO notes(text) VALUES('annas')").syncWell();
        });
    fleet.all().forEach(workstation -> workstation.pace = new SettablePace());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "entries",
        "snapshots",
        "archive",
        "workstations",
        "fold",
        "ledger.json",
        "entries snapshots archive workstations fold",
        "ledger.json archive snapshots"
      })
  void whatever_part_of_it_is_restored_to_last_week_nothing_is_lost_and_all_go_on(String parts)
      throws IOException {
    team();
    Path ledger = fleet.share().resolve("server.db-ledger");
    Path lastWeek = folder.resolve("last week");
    Folders.copy(ledger, lastWeek);
    aWeekGoesBy();
    for (String part : parts.split(" ")) {
      restore(lastWeek.resolve(part), ledger.resolve(part));
    }

    fleet.all().forEach(who -> who.edit("INSERT INTO notes(text) VALUES('" + who.name() + "')"));
    goOn();
    join("dora");
    goOn();
    fleet.settle().assertSame();
    assertThat(cara.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|10.0", "S2|20.0");
    assertThat(cara.db().rows("SELECT text FROM notes ORDER BY text"))
        .containsExactly("anna", "annas", "ben", "bens", "cara", "first");
  }

  @Test
  void who_can_read_neither_what_was_retired_nor_a_snapshot_of_it_is_refused_until_one_is_made()
      throws IOException {
    team();
    Path ledger = fleet.share().resolve("server.db-ledger");
    Path lastWeek = folder.resolve("last week");
    Folders.copy(ledger, lastWeek);
    aWeekGoesBy();
    for (String part : List.of("archive", "snapshots")) {
      restore(lastWeek.resolve(part), ledger.resolve(part));
    }
    for (Workstation who : List.of(cara, join("dora"))) {
      DatabaseSync.Outcome outcome = who.sync();
      assertThat(outcome.exitCode()).isEqualTo(Failure.REFUSED);
      assertThat(outcome.failure().whatFailed()).contains("no whole snapshot reaches up to there");
    }
    anna.edit("INSERT INTO notes(text) VALUES('anna')").syncWell();
    fleet.settle().assertSame();
  }

  /** Ben and anna work, and all that stood there is retired; cara is away. */
  private void aWeekGoesBy() {
    ben.syncWell();
    ben.edit("UPDATE parts SET price=20 WHERE sku='S2'").syncWell();
    fleet.age(Duration.ofDays(200));
    anna.edit("DELETE FROM parts WHERE sku='S3'").syncWell();
    ben.edit("INSERT INTO notes(text) VALUES('bens')").syncWell();
    anna.syncWell();
  }

  private static void restore(Path from, Path to) throws IOException {
    if (Files.isDirectory(to)) {
      Folders.delete(to);
      Folders.copy(from, to);
    } else {
      Files.write(to, Files.readAllBytes(from));
    }
  }

  /** Everybody syncs; whoever is refused is helped by `verify` where the others sit. */
  private void goOn() {
    boolean refused = false;
    for (Workstation who : fleet.all()) {
      refused |= who.sync().failure() != null;
    }
    if (refused) {
      for (Workstation who : List.of(anna, ben)) {
        new Verify(who.plan(), who.ledger(), who.clock()).run();
      }
      fleet.all().forEach(Workstation::syncWell);
    }
  }

  @RepeatedTest(5)
  void two_first_workstations_at_once_begin_one_ledger_and_both_keep_their_rows() throws Exception {
    fleet = new Fleet(folder);
    CyclicBarrier start = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Callable<DatabaseSync.Outcome>> firsts =
          List.of(first("anna", start), first("ben", start));
      for (Future<DatabaseSync.Outcome> run : threads.invokeAll(firsts)) {
        assertThat(run.get()).isNotNull();
      }
    } finally {
      threads.shutdown();
    }
    fleet.settle().assertSame();
    assertThat(fleet.master().rows("SELECT text FROM notes ORDER BY text"))
        .containsExactly("anna", "ben");
    assertThat(Folders.in(fleet.share())).containsExactly("server.db", "server.db-ledger");
  }

  private Callable<DatabaseSync.Outcome> first(String name, CyclicBarrier start) {
    Workstation who = fleet.workstation(name);
    who.edit(
        "CREATE TABLE notes(id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT)",
        "INSERT INTO notes(text) VALUES('" + name + "')");
    return () -> {
      start.await();
      return who.sync();
    };
  }

  @Test
  void a_machine_cloned_with_its_files_is_told_apart_and_neither_loses_or_doubles_an_edit() {
    team();
    ben.syncWell();
    ben.edit("INSERT INTO notes(text) VALUES('bens, on its way')");
    Workstation clone = cloneOf(ben, "clone");
    assertThat(id(clone)).isEqualTo(id(ben));
    ben.edit("UPDATE parts SET price=20 WHERE sku='S2'");
    clone.edit("DELETE FROM parts WHERE sku='S3'", "INSERT INTO notes(text) VALUES('clones')");

    clone.syncWell();
    ben.syncWell();
    assertThat(id(clone)).isNotEqualTo(id(ben));
    ben.edit("INSERT INTO notes(text) VALUES('bens')");
    fleet.settle().assertSame();

    assertThat(cara.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|10.0", "S2|20.0");
    assertThat(cara.db().rows("SELECT text FROM notes ORDER BY text"))
        .containsExactly("annas", "bens", "bens, on its way", "clones", "first");
    assertThat(fleet.all()).allMatch(who -> who.conflicts().isEmpty());
    assertThat(authors()).contains("PC-ben", "PC-clone");
    assertThat(Folders.in(fleet.share().resolve("server.db-ledger/workstations")))
        .contains(id(clone) + ".json", id(ben) + ".json");
  }

  @Test
  void a_clone_that_even_has_the_same_name_loses_and_doubles_nothing() {
    team();
    ben.syncWell();
    ben.edit("INSERT INTO notes(text) VALUES('bens, on its way')");
    Workstation clone =
        imageOf(ben, new Workstation("ben", folder.resolve("clone"), fleet.master().file()));
    ben.edit("UPDATE parts SET price=20 WHERE sku='S2'");
    clone.edit("DELETE FROM parts WHERE sku='S3'", "INSERT INTO notes(text) VALUES('clones')");
    for (int day = 0; day < 3; day++) {
      clone.syncWell();
      ben.edit("INSERT INTO notes(text) VALUES('bens " + day + "')").syncWell();
    }
    fleet.settle();
    clone.syncWell();
    fleet.settle().assertSame();

    assertThat(clone.db().content("parts")).isEqualTo(cara.db().content("parts"));
    assertThat(clone.db().content("notes")).isEqualTo(cara.db().content("notes"));
    assertThat(cara.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|10.0", "S2|20.0");
    assertThat(cara.db().rows("SELECT text FROM notes ORDER BY text"))
        .containsExactly(
            "annas", "bens 0", "bens 1", "bens 2", "bens, on its way", "clones", "first");
  }

  private Workstation cloneOf(Workstation original, String name) {
    return imageOf(original, fleet.workstation(name));
  }

  /** Another machine, started from the image of this one. */
  private static Workstation imageOf(Workstation original, Workstation clone) {
    clone.pace = new SettablePace();
    for (String part : List.of("server.db", "kept")) {
      Folders.copy(original.folder().resolve(part), clone.folder().resolve(part));
    }
    return clone;
  }

  private static String id(Workstation who) {
    return who.db().value("SELECT value FROM sync_state WHERE key='replica'");
  }

  private List<String> authors() {
    List<String> authors = new java.util.ArrayList<>();
    new Feed(cara.plan(), cara.ledger())
        .each(Feed.Filter.ALL, item -> authors.add(item.workstation()));
    return authors;
  }
}
