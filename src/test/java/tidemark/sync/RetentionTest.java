package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.change.Direction;
import tidemark.ledger.Ledger;
import tidemark.share.ShareFiles;
import tidemark.testing.FleetTest;
import tidemark.testing.Folders;
import tidemark.testing.Workstation;

/** Entries go into the archive by age, and by what every living workstation has read. */
class RetentionTest extends FleetTest {
  private static final Duration PAST_RETENTION = Duration.ofDays(100);
  private static final Duration PAST_IT_TWICE = Duration.ofDays(190);

  @BeforeEach
  void caraHasReadTheFirstEntryOfThree() {
    begin(
        () -> {
          everybodyHas(
              "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
              "CREATE TABLE notes(id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT)",
              "INSERT INTO parts VALUES('S1',1),('S2',2),('S3',3)",
              "INSERT INTO notes(text) VALUES('first')");
          anna.edit("UPDATE parts SET price=10 WHERE sku='S1'").syncWell();
          ben.syncWell();
          ben.edit("DELETE FROM parts WHERE sku='S3'").syncWell();
          anna.syncWell();
        });
  }

  private Path ledger() {
    return fleet.share().resolve("server.db-ledger");
  }

  /** The entries there are were written so long ago, and nobody has looked after them today. */
  private void ageEntries(Duration by) throws IOException {
    age(ledger().resolve("entries"), by);
    aDayGoesBy();
  }

  private static void age(Path there, Duration by) throws IOException {
    written(there, Instant.now().minus(by));
  }

  private void aDayGoesBy() {
    fleet.master().execute("UPDATE sync_state SET value='0' WHERE key='cared'");
  }

  private Path fileOf(Workstation who) {
    String id = who.db().value("SELECT value FROM sync_state WHERE key='replica'");
    return ledger().resolve("workstations").resolve(id + ".json");
  }

  /** Has the master looked after the ledger, and says up to where entries are archived. */
  private long floorAfterCare() {
    ben.edit("UPDATE parts SET price=price+1 WHERE sku='S2'").syncWell();
    return ben.ledger().info().orElseThrow().floor();
  }

  @Test
  void an_old_entry_stays_until_every_living_workstation_has_read_it() throws IOException {
    ageEntries(PAST_RETENTION);
    assertThat(floorAfterCare()).isEqualTo(1);

    cara.syncWell();
    aDayGoesBy();
    assertThat(floorAfterCare()).isEqualTo(3);
    fleet.settle().assertSame();
    assertThat(cara.conflicts()).isEmpty();
  }

  @Test
  void a_workstation_that_wrote_nothing_for_as_long_as_entries_are_kept_is_not_waited_for()
      throws IOException {
    age(fileOf(cara), PAST_RETENTION);
    ageEntries(PAST_RETENTION);
    assertThat(floorAfterCare()).isEqualTo(3);
    cara.syncWell();
    fleet.settle().assertSame();
  }

  @Test
  void one_that_only_ever_pushes_is_waited_for_twice_as_long_and_no_longer() throws IOException {
    cara.edit("INSERT INTO notes(text) VALUES('caras')");
    cara.sync(Direction.PUSH);
    ageEntries(PAST_RETENTION);
    assertThat(floorAfterCare()).isEqualTo(1);
    ageEntries(PAST_IT_TWICE);
    assertThat(floorAfterCare()).isGreaterThan(3);
    cara.sync(Direction.PUSH);
    cara.syncWell();
    fleet.settle().assertSame();
    assertThat(anna.db().value("SELECT count(*) FROM notes")).isEqualTo("2");
  }

  @Test
  void the_table_that_has_read_least_counts() throws IOException {
    cara.sync(Direction.BOTH, "notes");
    cara.edit("INSERT INTO notes(text) VALUES('caras')");
    cara.sync(Direction.BOTH, "notes");
    ageEntries(PAST_RETENTION);
    assertThat(floorAfterCare()).isEqualTo(1);
  }

  @Test
  void a_file_that_does_not_say_what_its_workstation_read_keeps_what_it_may_need()
      throws IOException {
    Files.writeString(fileOf(anna), "{\"runs\":[7,{\"status\":");
    ageEntries(PAST_RETENTION);
    assertThat(floorAfterCare()).isZero();
    ageEntries(PAST_IT_TWICE);
    assertThat(floorAfterCare()).isEqualTo(4);
  }

  @Test
  void while_one_is_waited_for_no_snapshot_is_made_day_after_day() throws IOException {
    ageEntries(PAST_RETENTION);
    assertThat(floorAfterCare()).isEqualTo(1);
    for (int day = 0; day < 3; day++) {
      aDayGoesBy();
      floorAfterCare();
    }
    assertThat(ben.ledger().snapshots()).hasSize(1);
  }

  @Test
  void what_was_archived_can_still_be_read_by_everybody() throws IOException {
    cara.syncWell();
    ageEntries(PAST_RETENTION);
    assertThat(floorAfterCare()).isEqualTo(3);
    assertThat(Folders.in(ledger().resolve("archive"))).hasSize(1);
    Ledger ledger = anna.ledger();
    assertThat(ledger.info()).isPresent();
    for (long number = 1; number <= 4; number++) {
      assertThat(ledger.read(number)).as("entry " + number).isNotNull();
    }
  }

  @Test
  void a_table_passed_by_since_the_oldest_kept_entry_is_read_once_it_is_chosen()
      throws IOException {
    cara.syncWell();
    ageEntries(PAST_RETENTION);
    assertThat(floorAfterCare()).isEqualTo(3);
    FileUtils.deleteDirectory(ledger().resolve("archive").toFile());
    cara.selected = Set.of("notes");
    anna.edit("CREATE TABLE later(id TEXT PRIMARY KEY, text TEXT)")
        .edit("INSERT INTO later VALUES('l1','anna')")
        .syncWell();
    cara.syncWell();
    cara.selected = Set.of();
    cara.syncWell();
    assertThat(cara.db().rows("SELECT id, text FROM later")).containsExactly("l1|anna");
    fleet.settle().assertSame();
  }

  // ---- a share whose clock is wrong

  private static final Instant UNSET = Instant.parse("1970-01-01T07:00:00Z");

  private static void written(Path there, Instant time) throws IOException {
    try (var paths = Files.walk(there)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(time));
      }
    }
  }

  /** What ben writes on the share is written at this time. */
  private void clockOfTheShare(Instant time) {
    ben.tap =
        new ShareFiles.Tap() {
          @Override
          public void after(ShareFiles.Operation operation, Path path) throws IOException {
            if (operation == ShareFiles.Operation.WRITE) {
              Files.setLastModifiedTime(path, FileTime.from(time));
            }
          }
        };
  }

  @Test
  void nothing_is_retired_because_the_shares_clock_said_1970_when_it_was_written()
      throws IOException {
    cara.syncWell();
    written(ledger().resolve("entries"), UNSET);
    aDayGoesBy();
    assertThat(floorAfterCare()).isZero();

    Path next = ledger().resolve("entries/000/000000000004");
    age(next, PAST_RETENTION); // nor were those before it written later
    aDayGoesBy();
    fleet.settle();
    aDayGoesBy();
    assertThat(floorAfterCare()).isEqualTo(4);
  }

  @Test
  void a_workstation_that_wrote_while_the_shares_clock_said_1970_is_waited_for()
      throws IOException {
    written(fileOf(cara), UNSET);
    ageEntries(PAST_RETENTION);
    assertThat(floorAfterCare()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1970-01-01T07:00:00Z", "2099-01-01T00:00:00Z"})
  void nothing_is_retired_while_the_shares_clock_is_years_off(Instant then) throws IOException {
    cara.syncWell();
    ageEntries(PAST_RETENTION);
    clockOfTheShare(then);
    assertThat(floorAfterCare()).isZero();
    assertThat(ben.ledger().snapshots()).isEmpty();

    clockOfTheShare(Instant.now());
    aDayGoesBy();
    assertThat(floorAfterCare()).isEqualTo(3);
    fleet.settle().assertSame();
  }
}
