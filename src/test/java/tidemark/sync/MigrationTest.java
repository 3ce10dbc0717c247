package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.change.Failure;
import tidemark.ledger.EntryFile;
import tidemark.serve.AccessKey;
import tidemark.share.ShareFiles;
import tidemark.testing.AtOperation;
import tidemark.testing.Database;
import tidemark.testing.Folders;
import tidemark.testing.Kill;
import tidemark.testing.Ledgers;
import tidemark.testing.LentShare;
import tidemark.testing.PairTest;
import tidemark.testing.Saboteur;
import tidemark.testing.Saboteur.Blow;
import tidemark.testing.SettablePace;
import tidemark.testing.Workstation;

/** A ledger goes to another place while people work, and nothing is lost, whoever was away. */
class MigrationTest extends PairTest {
  private static final boolean ALL = Boolean.getBoolean("exhaustive");
  private static final String NOTES = "SELECT id, text FROM notes ORDER BY id";

  private final SettablePace pace = new SettablePace();
  private Path newMaster;
  private Path former;

  @BeforeEach
  void threeHaveTheSame() throws IOException {
    begin(folder);
  }

  private void begin(Path where) throws IOException {
    Workstation carla = fleet.workstation("carla");
    everybodyHas(
        "CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT)",
        "INSERT INTO notes(id,text) VALUES(1,'one'),(2,'two'),(3,'three')");
    carla.edit("UPDATE notes SET text='drei' WHERE id=3").syncWell();
    newMaster = Files.createDirectories(where.resolve("elsewhere")).resolve("server.db");
    former = fleet.share().resolve("server.db-ledger");
    fleet.all().forEach(one -> one.pace = pace);
  }

  private Workstation carla() {
    return fleet.all().get(2);
  }

  /** The same machine and files, with another `master:` in its config. */
  private Workstation at(Path master, Workstation one) {
    Workstation there = new Workstation(one.name(), one.folder(), master);
    there.pace = pace;
    return there;
  }

  private Workstation atTheNewPlace(Workstation one) {
    return at(newMaster, one);
  }

  private Migration.Moved migrate(Workstation one, Workstation there) {
    return migrate(one, there, ShareFiles.Tap.NONE);
  }

  private Migration.Moved migrate(Workstation one, Workstation there, ShareFiles.Tap tap) {
    one.tap = tap;
    there.tap = tap;
    try {
      return new Migration(
              one.plan(), one.ledger(), there.plan(), there.ledger(), one.clock(), carried -> {})
          .run();
    } finally {
      one.tap = ShareFiles.Tap.NONE;
      there.tap = ShareFiles.Tap.NONE;
    }
  }

  private static Failure refused(Runnable work) {
    Failure failure = catchThrowableOfType(Failure.class, work::run);
    assertThat(failure).isNotNull();
    assertThat(failure.hint()).isNotEmpty();
    return failure;
  }

  /**
   * Rounds at the new place until nothing moves; all have the same there, and so has the master.
   */
  private List<String> settled(Path master, Workstation... all) {
    List.of(all).forEach(Workstation::startDaemon);
    for (int round = 0; round < 4; round++) {
      pace.pass(Duration.ofSeconds(40));
      for (Workstation one : all) {
        DatabaseSync.Outcome outcome = one.sync();
        if (outcome.failure() != null && outcome.exitCode() != Failure.BUSY) {
          throw new AssertionError(one.name(), outcome.failure());
        }
      }
    }
    List<String> notes = all[0].db().rows(NOTES);
    for (Workstation one : all) {
      one.syncWell();
      assertThat(one.db().rows(NOTES)).as(one.name()).isEqualTo(notes);
      assertThat(one.db().rows("SELECT * FROM sync_conflicts")).as(one.name()).isEmpty();
    }
    assertThat(new Database(master).rows(NOTES)).as("master").isEqualTo(notes);
    return notes;
  }

  @Test
  void the_new_place_has_every_entry_byte_for_byte_and_the_master_with_what_only_it_had() {
    fleet.master().execute("CREATE VIEW long_notes AS SELECT * FROM notes WHERE id>2");
    List<String> entries = Ledgers.entries(former);

    Migration.Moved moved = migrate(anna, atTheNewPlace(anna));

    assertThat(moved).isEqualTo(new Migration.Moved(entries.size(), false, null));
    Path ledger = newMaster.resolveSibling("server.db-ledger");
    assertThat(Ledgers.entries(ledger)).isEqualTo(entries);
    assertThat(atTheNewPlace(anna).ledger().info().orElseThrow().id())
        .isEqualTo(anna.ledger().info().orElseThrow().id());
    assertThat(new Database(newMaster).rows(NOTES)).isEqualTo(fleet.master().rows(NOTES));
    assertThat(new Database(newMaster).rows("SELECT id FROM long_notes")).containsExactly("3");
    assertThat(atTheNewPlace(anna).ledger().published(Long.MIN_VALUE)).hasSize(3);
  }

  @Test
  void workstations_go_on_there_where_they_were() {
    migrate(anna, atTheNewPlace(anna));

    assertThat(atTheNewPlace(ben).syncWell().report().notes()).isEmpty();
    atTheNewPlace(ben).edit("INSERT INTO notes(id,text) VALUES(4,'four')").syncWell();
    assertThat(settled(newMaster, atTheNewPlace(anna), atTheNewPlace(ben), atTheNewPlace(carla())))
        .contains("4|four");
  }

  @Test
  void who_comes_to_the_former_place_is_told_where_it_went_and_his_edits_wait_for_it() {
    migrate(anna, atTheNewPlace(anna));
    String master = fleet.master().rows(NOTES).toString();

    DatabaseSync.Outcome outcome = ben.edit("UPDATE notes SET text='zwei' WHERE id=2").sync();

    assertThat(outcome.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(outcome.failure().movedTo()).isEqualTo(newMaster.toString());
    assertThat(outcome.failure().told()).contains("Set `master: " + newMaster + "`");
    assertThat(fleet.master().rows(NOTES).toString()).isEqualTo(master);
    assertThat(settled(newMaster, atTheNewPlace(anna), atTheNewPlace(ben))).contains("2|zwei");
  }

  @Test
  void who_was_offline_through_it_all_finds_others_edits_and_brings_his_own() {
    anna.edit("INSERT INTO notes(id,text) VALUES(10,'before')").syncWell(); // carla has not read it
    carla().edit("INSERT INTO notes(id,text) VALUES(11,'at home')", "DELETE FROM notes WHERE id=1");
    migrate(anna, atTheNewPlace(anna));
    atTheNewPlace(ben).edit("INSERT INTO notes(id,text) VALUES(12,'after')").syncWell();

    assertThat(carla().sync().exitCode()).isEqualTo(Failure.USAGE);

    assertThat(settled(newMaster, atTheNewPlace(carla()), atTheNewPlace(anna), atTheNewPlace(ben)))
        .containsExactly("2|two", "3|drei", "10|before", "11|at home", "12|after");
  }

  @Test
  void an_append_that_was_suspended_right_before_its_rename_cannot_be_slipped_in() {
    ben.edit("INSERT INTO notes(id,text) VALUES(4,'four')");
    boolean[] done = {false};
    ben.tap =
        new ShareFiles.Tap() {
          @Override
          public void before(ShareFiles.Operation operation, Path path) {
            if (operation == ShareFiles.Operation.MOVE
                && path.startsWith(former.resolve("entries"))
                && !done[0]) {
              done[0] = true;
              migrate(anna, atTheNewPlace(anna));
            }
          }
        };

    DatabaseSync.Outcome outcome = ben.sync();

    assertThat(done[0]).isTrue();
    assertThat(outcome.failure().movedTo()).isEqualTo(newMaster.toString());
    assertThat(new Database(newMaster).rows(NOTES)).hasSize(3);
    assertThat(Ledgers.staged(former)).isEmpty();
    ben.tap = ShareFiles.Tap.NONE;
    assertThat(settled(newMaster, atTheNewPlace(ben), atTheNewPlace(anna))).contains("4|four");
    assertThat(Ledgers.entries(newMaster.resolveSibling("server.db-ledger")))
        .filteredOn(entry -> entry.contains("four"))
        .hasSize(1);
  }

  @Test
  void a_signpost_that_was_lost_changes_nothing_the_end_itself_tells() throws IOException {
    byte[] head = Files.readAllBytes(former.resolve("ledger.json"));
    migrate(anna, atTheNewPlace(anna));
    Files.write(former.resolve("ledger.json"), head);

    DatabaseSync.Outcome outcome = ben.edit("INSERT INTO notes(id,text) VALUES(4,'four')").sync();

    assertThat(outcome.failure().movedTo()).isEqualTo(newMaster.toString());
    assertThat(migrate(anna, atTheNewPlace(anna)).again()).isTrue();
    assertThat(anna.ledger().info().orElseThrow().movedTo()).isEqualTo(newMaster.toString());
  }

  @Test
  void running_it_again_says_that_it_is_done() {
    migrate(anna, atTheNewPlace(anna));
    atTheNewPlace(ben).edit("INSERT INTO notes(id,text) VALUES(4,'four')").syncWell();

    assertThat(migrate(anna, atTheNewPlace(anna))).isEqualTo(new Migration.Moved(0, true, null));
    assertThat(migrate(ben, atTheNewPlace(ben)).again()).isTrue();
  }

  @Test
  void nobody_can_meet_at_a_place_that_a_ledger_has_not_reached_yet() {
    Saboteur counting = Saboteur.counting();
    Workstation there = atTheNewPlace(anna);
    anna.edit("INSERT INTO notes(id,text) VALUES(4,'four')").syncWell();
    killBeforeTheEnd(there, counting);

    DatabaseSync.Outcome early = atTheNewPlace(ben).edit("DELETE FROM notes WHERE id=1").sync();

    assertThat(early.exitCode()).isEqualTo(Failure.BUSY);
    assertThat(early.failure().told()).contains("has not arrived yet", "tidemark migrate");
    assertThat(ben.sync().success()).isTrue();
    migrate(anna, there);
    assertThat(settled(newMaster, there, atTheNewPlace(ben)))
        .containsExactly("2|two", "3|drei", "4|four");
  }

  /** Right before the rename that closes the former place. */
  private void killBeforeTheEnd(Workstation there, Saboteur ignored) {
    ShareFiles.Tap killing =
        new ShareFiles.Tap() {
          @Override
          public void before(ShareFiles.Operation operation, Path path) {
            if (operation == ShareFiles.Operation.MOVE
                && path.startsWith(former.resolve("entries"))) {
              throw new Kill("the end");
            }
          }
        };
    assertThat(catchThrowableOfType(Kill.class, () -> migrate(anna, there, killing))).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(
      value = Blow.class,
      names = {"KILL", "FAIL", "CUT", "DENY", "FULL", "TORN", "RETRIED"})
  void broken_off_anywhere_it_goes_on_and_nothing_is_lost_or_doubled(Blow blow) throws IOException {
    brokenOff(blow, false, ALL ? 1 : 23);
  }

  @ParameterizedTest
  @EnumSource(
      value = Blow.class,
      names = {"KILL", "FAIL", "CUT"})
  void so_it_does_on_the_way_to_a_server(Blow blow) throws IOException {
    brokenOff(blow, true, ALL ? 1 : 29);
  }

  @Tag("heavy")
  @ParameterizedTest
  @EnumSource(
      value = Blow.class,
      names = {"KILL", "FAIL", "CUT", "VANISH", "RETRIED"})
  void broken_off_at_every_point_it_goes_on(Blow blow) throws IOException {
    brokenOff(blow, false, ALL ? 1 : 3);
  }

  private void brokenOff(Blow blow, boolean server, int step) throws IOException {
    Path prepared = folder.resolveSibling(folder.getFileName() + "-prepared");
    Folders.copy(folder, prepared);
    Saboteur counting = Saboteur.counting();
    migrate(anna, there(server), counting);
    List<Saboteur.Point> points = counting.trace();
    List<Integer> fitting =
        IntStream.range(0, points.size())
            .boxed()
            .filter(point -> blow.fits(points.get(point)))
            .toList();
    for (int i = blow.ordinal() % step; i < fitting.size(); i += step) {
      int point = fitting.get(i);
      LentShare.closeAll();
      Folders.delete(folder);
      Folders.copy(prepared, folder);
      brokenOff(Saboteur.at(blow, point), server, blow + " at " + point);
    }
    Folders.delete(prepared);
  }

  private Workstation there(boolean server) {
    return server ? atTheNewPlace(anna).workFromHome() : atTheNewPlace(anna);
  }

  private void brokenOff(Saboteur saboteur, boolean server, String what) {
    ben.edit("INSERT INTO notes(id,text) VALUES(20,'pending')");
    try {
      migrate(anna, there(server), saboteur);
    } catch (Kill | Failure broken) {
      assertThat(broken instanceof Failure f ? f.hint() : "dead").as(what).isNotEmpty();
    }
    pace.pass(Duration.ofMinutes(2));
    DatabaseSync.Outcome meanwhile = ben.sync(); // either place is in force, and says so
    assertThat(meanwhile.success() || meanwhile.failure().movedTo() != null)
        .as(what + ": " + meanwhile.failure())
        .isTrue();

    migrate(anna, there(server));

    assertThat(ben.sync().failure().movedTo()).as(what).isNotNull();
    List<String> before = Ledgers.entries(former);
    Workstation[] all = {
      server ? there(true) : atTheNewPlace(anna),
      server ? atTheNewPlace(ben).workFromHome() : atTheNewPlace(ben),
      server ? atTheNewPlace(carla()).workFromHome() : atTheNewPlace(carla())
    };
    assertThat(settled(newMaster, all))
        .as(what)
        .containsExactly("1|one", "2|two", "3|drei", "20|pending");
    List<String> after = Ledgers.entries(newMaster.resolveSibling("server.db-ledger"));
    assertThat(after.subList(0, before.size())).as(what).isEqualTo(before);
    assertThat(after).filteredOn(e -> e.contains("pending")).as(what).hasSize(1);
  }

  @Test
  void somebody_who_appends_at_any_step_of_it_loses_nothing() throws IOException {
    Path prepared = folder.resolveSibling(folder.getFileName() + "-prepared");
    Folders.copy(folder, prepared);
    Saboteur counting = Saboteur.counting();
    migrate(anna, atTheNewPlace(anna), counting);
    int step = ALL ? 1 : 19;
    for (int point = 0; point < counting.points(); point += step) {
      Folders.delete(folder);
      Folders.copy(prepared, folder);
      pace.pass(Duration.ofMinutes(2));
      ben.edit("INSERT INTO notes(id,text) VALUES(20,'at step " + point + "')");
      AtOperation busy = new AtOperation(point, ben::sync);

      migrate(anna, atTheNewPlace(anna), busy);

      assertThat(busy.done()).isTrue();
      assertThat(settled(newMaster, atTheNewPlace(ben), atTheNewPlace(anna)))
          .as("at " + point)
          .containsExactly("1|one", "2|two", "3|drei", "20|at step " + point);
      assertThat(Ledgers.entries(newMaster.resolveSibling("server.db-ledger")))
          .filteredOn(e -> e.contains("at step"))
          .hasSize(1);
    }
    Folders.delete(prepared);
  }

  @Test
  void to_a_server_and_back_while_three_edit() {
    Workstation home = atTheNewPlace(anna).workFromHome();
    ben.edit("INSERT INTO notes(id,text) VALUES(4,'of ben')");
    Migration.Moved moved = migrate(anna, home, new AtOperation(40, ben::sync));
    assertThat(moved.masterTrouble()).isNull();

    Workstation[] there = {
      home, atTheNewPlace(ben).workFromHome(), atTheNewPlace(carla()).workFromHome()
    };
    there[2].edit("INSERT INTO notes(id,text) VALUES(5,'of carla')");
    settled(newMaster, there);
    there[1].edit("UPDATE notes SET text='eins' WHERE id=1");

    Workstation atTheServer = at(newMaster, anna);
    Migration.Moved back = migrate(atTheServer, anna, new AtOperation(60, there[1]::sync));

    assertThat(back.again()).isFalse();
    DatabaseSync.Outcome told = there[2].edit("DELETE FROM notes WHERE id=2").sync();
    assertThat(told.failure().movedTo()).isEqualTo(fleet.share().resolve("server.db").toString());
    assertThat(told.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(settled(fleet.master().file(), anna, ben, carla()))
        .containsExactly("1|eins", "3|drei", "4|of ben", "5|of carla");
    assertThat(Ledgers.entries(former)).doesNotHaveDuplicates();
  }

  @Test
  void what_was_retired_stays_behind_and_the_rest_goes_on_from_the_floor() {
    fleet.all().forEach(one -> one.keepEntries = Duration.ofDays(1));
    fleet.age(Duration.ofDays(3));
    anna.edit("INSERT INTO notes(id,text) VALUES(4,'four')");
    fleet.settle();
    fleet.age(Duration.ofDays(3)).settle();
    long floor = anna.ledger().info().orElseThrow().floor();
    assertThat(floor).isPositive();

    migrate(anna, atTheNewPlace(anna));

    assertThat(atTheNewPlace(anna).ledger().info().orElseThrow().floor()).isEqualTo(floor);
    Workstation dora = new Workstation("dora", folder.resolve("dora"), newMaster);
    dora.pace = pace;
    dora.syncWell();
    assertThat(settled(newMaster, dora, atTheNewPlace(anna), atTheNewPlace(ben)))
        .contains("4|four");
  }

  // ---- what is refused

  @Test
  void the_place_itself_is_no_new_place() {
    Failure failure = refused(() -> migrate(anna, at(fleet.master().file(), anna)));

    assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(failure.whatFailed()).contains("is the place where this ledger is already");
    assertThat(ben.sync().success()).isTrue();
  }

  @Test
  void a_place_where_something_else_is_stays_as_it_is() throws IOException {
    Files.writeString(newMaster, "somebody's file");
    assertThat(refused(() -> migrate(anna, atTheNewPlace(anna))).whatFailed())
        .contains("not empty", newMaster.toString());
    Files.delete(newMaster);

    Workstation dora = new Workstation("dora", folder.resolve("dora"), newMaster);
    dora.edit("CREATE TABLE t(a INTEGER PRIMARY KEY)", "INSERT INTO t(a) VALUES(1)").syncWell();
    List<String> others = Ledgers.entries(newMaster.resolveSibling("server.db-ledger"));

    assertThat(refused(() -> migrate(anna, atTheNewPlace(anna))).exitCode())
        .isEqualTo(Failure.USAGE);
    assertThat(Ledgers.entries(newMaster.resolveSibling("server.db-ledger"))).isEqualTo(others);
    assertThat(ben.edit("INSERT INTO notes(id,text) VALUES(4,'four')").sync().success()).isTrue();
  }

  @Test
  void what_another_history_left_there_is_named_and_not_continued() throws IOException {
    killBeforeTheEnd(atTheNewPlace(anna), Saboteur.counting());
    Path ledger = newMaster.resolveSibling("server.db-ledger");
    List<Path> entries = new ArrayList<>();
    try (var all = Files.walk(ledger.resolve("entries"))) {
      all.filter(p -> p.endsWith("entry.jsonl.gz")).sorted().forEach(entries::add);
    }
    Path last = entries.get(entries.size() - 1);
    ben.edit("INSERT INTO notes(id,text) VALUES(4,'four')").syncWell();
    anotherTakes(last);

    Failure failure = refused(() -> migrate(anna, atTheNewPlace(anna)));

    assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(failure.whatFailed()).contains(newMaster.toString(), "no part of the ledger");
  }

  /** The entry of another ledger under that number. */
  private void anotherTakes(Path entry) throws IOException {
    Path share = Files.createDirectories(folder.resolve("other")).resolve("server.db");
    Workstation dora = new Workstation("dora", folder.resolve("dora"), share);
    long number = Ledgers.number(entry);
    dora.edit("CREATE TABLE t(a INTEGER PRIMARY KEY)").syncWell();
    for (int a = 1; a < 20; a++) {
      dora.edit("INSERT INTO t(a) VALUES(" + a + ")").syncWell();
    }
    Path others = Ledgers.folderOf(share.resolveSibling("server.db-ledger"), number);
    Files.write(entry, Files.readAllBytes(others.resolve("entry.jsonl.gz")));
  }

  @Test
  void once_it_is_moved_it_cannot_be_moved_elsewhere_from_here() {
    migrate(anna, atTheNewPlace(anna));
    Path third = folder.resolve("third").resolve("server.db");

    Failure failure = refused(() -> migrate(ben, at(third, ben)));

    assertThat(failure.movedTo()).isEqualTo(newMaster.toString());
    assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
  }

  @Test
  void where_nothing_was_synced_there_is_nothing_to_move() {
    Path nowhere = folder.resolve("elsewhere").resolve("nothing.db");

    Failure failure = refused(() -> migrate(at(nowhere, anna), atTheNewPlace(anna)));

    assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(failure.whatFailed()).contains("no ledger at " + nowhere);
  }

  @Test
  void a_folder_that_cannot_be_reached_is_told_as_such() {
    Workstation there = at(folder.resolve("not mounted").resolve("server.db"), anna);

    assertThat(refused(() -> migrate(anna, there)).exitCode()).isEqualTo(Failure.OFFLINE);
    assertThat(ben.sync().success()).isTrue();
  }

  @Test
  void a_server_takes_a_ledger_by_a_key_that_may_write_alone_and_only_while_it_has_none() {
    Workstation there = atTheNewPlace(anna).workFromHome();
    there.server().give("anna", AccessKey.Right.READ);
    assertThat(refused(() -> migrate(anna, there)).told()).contains("may only read");

    there.server().give("anna", AccessKey.Right.WRITE);
    Workstation dora = new Workstation("dora", folder.resolve("dora"), newMaster).workFromHome();
    dora.edit("CREATE TABLE t(a INTEGER PRIMARY KEY)", "INSERT INTO t(a) VALUES(1)").syncWell();

    assertThat(refused(() -> migrate(anna, there)).whatFailed()).contains("not empty");
    assertThat(ben.sync().success()).isTrue();
  }

  @Test
  void what_a_server_lends_is_moved_at_the_server() {
    Workstation home = atTheNewPlace(anna).workFromHome();
    migrate(anna, home);

    Failure failure = refused(() -> migrate(home, at(folder.resolve("third.db"), anna)));

    assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(failure.told()).contains("affair of", "do this at the server");
  }

  @Test
  void a_server_that_is_down_leaves_the_former_place_in_force() {
    Workstation home = atTheNewPlace(anna).workFromHome();
    home.server().close();

    assertThat(refused(() -> migrate(anna, home)).exitCode()).isEqualTo(Failure.OFFLINE);
    assertThat(ben.edit("INSERT INTO notes(id,text) VALUES(4,'four')").sync().success()).isTrue();
  }

  @Test
  void the_door_for_ledgers_that_arrive_is_shut_once_others_may_meet() {
    Workstation home = atTheNewPlace(anna).workFromHome();
    migrate(anna, home);
    var arrival = home.ledger().arrival();
    var lent = home.server().lent();
    lent.info();
    byte[] first = lent.packed(1);

    Failure failure = refused(() -> arrival.put(new EntryFile.Packed(lent.read(1), first)));

    assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(failure.whatFailed()).contains("no ledger is being carried");
  }
}
