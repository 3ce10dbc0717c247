package tidemark.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.look.Verify;
import tidemark.run.Request;
import tidemark.testing.Fleet;
import tidemark.testing.Folders;
import tidemark.testing.SettablePace;
import tidemark.testing.Workstation;

/** Each file of a ledger in turn is damaged, and the team goes on. */
@Tag("heavy")
class EveryLedgerFileTest {
  private static final Logger LOG = LoggerFactory.getLogger(EveryLedgerFileTest.class);

  @TempDir Path folder;
  private final SettablePace pace = new SettablePace();

  enum Damage {
    FLIPPED,
    CUT_SHORT,
    EMPTY,
    MISSING;

    void to(Path file) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      switch (this) {
        case FLIPPED -> {
          bytes[bytes.length / 2] ^= 4;
          Files.write(file, bytes);
        }
        case CUT_SHORT -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        case EMPTY -> Files.write(file, new byte[0]);
        case MISSING -> Files.delete(file);
      }
    }
  }

  /** What it took until all could go on. */
  private enum Remedy {
    NONE,
    VERIFY,
    REBUILD
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void a_damaged_file_costs_no_edit_and_only_the_first_one_a_new_ledger(Damage damage)
      throws IOException {
    Path whole = folder.resolve("whole");
    prepare(team(whole));
    Map<String, Remedy> remedies = new TreeMap<>();
    for (String file : Folders.bytes(whole.resolve("share/server.db-ledger")).keySet()) {
      Path here = folder.resolve("damaged");
      Folders.copy(whole, here);
      damage.to(here.resolve("share/server.db-ledger").resolve(file));
      try {
        remedies.put(file, live(team(here)));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(damage + " " + file + ": " + e.getMessage(), e);
      }
      Folders.delete(here);
    }
    LOG.info("{}: {}", damage, remedies);
    assertThat(remedies).hasSizeGreaterThan(12);
    assertThat(remedies).containsEntry("ledger.json", Remedy.REBUILD);
    remedies.remove("ledger.json");
    assertThat(remedies).doesNotContainValue(Remedy.REBUILD);
  }

  private Fleet team(Path at) throws IOException {
    Files.createDirectories(at);
    Fleet fleet = new Fleet(at);
    for (String name : List.of("anna", "ben", "carl")) {
      join(fleet, name);
    }
    return fleet;
  }

  /** With a daemon: it takes looking twice to know that the owner of a lease is dead. */
  private void join(Fleet fleet, String name) {
    Workstation workstation = fleet.workstation(name);
    workstation.pace = pace;
    workstation.startDaemon();
  }

  /** Entries, some of them archived, snapshots, and the leases of one who died. */
  private static void prepare(Fleet fleet) throws IOException {
    Workstation anna = fleet.all().get(0);
    Workstation ben = fleet.all().get(1);
    anna.edit(
        "CREATE TABLE parts(sku TEXT PRIMARY KEY, price REAL)",
        "CREATE TABLE notes(id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT)",
        "INSERT INTO parts VALUES('S1',1),('S2',2),('S3',3),('S4',4)",
        "INSERT INTO notes(text) VALUES('first')");
    fleet.settle().assertSame();
    fleet.age(Duration.ofDays(100));
    fleet.settle();
    fleet.age(Duration.ofDays(100));
    ben.edit("UPDATE parts SET price=20 WHERE sku='S2'").syncWell();
    anna.edit("DELETE FROM parts WHERE sku='S3'").syncWell();
    ben.edit("INSERT INTO notes(text) VALUES('second')").syncWell();
    assertThat(ben.ledger().info().orElseThrow().floor()).isPositive();
    Path ledger = fleet.share().resolve("server.db-ledger");
    for (String of : List.of("append", "fold")) {
      Path lease = Files.createDirectories(ledger.resolve(of).resolve("lease"));
      Files.writeString(
          lease.resolve("owner.json"),
          "{\"nonce\":\"abc1\",\"user\":\"dead\",\"workstation\":\"PC-9\",\"pid\":9,\"since\":1}");
      Files.writeString(lease.resolve("beat-abc1"), "7");
    }
  }

  private Remedy live(Fleet fleet) {
    fleet.all().forEach(who -> who.edit("INSERT INTO notes(text) VALUES('" + who.name() + "')"));
    fleet.all().get(2).edit("UPDATE parts SET price=40 WHERE sku='S4'");
    boolean well = rounds(fleet);
    fleet.age(Duration.ofDays(100)); // snapshots and archive are asked for again
    join(fleet, "dora");
    well &= rounds(fleet);
    Remedy remedy = well ? Remedy.NONE : remedy(fleet);
    fleet.comeToRest(pace).assertSame();
    Workstation dora = fleet.all().get(3);
    assertThat(dora.db().rows("SELECT sku, price FROM parts ORDER BY sku"))
        .containsExactly("S1|1.0", "S2|20.0", "S4|40.0");
    assertThat(dora.db().rows("SELECT text FROM notes ORDER BY text"))
        .containsExactly("anna", "ben", "carl", "first", "second");
    if (remedy != Remedy.REBUILD) {
      assertThat(dora.conflicts()).isEmpty();
    }
    return remedy;
  }

  private boolean rounds(Fleet fleet) {
    boolean well = true;
    for (int round = 0; round < 3; round++) {
      well = true;
      for (Workstation workstation : fleet.all()) {
        DatabaseSync.Outcome outcome = workstation.sync();
        if (outcome.failure() != null) {
          assertThat(outcome.exitCode()).isIn(Failure.REFUSED, Failure.BUSY);
          assertThat(outcome.failure().hint()).isNotBlank();
        }
        well &= outcome.success();
      }
      pace.pass(Duration.ofSeconds(20));
    }
    return well;
  }

  private Remedy remedy(Fleet fleet) {
    for (Workstation who : fleet.all()) {
      try {
        new Verify(who.plan(), who.ledger(), who.clock()).run();
      } catch (Failure e) {
        assertThat(e.exitCode()).isEqualTo(Failure.REFUSED);
      }
    }
    if (rounds(fleet)) {
      return Remedy.VERIFY;
    }
    Workstation anna = fleet.all().get(0);
    new LedgerRebuild(anna.plan(), anna.ledger(), anna.clock(), settled -> {})
        .run(new Request(Set.of(), Direction.BOTH, anna.conflicts, "manual"));
    return Remedy.REBUILD;
  }
}
