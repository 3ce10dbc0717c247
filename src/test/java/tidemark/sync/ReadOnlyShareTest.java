package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.ledger.Lease;
import tidemark.look.DatabaseStatus;
import tidemark.look.Status;
import tidemark.share.ShareFiles;
import tidemark.share.ShareFiles.Operation;
import tidemark.testing.FleetTest;
import tidemark.testing.SettablePace;
import tidemark.upkeep.health.Doctor;
import tidemark.upkeep.health.Finding;

/** A share of which everything can be read and nothing written. */
class ReadOnlyShareTest extends FleetTest {
  private static final Set<Operation> WRITING =
      EnumSet.of(Operation.WRITE, Operation.CREATE_DIRECTORY, Operation.MOVE, Operation.DELETE);

  @BeforeEach
  void notes() {
    everybodyHas(
        "CREATE TABLE notes(id TEXT PRIMARY KEY, text TEXT)", "INSERT INTO notes VALUES('n','1')");
    ben.pace = new SettablePace();
  }

  /** What several systems say of it, one in a language nobody expected. */
  private static List<IOException> refusals() {
    return List.of(
        new AccessDeniedException("there"),
        new FileSystemException("there", null, "Read-only file system"),
        new IOException("No space left on device"),
        new IOException("Es steht nicht genug Speicherplatz zur Verfügung"));
  }

  private static ShareFiles.Tap refusing(IOException why) {
    return new ShareFiles.Tap() {
      @Override
      public void before(Operation operation, Path path) throws IOException {
        if (WRITING.contains(operation)) {
          throw why;
        }
      }
    };
  }

  @Test
  void what_is_there_is_taken_and_own_edits_stay_pending() {
    for (IOException why : refusals()) {
      anna.edit("UPDATE notes SET text=text||'2' WHERE id='n'");
      anna.syncWell();
      String own = "own" + refusals().indexOf(why) + why.hashCode();
      ben.edit("INSERT INTO notes(id, text) VALUES('" + own + "','ben')");
      ben.tap = refusing(why);

      DatabaseSync.Outcome outcome = ben.sync();

      assertThat(ben.db().value("SELECT text FROM notes WHERE id='n'"))
          .as("read although " + why)
          .isEqualTo(anna.db().value("SELECT text FROM notes WHERE id='n'"));
      assertThat(outcome.status()).isEqualTo("partial");
      assertThat(outcome.exitCode()).isEqualTo(Failure.INCOMPLETE);
      assertThat(outcome.report().held().values())
          .singleElement()
          .asString()
          .contains("can only be read", "pending");
      DatabaseStatus status = new Status(ben.plan(), ben.ledger()).look();
      assertThat(status.onlyRead()).contains("can only be read");
      assertThat(status.pendingChanges()).isEqualTo(1);

      ben.tap = ShareFiles.Tap.NONE;
      ben.syncWell();
      assertThat(new Status(ben.plan(), ben.ledger()).look().onlyRead()).isNull();
    }
    fleet.settle().assertSame();
  }

  @Test
  void what_conflicts_meanwhile_is_decided_once_however_often_it_is_read() {
    anna.edit("UPDATE notes SET text='anna' WHERE id='n'");
    anna.syncWell();
    ben.edit("UPDATE notes SET text='ben' WHERE id='n'");
    ben.tap = refusing(refusals().get(0));
    ben.sync();
    ben.sync();
    ben.tap = ShareFiles.Tap.NONE;
    fleet.settle().assertSame();
    assertThat(kinds(ben)).hasSize(1);
    assertThat(kinds(anna)).isEqualTo(kinds(ben));
  }

  @Test
  void who_only_pulls_needs_no_more_and_says_nothing() {
    try (Lease.Held held = anna.ledger().foldLease().tryAcquire().orElseThrow()) {
      anna.edit("UPDATE notes SET text='2' WHERE id='n'");
      assertThat(anna.sync().report().masterBehind()).isEqualTo(1);
      assertThat(held.stillMine()).isTrue();
    }
    ben.direction = Direction.PULL;
    ben.edit("INSERT INTO notes(id, text) VALUES('own','ben')");
    ben.tap = refusing(refusals().get(0));

    DatabaseSync.Outcome outcome = ben.syncWell();

    assertThat(ben.db().value("SELECT text FROM notes WHERE id='n'")).isEqualTo("2");
    assertThat(outcome.report().notes()).isEmpty();
    DatabaseStatus status = new Status(ben.plan(), ben.ledger()).look();
    assertThat(status.onlyRead()).isNull();
    assertThat(status.masterTrouble()).isNull();
    assertThat(status.masterBehind()).isEqualTo(1);
  }

  @Test
  void the_doctor_says_so_but_to_whom_it_is_enough() {
    ben.tap = refusing(refusals().get(0));
    assertThat(new Doctor(ben.patient()).examine())
        .filteredOn(Finding::isTrouble)
        .extracting(Finding::what)
        .anyMatch(what -> what.contains("can only be read"));

    ben.direction = Direction.PULL;
    assertThat(new Doctor(ben.patient()).examine()).noneMatch(Finding::isTrouble);
  }

  @Test
  void a_new_workstation_joins() {
    var dora = fleet.workstation("dora");
    dora.tap = refusing(refusals().get(1));
    assertThat(dora.sync().failure()).isNull();
    assertThat(dora.db().content("notes")).isEqualTo(anna.db().content("notes"));
  }

  @Test
  void a_write_that_failed_once_is_a_link_that_broke() {
    ben.edit("INSERT INTO notes(id, text) VALUES('own','ben')");
    ben.tap =
        new ShareFiles.Tap() {
          private boolean broken;

          @Override
          public void before(Operation operation, Path path) throws IOException {
            if (WRITING.contains(operation) && !broken) {
              broken = true;
              throw new IOException("the link broke");
            }
          }
        };
    assertThat(ben.sync().status()).isEqualTo("offline");
    ben.syncWell();
  }
}
