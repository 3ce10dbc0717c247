package tidemark.smb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Change;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.change.RowKey;
import tidemark.ledger.Author;
import tidemark.ledger.Draft;
import tidemark.ledger.Entry;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;

/** What several mounts ask of the server at the same moment, only one of them gets. */
@SmbTest
class RacesOverSmbTest {
  private static final int RACERS = 4;
  private static final int ROUNDS = 40;
  private static final Duration DEAD = Duration.ofSeconds(31);

  @TempDir Path folder;
  private Office office;
  private final List<Ledger> ledgers = new ArrayList<>();

  @BeforeEach
  void aServerAndItsClients() throws Exception {
    office = new Office(folder);
    for (int i = 0; i < RACERS; i++) {
      ledgers.add(office.workstation("pc" + i).ledger());
    }
  }

  @AfterEach
  void closeTheOffice() throws Exception {
    office.close();
  }

  private <T> List<T> race(Function<Ledger, T> work) throws Exception {
    return AtOnce.run(
        ledgers.stream()
            .map(ledger -> (java.util.concurrent.Callable<T>) () -> work.apply(ledger))
            .toList());
  }

  @Test
  void of_all_who_begin_a_ledger_one_does_and_all_have_the_same() throws Exception {
    assertThat(race(ledger -> ledger.create().id())).hasSize(RACERS).containsOnly(onlyLedger());
  }

  private String onlyLedger() {
    return ledgers.get(0).info().orElseThrow().id();
  }

  @Test
  void an_entrys_number_has_one_winner_in_every_race() throws Exception {
    ledgers.get(0).create();
    Position head = Position.START;
    for (int round = 0; round < ROUNDS; round++) {
      Position after = head;
      List<Entry> written = race(ledger -> append(ledger, after));
      assertThat(written.stream().filter(Objects::nonNull)).as("round " + round).hasSize(1);
      head = written.stream().filter(Objects::nonNull).findAny().orElseThrow().position();
      assertThat(race(ledger -> ledger.read(after.number() + 1).position())).containsOnly(head);
    }
  }

  private static Entry append(Ledger ledger, Position after) {
    String token = "of " + ledger;
    Change change = new Change("notes", RowKey.of("n"), null, 0, "x", false, token, token);
    return ledger.append(
        after, new Author("x", "x", "x"), new Draft(List.of(), List.of(change), List.of()));
  }

  @Test
  void a_free_lease_has_one_winner_in_every_race() throws Exception {
    ledgers.get(0).create();
    for (int round = 0; round < ROUNDS; round++) {
      onlyWinner(race(ledger -> ledger.foldLease().tryAcquire())).close();
    }
  }

  @Test
  void a_dead_ones_lease_has_one_heir_in_every_race_and_the_dead_one_learns_of_it()
      throws Exception {
    ledgers.get(0).create();
    Lease.Held dead = ledgers.get(0).foldLease().tryAcquire().orElseThrow();
    for (int round = 0; round < ROUNDS / 2; round++) {
      for (int look = 0; look < 2; look++) {
        assertThat(race(ledger -> ledger.foldLease().tryAcquire())).containsOnly(Optional.empty());
        office.pace().pass(DEAD.dividedBy(2));
      }
      List<Optional<Lease.Held>> tries = race(RacesOverSmbTest::inherit);
      while (tries.stream().allMatch(Optional::isEmpty)) {
        tries = race(RacesOverSmbTest::inherit);
      }
      Lease.Held heir = onlyWinner(tries);
      assertThat(dead.stillMine()).isFalse();
      dead = heir;
    }
  }

  /** A read of what another mount just renamed may fail in any way: so this try was in vain. */
  private static Optional<Lease.Held> inherit(Ledger ledger) {
    try {
      return ledger.foldLease().tryAcquire();
    } catch (Failure e) {
      assertThat(e.exitCode()).isEqualTo(Failure.OFFLINE);
      return Optional.empty();
    }
  }

  private static Lease.Held onlyWinner(List<Optional<Lease.Held>> tries) {
    List<Lease.Held> holders =
        tries.stream().flatMap(Optional::stream).filter(Lease.Held::stillMine).toList();
    assertThat(holders).hasSize(1);
    return holders.get(0);
  }
}
