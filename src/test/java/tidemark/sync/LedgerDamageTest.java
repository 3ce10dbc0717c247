package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.look.Verify;
import tidemark.past.Differences;
import tidemark.run.Request;
import tidemark.share.ShareFiles;
import tidemark.testing.FleetTest;
import tidemark.testing.Folders;
import tidemark.testing.Ledgers;
import tidemark.testing.SettablePace;
import tidemark.testing.Workstation;
import tidemark.upkeep.health.Doctor;
import tidemark.upkeep.health.Finding;

/** Entries of the ledger are cut short, missing, flipped, or those of another day. */
class LedgerDamageTest extends FleetTest {
  @BeforeEach
  void threeThatHaveSynced() {
    everybodyHas(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
        "CREATE TABLE quotes(id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT)",
        "INSERT INTO parts VALUES('S1',1),('S2',2),('S3',3)",
        "INSERT INTO quotes(title) VALUES('first')");
    fleet.all().forEach(workstation -> workstation.pace = new SettablePace());
  }

  private Workstation join(String name) {
    Workstation workstation = fleet.workstation(name);
    workstation.pace = new SettablePace();
    return workstation;
  }

  private Path ledger() {
    return fleet.share().resolve("server.db-ledger");
  }

  private Path entry(long number) {
    return Ledgers.folderOf(ledger(), number).resolve("entry.jsonl.gz");
  }

  /** Writes an entry and says its number. */
  private long post(Workstation who, String... edits) {
    who.edit(edits);
    who.syncWell();
    return head();
  }

  private long head() {
    return Folders.in(ledger().resolve("entries/000")).stream()
        .mapToLong(Long::parseLong)
        .max()
        .orElse(0);
  }

  private static void assertRefused(DatabaseSync.Outcome outcome, String... words) {
    assertThat(outcome.failure()).isNotNull();
    assertThat(outcome.exitCode()).isEqualTo(Failure.REFUSED);
    assertThat(outcome.failure().whatFailed()).contains(words);
    assertThat(outcome.failure().hint()).contains("tidemark");
  }

  private List<String> parts(Workstation at) {
    return at.db().rows("SELECT sku, price FROM parts ORDER BY sku");
  }

  // ---- the last entry cut short

  private static void cutShort(Path entry) throws IOException {
    byte[] whole = Files.readAllBytes(entry);
    Files.write(entry, Arrays.copyOf(whole, whole.length / 2));
  }

  @Test
  void a_last_entry_cut_short_is_put_right_by_its_writer() throws IOException {
    long last = post(anna, "UPDATE parts SET price=10 WHERE sku='S1'");
    cutShort(entry(last));
    ben.edit("UPDATE parts SET price=20 WHERE sku='S2'");
    assertRefused(ben.sync(), "entry " + last, "damaged");
    anna.syncWell();
    fleet.settle().assertSame();
    assertThat(parts(ben)).containsExactly("S1|10.0", "S2|20.0", "S3|3.0");
  }

  @Test
  void a_last_entry_cut_short_that_nobody_kept_is_left_behind_by_a_new_ledger() throws IOException {
    anna.edit("UPDATE parts SET price=10 WHERE sku='S1'");
    anna.syncWell(); // and the master has it
    cutShort(entry(head()));
    Folders.delete(anna.folder()); // her machine is gone for good
    fleet.all().remove(anna);
    ben.edit("UPDATE parts SET price=20 WHERE sku='S2'");
    assertRefused(ben.sync(), "damaged");
    assertRefused(cara.sync(), "damaged");
    rebuild(ben);
    fleet.settle().assertSame();
    assertThat(parts(cara)).containsExactly("S1|10.0", "S2|20.0", "S3|3.0");
  }

  private static void rebuild(Workstation workstation) {
    var rebuilt =
        new LedgerRebuild(
                workstation.plan(), workstation.ledger(), workstation.clock(), settled -> {})
            .run(new Request(java.util.Set.of(), Direction.BOTH, workstation.conflicts, "manual"));
    assertThat(rebuilt.outcome().failure()).isNull();
  }

  // ---- an entry missing in the middle

  @ParameterizedTest
  @ValueSource(strings = {"missing", "flipped"})
  void an_entry_gone_bad_in_the_middle_stops_those_behind_until_one_who_has_it_looks(String how)
      throws IOException {
    long bad = post(anna, "UPDATE parts SET price=10 WHERE sku='S1'");
    post(anna, "DELETE FROM parts WHERE sku='S3'");
    spoil(how, bad);

    assertRefused(cara.sync(), "entry " + bad); // behind, with nothing to say
    cara.edit("UPDATE parts SET price=20 WHERE sku='S2'");
    assertRefused(cara.sync(), "entry " + bad); // behind, with an edit
    Workstation dora = join("dora");
    assertRefused(dora.sync(), "entry " + bad); // joins
    assertThat(doctor(dora)).anyMatch(found -> found.what().contains("entry " + bad));
    post(anna, "INSERT INTO quotes(title) VALUES('annas')"); // past it: goes on

    assertThat(verify(anna)).allMatch(Differences::areNone);
    fleet.settle().assertSame();
    assertThat(parts(dora)).containsExactly("S1|10.0", "S2|20.0");
    assertThat(dora.db().value("SELECT count(*) FROM quotes")).isEqualTo("2");
  }

  @Test
  void a_flipped_entry_that_a_snapshot_spares_all_but_one_is_put_right_for_him_too()
      throws IOException {
    long bad = post(anna, "UPDATE parts SET price=10 WHERE sku='S1'");
    post(anna, "DELETE FROM parts WHERE sku='S3'");
    Instant longAgo = Instant.now().minus(Duration.ofDays(100));
    Files.setLastModifiedTime(entry(1), FileTime.from(longAgo)); // retired by way of a snapshot
    fleet.master().execute("UPDATE sync_state SET value='0' WHERE key='cared'");
    long newest = post(anna, "INSERT INTO quotes(title) VALUES('annas')");
    assertThat(anna.ledger().snapshots()).containsExactly(newest);
    spoil("flipped", bad);
    join("dora").syncWell();
    assertRefused(cara.sync(), "entry " + bad);

    assertThat(verify(anna)).allMatch(Differences::areNone);
    fleet.settle().assertSame();
  }

  private static List<Finding> doctor(Workstation at) {
    return new Doctor(at.patient())
        .examine().stream().filter(found -> found.health() == Finding.Health.BAD).toList();
  }

  private static List<Differences> verify(Workstation at) {
    return new Verify(at.plan(), at.ledger(), at.clock()).run();
  }

  private void spoil(String how, long number) throws IOException {
    if (how.equals("missing")) {
      Folders.delete(entry(number).getParent());
      return;
    }
    byte[] bytes = Files.readAllBytes(entry(number));
    var written = Files.getLastModifiedTime(entry(number));
    bytes[bytes.length / 2] ^= 8;
    Files.write(entry(number), bytes);
    Files.setLastModifiedTime(entry(number), written); // a disk does not say so
  }

  @Test
  void a_missing_entry_comes_back_by_itself_within_the_hour() throws IOException {
    long bad = post(anna, "UPDATE parts SET price=10 WHERE sku='S1'");
    post(anna, "DELETE FROM parts WHERE sku='S3'");
    spoil("missing", bad);
    anna.clock().setError(Duration.ofMinutes(61));
    anna.syncWell();
    assertThat(entry(bad)).exists();
    fleet.settle().assertSame();
  }

  @Test
  void a_newest_entry_that_lost_its_bytes_is_put_right_by_itself_within_the_hour()
      throws IOException {
    long bad = post(anna, "UPDATE parts SET price=10 WHERE sku='S1'");
    post(anna, "DELETE FROM parts WHERE sku='S3'");
    spoil("flipped", bad);
    anna.clock().setError(Duration.ofMinutes(61));
    anna.syncWell();
    fleet.settle().assertSame();
  }

  @Test
  void one_that_nobody_kept_is_named_once_an_hour_and_stops_nobody_who_is_past_it()
      throws IOException {
    long bad = post(anna, "UPDATE parts SET price=10 WHERE sku='S1'");
    post(anna, "DELETE FROM parts WHERE sku='S3'");
    spoil("flipped", bad);
    Folders.delete(anna.folder().resolve("kept"));
    anna.clock().setError(Duration.ofMinutes(61));
    assertThat(anna.syncWell().report().notes()).anyMatch(note -> note.contains("entry " + bad));
    assertThat(anna.syncWell().report().notes()).isEmpty();
  }

  @Test
  void what_a_push_had_not_read_is_put_back_too_and_no_number_is_left_out() throws IOException {
    Path backup = folder.resolve("backup");
    Folders.copy(fleet.share(), backup);
    post(anna, "UPDATE parts SET price=10 WHERE sku='S1'");
    fleet.age(Duration.ofDays(180));
    post(anna, "DELETE FROM parts WHERE sku='S3'");
    ben.edit("UPDATE parts SET price=20 WHERE sku='S2'");
    ben.sync(Direction.PUSH);
    Folders.delete(fleet.share());
    Folders.copy(backup, fleet.share());

    ben.syncWell();
    cara.edit("INSERT INTO quotes(title) VALUES('caras')");
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(parts(cara)).containsExactly("S1|10.0", "S2|20.0");
  }

  // ---- somebody writes past a hole

  /** Cara's share hides all later entries, as stale listings do, until he has written there. */
  private void caraWritesPastTheHole(long hole, String... edits) {
    cara.tap =
        new ShareFiles.Tap() {
          @Override
          public List<Path> listed(Path folder, List<Path> there) {
            return there.stream().filter(path -> !isEntryAfter(hole, path)).toList();
          }
        };
    for (String edit : edits) {
      cara.edit(edit.split(";"));
      DatabaseSync.Outcome outcome = cara.sync();
      if (outcome.failure() != null) {
        assertRefused(outcome, "does not follow");
        assertThat(outcome.failure().hint()).contains("tidemark verify");
      }
    }
    cara.tap = ShareFiles.Tap.NONE;
    assertRefused(cara.sync(), "does not follow");
  }

  private static boolean isEntryAfter(long number, Path path) {
    String name = path.getFileName().toString();
    return name.matches("\\d{12}") && Long.parseLong(name) > number;
  }

  private void assertAllIsThere() {
    fleet.settle().assertSame();
    assertThat(parts(cara)).containsExactly("S1|10.0", "S2|20.0");
    assertThat(cara.db().rows("SELECT title FROM quotes ORDER BY 1"))
        .containsExactly("caras", "first");
    assertThat(join("dora").syncWell().success()).isTrue();
    fleet.settle().assertSame();
    assertThat(fleet.all()).allMatch(who -> who.conflicts().isEmpty());
  }

  @Test
  void an_entry_written_past_a_hole_gives_way_within_the_hour_and_its_edits_come_again() {
    long hole = post(anna, "UPDATE parts SET price=10 WHERE sku='S1'");
    post(anna, "DELETE FROM parts WHERE sku='S3'");
    Folders.delete(entry(hole).getParent());
    caraWritesPastTheHole(
        hole,
        "UPDATE parts SET price=20 WHERE sku='S2'; INSERT INTO quotes(title) VALUES('caras')");

    anna.clock().setError(Duration.ofMinutes(61));
    assertThat(anna.syncWell().report().notes()).anyMatch(note -> note.contains("put back"));
    assertAllIsThere();
  }

  @Test
  void several_written_past_a_hole_give_way_when_somebody_verifies() {
    long hole = post(anna, "UPDATE parts SET price=10 WHERE sku='S1'");
    post(anna, "UPDATE parts SET price=30 WHERE sku='S3'");
    post(anna, "DELETE FROM parts WHERE sku='S3'");
    Folders.delete(entry(hole).getParent());
    Folders.delete(entry(hole + 1).getParent());
    caraWritesPastTheHole(
        hole,
        "UPDATE parts SET price=20 WHERE sku='S2'",
        "INSERT INTO quotes(title) VALUES('caras')");

    assertThat(verify(anna)).allMatch(Differences::areNone);
    assertAllIsThere();
  }

  @Test
  void who_has_read_up_to_the_hole_puts_the_entry_back_though_somebody_wrote_there() {
    long hole = post(anna, "UPDATE parts SET price=10 WHERE sku='S1'");
    ben.syncWell();
    post(anna, "DELETE FROM parts WHERE sku='S3'");
    Folders.delete(entry(hole).getParent());
    caraWritesPastTheHole(
        hole,
        "UPDATE parts SET price=20 WHERE sku='S2'; INSERT INTO quotes(title) VALUES('caras')");

    assertThat(ben.syncWell().report().notes()).anyMatch(note -> note.contains("put back"));
    assertAllIsThere();
  }
}
