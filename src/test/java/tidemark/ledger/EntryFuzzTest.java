package tidemark.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tidemark.change.Change;
import tidemark.change.Failure;
import tidemark.testing.Forgery;
import tidemark.testing.Fuzz;
import tidemark.testing.Mutator;

/** Whatever stands where an entry should: it is read as one that keeps the rules, or refused. */
class EntryFuzzTest {
  private static final Duration MOST = Duration.ofSeconds(5);

  @Test
  void any_bytes_are_an_entry_that_keeps_the_rules_or_are_refused() {
    Fuzz.cases("entries", 3_000, MOST, EntryFuzzTest::readOrRefused);
  }

  private static void readOrRefused(Random random) {
    Mutator mutator = new Mutator(random);
    Draft draft = mutator.chance(3) ? Samples.rich() : mixed(random);
    byte[] packed = Samples.pack(1, "", draft).bytes();
    Entry entry;
    try {
      entry = EntryFile.decode(Forgery.mutated(packed, mutator));
    } catch (DamagedEntryException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    } catch (Failure failure) {
      assertThat(failure.exitCode()).isEqualTo(Failure.REFUSED);
      assertThat(failure.whatFailed()).isNotBlank().doesNotContain("Exception");
      assertThat(failure.whatFailed().length()).as(failure.whatFailed()).isLessThan(2_000);
      assertThat(failure.hint()).isNotBlank();
      return;
    }
    Entry again = again(entry); // whatever can be read can be written
    assertThat(again(again).hash()).isEqualTo(again.hash());
  }

  private static Draft mixed(Random random) {
    Draft rich = Samples.rich();
    List<Change> changes = new ArrayList<>(Samples.random(random).changes());
    changes.addAll(rich.changes());
    return new Draft(rich.definitions(), changes, rich.conflicts());
  }

  private static Entry again(Entry entry) {
    Draft draft = new Draft(entry.definitions(), entry.changes(), entry.conflicts());
    byte[] packed =
        EntryFile.encode(
                entry.number(), entry.id(), entry.previous(), entry.at(), entry.author(), draft)
            .bytes();
    try {
      return EntryFile.decode(packed);
    } catch (DamagedEntryException e) {
      throw new AssertionError(e);
    }
  }
}
