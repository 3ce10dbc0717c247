package tidemark.upkeep.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidemark.change.Failure;
import tidemark.master.LedgerContent;
import tidemark.run.Copies;
import tidemark.share.ShareFiles;
import tidemark.testing.Database;
import tidemark.testing.Fleet;
import tidemark.testing.Folders;
import tidemark.testing.Kill;
import tidemark.testing.Saboteur;
import tidemark.testing.Saboteur.Blow;
import tidemark.testing.Workstation;
import tidemark.upkeep.BackupFolder;
import tidemark.upkeep.backup.Backup.Kind;
import tidemark.upkeep.backup.MasterBackups.Made;

/** What is promised of backups of the master. */
class MasterBackupsTest {
  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  @TempDir Path folder;
  private Fleet fleet;
  private Workstation anna;
  private BackupFolder there;

  @BeforeEach
  void syncSomething() throws IOException {
    fleet = new Fleet(folder);
    anna = fleet.workstation("anna");
    anna.edit(
        "CREATE TABLE quotes(id TEXT PRIMARY KEY, title TEXT)",
        "INSERT INTO quotes VALUES('Q1', 'first'), ('Q2', 'other')");
    anna.syncWell();
    there = new BackupFolder(Files.createDirectories(folder.resolve("backups")));
  }

  private MasterBackups by(Workstation workstation) {
    return there.of(workstation);
  }

  @Test
  void one_taken_while_five_workstations_write_holds_exactly_the_rows_at_its_entry()
      throws Exception {
    List<Workstation> five = new ArrayList<>(List.of(anna));
    for (String name : List.of("ben", "cleo", "dora", "emil")) {
      five.add(fleet.workstation(name));
    }
    ExecutorService threads = Executors.newFixedThreadPool(5);
    CountDownLatch begun = new CountDownLatch(5);
    List<Future<?>> writing = new ArrayList<>();
    for (Workstation workstation : five) {
      workstation.syncWell();
      writing.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 12; i++) {
                  workstation.edit(
                      "INSERT INTO quotes(id, title) VALUES('" + workstation.name() + i + "', 'a')",
                      "UPDATE quotes SET title='" + workstation.name() + i + "' WHERE id='Q1'");
                  workstation.sync();
                  begun.countDown();
                }
                return true;
              }));
    }
    assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
    List<Backup> made = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      made.addAll(by(five.get(i)).makeNow(A_MINUTE).backups());
    }
    for (Future<?> one : writing) {
      one.get();
    }
    threads.shutdown();
    fleet.settle();

    assertThat(made).hasSize(4);
    for (Backup backup : made) {
      Database copy = there.unpack(backup);
      try (LedgerContent.Made then =
          new LedgerContent(anna.plan(), anna.ledger(), anna.clock(), Copies.NONE)
              .at(backup.position().number())) {
        assertThat(copy.content("quotes"))
            .as(backup.name())
            .isEqualTo(new Database(then.file()).content("quotes"));
      }
      assertThat(copy.rows("SELECT count(*) FROM quotes"))
          .containsExactly(String.valueOf(backup.content().rows().get("quotes")));
    }
  }

  @Test
  void edits_made_by_hand_in_the_master_stand_in_an_entry_before_they_are_backed_up() {
    fleet.master().execute("UPDATE quotes SET title='by hand' WHERE id='Q2'");

    Backup backup = by(anna).makeNow(A_MINUTE).backups().get(0);

    assertThat(backup.position().number()).isEqualTo(2);
    assertThat(there.unpack(backup).rows("SELECT title FROM quotes WHERE id='Q2'"))
        .containsExactly("by hand");
    anna.syncWell();
    assertThat(anna.db().rows("SELECT title FROM quotes WHERE id='Q2'")).containsExactly("by hand");
  }

  @Test
  void two_daemons_at_the_same_hour_make_one() throws Exception {
    Workstation ben = fleet.workstation("ben");
    ben.syncWell();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<Integer>> both = new ArrayList<>();
    for (Workstation one : List.of(anna, ben)) {
      both.add(
          threads.submit(
              () -> {
                for (int look = 0; ; look++) {
                  try {
                    return by(one).makeDue().backups().size();
                  } catch (Failure e) {
                    assertThat(e.exitCode()).isEqualTo(Failure.BUSY);
                    assertThat(look).isLessThan(1000);
                  }
                }
              }));
    }
    int made = both.get(0).get() + both.get(1).get();
    threads.shutdown();

    assertThat(made).isEqualTo(2); // the week's, which is the day's, and the month's
    assertThat(there.backups().list())
        .extracting(Backup::kind)
        .containsExactlyInAnyOrder(Kind.WEEKLY, Kind.MONTHLY);
    assertThat(by(ben).makeDue().backups()).isEmpty();
  }

  @Test
  void what_is_kept_no_longer_goes_and_nothing_else() throws IOException {
    there.rotation = new Rotation(1, 1, 1);
    Backup first = there.make(anna, Kind.DAILY);
    Backup beside = there.make(anna, Kind.DAILY);
    Backup last = there.make(anna, Kind.DAILY);
    Path server = there.folder().resolve("server");
    Files.writeString(server.resolve(beside.name()).resolve("why.txt"), "for the auditors");
    Files.writeString(server.resolve("readme.txt"), "ours");
    Backup asked = there.make(anna, Kind.MANUAL);
    Backup foreign = foreign(first);

    Made made = by(anna).makeDue();

    assertThat(made.backups()).extracting(Backup::kind).containsExactly(Kind.MONTHLY);
    assertThat(made.trouble()).isNull();
    assertThat(made.removed()).containsExactly(first);
    assertThat(there.backups().list()).contains(beside, last, asked, foreign).doesNotContain(first);
    assertThat(server.resolve("readme.txt")).exists();
  }

  /** One of another ledger. */
  private Backup foreign(Backup like) throws IOException {
    Path server = there.folder().resolve("server");
    String name = like.name().replace("-e1-", "-e7-");
    Folders.copy(server.resolve(like.name()), server.resolve(name));
    Path manifest = server.resolve(name).resolve("manifest.json");
    Files.writeString(manifest, Files.readString(manifest).replace(like.ledger(), "0".repeat(32)));
    return there.backups().find(name).orElseThrow();
  }

  @Test
  void leftovers_of_what_was_cut_off_go_once_they_are_old() throws IOException {
    Path server = there.folder().resolve("server");
    Path left = server.resolve("2026-01-02T020000Z-e1-daily." + "0a".repeat(16) + ".part");
    Path fresh = server.resolve("2026-01-02T020000Z-e1-daily." + "0b".repeat(16) + ".part");
    for (Path one : List.of(left, fresh)) {
      Files.createDirectories(one);
      Files.writeString(one.resolve("server.db.gz"), "half of it");
    }
    Files.setLastModifiedTime(left, FileTime.fromMillis(1_700_000_000_000L));

    by(anna).makeNow(A_MINUTE);

    assertThat(left).doesNotExist();
    assertThat(fresh).exists();
  }

  @Test
  void a_link_with_a_leftovers_name_leads_no_deletion_elsewhere() throws IOException {
    Path server = there.folder().resolve("server");
    Path home = Files.createDirectories(there.folder().resolveSibling("home"));
    Files.writeString(home.resolve("accounts.db"), "mine");
    Files.createDirectories(server);
    Files.createSymbolicLink(
        server.resolve("2026-01-02T020000Z-e1-daily." + "0a".repeat(16) + ".part"), home);

    new Pruning(there.backups()).sweep(Long.MAX_VALUE);

    assertThat(home.resolve("accounts.db")).hasContent("mine");
  }

  @ParameterizedTest
  @EnumSource(
      value = Blow.class,
      names = {"KILL", "FAIL", "CUT", "DENY", "FULL", "TORN", "RETRIED"})
  void whatever_fails_while_one_is_made_the_others_are_as_they_were(Blow blow) throws IOException {
    there.rotation = new Rotation(1, 1, 1);
    Backup whole = there.make(anna, Kind.MANUAL);
    Map<String, String> before = bytes(whole);
    Saboteur counting = Saboteur.counting();
    there.tap = counting;
    by(anna).makeNow(A_MINUTE);
    there.tap = ShareFiles.Tap.NONE;
    List<Saboteur.Point> points = counting.trace();
    for (int point = 0; point < points.size(); point++) {
      if (!blow.fits(points.get(point))) {
        continue;
      }
      there.tap = Saboteur.at(blow, point);
      String what = blow + " at " + point + ", " + points.get(point);
      try {
        by(anna).makeNow(A_MINUTE);
      } catch (Failure e) {
        assertThat(e.whatFailed()).as(what).isNotEmpty();
      } catch (Kill e) {
        assertThat(blow).isEqualTo(Blow.KILL);
      }
      there.tap = ShareFiles.Tap.NONE;
      Backups.Shelf shelf = there.backups().look();
      assertThat(shelf.unreadable()).as(what).isEmpty();
      assertThat(bytes(whole)).as(what).isEqualTo(before);
      for (Backup backup : shelf.backups()) {
        if (!backup.equals(whole)) { // what appeared is whole
          there.unpack(backup);
          new Pruning(there.backups()).remove(List.of(backup));
        }
      }
    }
    assertThat(by(anna).makeNow(A_MINUTE).backups()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Blow.class,
      names = {"KILL", "FAIL", "CUT", "DENY", "RETRIED"})
  void whatever_fails_while_one_is_removed_it_is_whole_or_gone(Blow blow) {
    Backup whole = there.make(anna, Kind.MANUAL);
    Path server = there.folder().resolve("server");
    boolean more = true;
    for (int point = 0; more; point++) {
      String name = "2026-01-02T020000Z-e" + point + "-manual";
      Folders.copy(server.resolve(whole.name()), server.resolve(name));
      Backup old = there.backups().find(name).orElseThrow();
      Saboteur saboteur = Saboteur.at(blow, point);
      there.tap = saboteur;
      try {
        new Pruning(there.backups()).remove(List.of(old));
      } catch (Failure | Kill e) {
        assertThat(saboteur.struck()).isTrue();
      }
      more = saboteur.points() > point;
      there.tap = ShareFiles.Tap.NONE;

      if (there.backups().find(name).isPresent()) {
        there.unpack(old);
        new Pruning(there.backups()).remove(List.of(old));
      }
      assertThat(there.backups().look().unreadable()).as(blow + " at " + point).isEmpty();
      assertThat(there.backups().list()).containsExactly(whole);
    }
    new Pruning(there.backups()).sweep(Long.MAX_VALUE);
    assertThat(Folders.in(server)).allMatch(path -> path.startsWith(whole.name()));
  }

  private Map<String, String> bytes(Backup backup) {
    return Folders.bytes(there.folder().resolve("server").resolve(backup.name()));
  }

  @Test
  void a_full_disk_of_this_machine_leaves_all_as_it_was() throws IOException {
    Backup whole = there.make(anna, Kind.MANUAL);
    Folders.delete(anna.plan().scratch());
    Files.writeString(anna.plan().scratch(), "no room for a folder");

    assertThatThrownBy(() -> by(anna).makeNow(A_MINUTE))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exitCode()).isEqualTo(Failure.INCOMPLETE))
        .hasMessageContaining("own disk");
    assertThat(anna.ledger().foldLease().isTaken()).isFalse();
    assertThatThrownBy(() -> new BackupProof(there.plan(anna)).examine(List.of(whole)))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("own disk");

    assertThat(there.backups().list()).containsExactly(whole);
    Files.delete(anna.plan().scratch());
    assertThat(by(anna).makeNow(A_MINUTE).backups()).hasSize(1);
  }

  @Test
  void weekly_ones_are_brought_to_other_storage_once_it_can_be_reached() throws IOException {
    Backup weekly = there.make(anna, Kind.WEEKLY);
    there.make(anna, Kind.DAILY);
    BackupFolder usb = new BackupFolder(folder.resolve("usb"));
    BackupCopies copies = new BackupCopies(there.plan(anna), usb.backups());

    assertThatThrownBy(copies::bring)
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exitCode()).isEqualTo(Failure.OFFLINE));
    Files.createDirectories(usb.folder());
    assertThat(copies.missing()).containsExactly(weekly);
    assertThat(copies.bring()).containsExactly(weekly);

    assertThat(copies.missing()).isEmpty();
    assertThat(usb.backups().list()).containsExactly(weekly);
    assertThat(usb.unpack(weekly).content("quotes")).isEqualTo(fleet.master().content("quotes"));
  }

  @Test
  void a_trial_restore_finds_a_backup_that_is_damaged() throws IOException {
    Rehearsal rehearsal = new Rehearsal(there.plan(anna));
    Backup backup = there.make(anna, Kind.DAILY);
    anna.edit("INSERT INTO quotes(id, title) VALUES('Q3', 'later')").syncWell();

    Rehearsed well = rehearsal.run();
    Path packed = there.folder().resolve("server").resolve(backup.name()).resolve("server.db.gz");
    Files.write(packed, Arrays.copyOf(Files.readAllBytes(packed), 500));
    Rehearsed notWell = rehearsal.run();

    assertThat(well.trouble()).isNull();
    assertThat(well.entry()).isEqualTo(2);
    assertThat(well.rows()).isEqualTo(3);
    assertThat(notWell.trouble()).contains("damaged");
    assertThat(there.backups().known().rehearsal()).contains(notWell);
    assertThat(rehearsal.isDue(anna.clock().instant(), Duration.ofDays(30))).isTrue();
    try (Stream<Path> scratch = Files.list(anna.plan().scratch())) {
      assertThat(scratch).isEmpty();
    }
  }

  @Test
  void a_trial_restore_is_due_once_in_its_time() {
    Rehearsal rehearsal = new Rehearsal(there.plan(anna));
    assertThat(rehearsal.isDue(anna.clock().instant(), Duration.ofDays(30))).isFalse();
    there.make(anna, Kind.DAILY);
    assertThat(rehearsal.isDue(anna.clock().instant(), Duration.ofDays(30))).isTrue();
    rehearsal.run();

    assertThat(rehearsal.isDue(anna.clock().instant(), Duration.ofDays(30))).isFalse();
    assertThat(
            rehearsal.isDue(anna.clock().instant().plus(Duration.ofDays(31)), Duration.ofDays(30)))
        .isTrue();
  }
}
