package tidemark.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.ConflictRule;
import tidemark.change.Failure;
import tidemark.master.Fold;
import tidemark.past.Rewind;
import tidemark.past.RewindScope;
import tidemark.past.Rollback;
import tidemark.run.Request;
import tidemark.sync.DatabaseSync;
import tidemark.sync.MasterRestore;
import tidemark.testing.Folders;
import tidemark.testing.PairTest;
import tidemark.testing.Workstation;
import tidemark.upkeep.backup.Backup;
import tidemark.upkeep.backup.Backup.Kind;
import tidemark.upkeep.backup.BackupSources;

/** What the ledger no longer tells, a backup does; a damaged one is never taken. */
class RestoreFromBackupTest extends PairTest {
  private static final Request REQUEST = Request.byHand(ConflictRule.NEWEST);

  private BackupFolder there;

  @BeforeEach
  void twoWorkstationsAndTwoBackups() throws IOException {
    everybodyHas(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
        "INSERT INTO parts VALUES('S1',1),('S2',2),('S3',3)");
    there = new BackupFolder(Files.createDirectories(folder.resolve("backups")));
  }

  private BackupSources sources() {
    return new BackupSources(List.of(there.backups()));
  }

  private Fold.Made restoreMaster() {
    return new MasterRestore(anna.plan(), anna.ledger(), anna.clock(), sources()).run();
  }

  private static void damageAll(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.filter(file -> file.toString().endsWith(ending)).forEach(Folders::spoil);
    }
  }

  private Path ledgerFolder() {
    return fleet.share().resolve("server.db-ledger");
  }

  /** The ledger keeps a snapshot and the entries after it; the archive is gone. */
  private void retireAll() {
    for (int times = 0; times < 4; times++) {
      fleet.age(Duration.ofDays(100));
      anna.edit("UPDATE parts SET price=price+1").syncWell();
      fleet.settle();
    }
    assertThat(anna.ledger().info().orElseThrow().floor()).isGreaterThan(2);
    Folders.delete(ledgerFolder().resolve("archive"));
  }

  @Test
  void a_master_is_made_from_a_backup_and_entries_where_no_snapshot_is_whole() throws IOException {
    retireAll();
    there.make(ben, Kind.DAILY);
    Backup newest = there.make(ben, Kind.MANUAL);
    anna.edit("UPDATE parts SET price=9 WHERE sku='S1'");
    fleet.settle();
    damageAll(ledgerFolder().resolve("snapshots"), ".db.gz");
    damageAll(there.folder().resolve("server").resolve(newest.name()), ".gz");
    Folders.spoil(fleet.master().file());
    Files.write(fleet.master().file(), new byte[5000]);

    Fold.Made restored = restoreMaster();

    assertThat(restored.wasWhole()).isFalse();
    assertThat(restored.aside().orElseThrow()).exists();
    fleet.settle().assertSame();
  }

  @Test
  void without_any_whole_copy_it_is_refused_and_the_damaged_master_stands() throws IOException {
    retireAll();
    Backup only = there.make(ben, Kind.DAILY);
    damageAll(ledgerFolder().resolve("snapshots"), ".db.gz");
    damageAll(there.folder().resolve("server").resolve(only.name()), ".gz");
    Files.write(fleet.master().file(), new byte[5000]);

    assertThatThrownBy(this::restoreMaster)
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exitCode()).isEqualTo(Failure.REFUSED))
        .hasMessageContaining("damaged");
    assertThat(Files.size(fleet.master().file())).isEqualTo(5000);
    assertThat(Folders.in(fleet.share())).containsExactly("server.db", "server.db-ledger");
  }

  private Rewind.Result rollBack(Rollback.Moment moment) {
    Rollback.Done done =
        new Rollback(anna.plan(), anna.ledger(), anna.clock(), sources())
            .run(moment, new RewindScope(null, null, null, null, null, false), REQUEST);
    fleet.settle().assertSame();
    return done.result();
  }

  @Test
  void a_moment_whose_entries_are_gone_is_reached_by_the_backup_of_it() {
    Backup backup = there.make(ben, Kind.DAILY);
    List<String> then = fleet.master().content("parts");
    ben.edit("UPDATE parts SET price=77", "DELETE FROM parts WHERE sku='S2'");
    fleet.settle();
    retireAll();

    assertThatThrownBy(() -> rollBack(Rollback.Moment.of(backup.position().number() + 1)))
        .hasMessageContaining("is not kept any more");
    Rewind.Result result =
        rollBack(
            new Rollback.Moment(
                backup.position().number(),
                Optional.of(
                    into -> {
                      there.backups().unpack(backup, into);
                      return Optional.of(backup.position());
                    })));

    assertThat(result.rows()).isEqualTo(3);
    assertThat(anna.db().rows("SELECT sku, price FROM parts ORDER BY 1"))
        .containsExactly("S1|1.0", "S2|2.0", "S3|3.0");
    assertThat(then).hasSize(3);
  }

  @Test
  void where_the_share_lost_everything_it_begins_anew_with_a_backup_and_nobody_loses_an_edit() {
    Backup backup = there.make(ben, Kind.DAILY);
    ben.edit("UPDATE parts SET price=20 WHERE sku='S2'", "DELETE FROM parts WHERE sku='S3'");
    fleet.settle();
    anna.edit("INSERT INTO parts(sku, price) VALUES('S4',4)"); // not sent yet
    Folders.delete(ledgerFolder());
    fleet.master().file().toFile().delete();
    MasterRestore restore = new MasterRestore(anna.plan(), anna.ledger(), anna.clock(), sources());
    assertThat(restore.nothingIsLeft()).isTrue();

    Path copy = folder.resolve("copy.db");
    there.backups().unpack(backup, copy);
    DatabaseSync.Outcome run = restore.beginWith(copy, REQUEST);

    assertThat(run.success()).isTrue();
    fleet.settle().assertSame();
    assertThat(ben.db().rows("SELECT sku, price FROM parts ORDER BY 1"))
        .containsExactly("S1|1.0", "S2|20.0", "S4|4.0");
    Workstation carl = fleet.workstation("carl");
    carl.syncWell();
    fleet.settle().assertSame();
  }

  @Test
  void a_share_that_still_has_something_does_not_begin_anew() {
    Backup backup = there.make(ben, Kind.DAILY);
    Path copy = folder.resolve("copy.db");
    there.backups().unpack(backup, copy);
    Folders.delete(ledgerFolder());
    MasterRestore restore = new MasterRestore(anna.plan(), anna.ledger(), anna.clock(), sources());
    assertThatThrownBy(() -> restore.beginWith(copy, REQUEST))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.hint()).contains("ledger rebuild"));
    assertThat(ledgerFolder()).doesNotExist();
  }
}
