package tidemark.ledger.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.DamagedEntryException;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;
import tidemark.ledger.Samples;
import tidemark.ledger.TestShare;

/** What a share loses or damages is noticed, and mended by whoever kept it. */
class LostEntryFilesTest extends TwoLedgers {
  @Test
  void a_position_holds_only_while_the_ledger_has_that_very_entry() throws IOException {
    john.create();
    Entry entry = appended(john, 1).get(0);
    assertThat(jane.holds(entry.position())).isTrue();
    assertThat(jane.holds(Position.START)).isTrue();
    assertThat(jane.holds(new Position(1, "ff".repeat(32)))).isFalse();
    assertThat(jane.holds(new Position(2, entry.hash()))).isFalse();

    byte[] other = Samples.pack(1, "", Samples.draft("other")).bytes();
    Files.write(share.entryFile(1), other);
    assertThat(jane.holds(entry.position())).isFalse();
  }

  @Test
  void an_entry_swapped_for_one_of_equal_size_is_noticed_by_its_time() throws IOException {
    john.create();
    Entry entry = appended(john, 1).get(0);
    Path file = share.entryFile(1);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 8] ^= 1;
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    assertThat(jane.kept(entry.position())).isNull();
    failsWith(Failure.REFUSED, () -> jane.holds(entry.position()));
    assertThat(john.holds(entry.position())).isTrue(); // mended from what john kept
    assertThat(jane.holds(entry.position())).isTrue();
  }

  @Test
  void a_damaged_entry_is_mended_by_whoever_kept_it_and_refused_by_others() throws IOException {
    john.create();
    appended(john, 3);
    byte[] whole = Files.readAllBytes(share.entryFile(2));
    byte[] flipped = whole.clone();
    flipped[40] ^= 16;
    for (byte[] damaged : List.of(flipped, new byte[0], new byte[] {1, 2, 3})) {
      Files.write(share.entryFile(2), damaged);
      assertThatThrownBy(() -> jane.read(2))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(Failure.REFUSED);
                assertThat(failure.whatFailed()).contains("entry 2 of the ledger is damaged");
                assertThat(failure.hint()).contains("ledger rebuild");
              });
      assertThat(Files.readAllBytes(share.entryFile(2))).isEqualTo(damaged);
      assertThat(john.read(2)).isNotNull();
      assertThat(Files.readAllBytes(share.entryFile(2))).isEqualTo(whole);
    }
    assertThat(jane.read(2)).isNotNull();
  }

  @Test
  void an_empty_folder_in_place_of_an_entry_is_damage_and_its_number_not_free() throws IOException {
    john.create();
    appended(john, 2);
    Files.delete(share.entryFile(2));
    Position one = john.read(1).position();
    failsWith(Failure.REFUSED, () -> jane.read(2));
    failsWith(Failure.REFUSED, () -> jane.append(one, Samples.JANE, Samples.draft("B")));
    assertThat(john.read(2)).isNotNull();
    assertThat(jane.read(2)).isNotNull();
  }

  @Test
  void an_entry_under_anothers_number_is_damage() throws IOException {
    john.create();
    appended(john, 2);
    Files.copy(
        share.entryFile(1), share.entryFile(2), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    failsWith(Failure.REFUSED, () -> jane.read(2));
    assertThat(john.read(2).number()).isEqualTo(2);
  }

  @Test
  void a_damaged_entry_is_not_mended_with_one_that_does_not_fit_its_neighbours()
      throws IOException {
    john.create();
    appended(john, 3);
    byte[] stranger = Samples.pack(2, "ff".repeat(32), Samples.draft("X")).bytes();
    share.kept("jane").keep(position(stranger), stranger, FileTime.fromMillis(5));
    Files.write(share.entryFile(2), new byte[] {1});
    failsWith(Failure.REFUSED, () -> jane.read(2));
  }

  private static Position position(byte[] packed) {
    try {
      return EntryFile.decode(packed).position();
    } catch (DamagedEntryException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void an_entry_offered_and_never_seen_mends_nothing() throws IOException {
    john.create();
    Entry theirs = john.append(Position.START, Samples.JOHN, Samples.draft("A"));
    byte[] offer = Samples.pack(1, "", Samples.draft("B")).bytes();
    share.kept("jane").offer(position(offer), offer, FileTime.fromMillis(5));
    byte[] whole = Files.readAllBytes(share.entryFile(1));
    Files.write(share.entryFile(1), new byte[] {1});
    failsWith(Failure.REFUSED, () -> jane.read(1));

    Files.write(share.entryFile(1), whole);
    assertThat(jane.read(1).hash()).isEqualTo(theirs.hash());
    assertThat(jane.offered()).isEmpty();
    assertThat(jane.kept(position(offer))).isNull();
  }

  @Test
  void what_the_share_lost_is_put_back_by_whoever_kept_it() throws IOException {
    john.create();
    List<Entry> entries = appended(john, 3);
    Map<String, Long> before = TestShare.sizes(share.folder());
    byte[] second = Files.readAllBytes(share.entryFile(2));
    share.lose(2);
    share.lose(3);

    assertThat(jane.putBack(entries.get(1).position())).isFalse();
    assertThat(john.holds(entries.get(2).position())).isFalse();
    assertThat(john.putBack(entries.get(1).position())).isTrue();
    assertThat(john.putBack(entries.get(2).position())).isTrue();
    assertThat(john.putBack(entries.get(2).position())).isTrue();
    assertThat(Files.readAllBytes(share.entryFile(2))).isEqualTo(second);
    assertThat(TestShare.sizes(share.folder())).isEqualTo(before);
    assertThat(jane.read(3).hash()).isEqualTo(entries.get(2).hash());
  }

  @Test
  void where_others_went_on_nothing_is_put_back_but_the_fork_can_be_read() throws IOException {
    john.create();
    Entry mine = appended(john, 1).get(0);
    share.lose(1);
    Entry theirs = jane.append(Position.START, Samples.JANE, Samples.draft("B"));
    assertThat(john.putBack(mine.position())).isFalse();
    assertThat(john.read(1).hash()).isEqualTo(theirs.hash());
    assertThat(john.kept(mine.position()).changes()).hasSize(1);
    assertThat(john.kept(new Position(9, mine.hash()))).isNull();
  }

  @Test
  void a_damaged_entry_is_put_back_in_place() throws IOException {
    john.create();
    Entry entry = appended(john, 1).get(0);
    byte[] whole = Files.readAllBytes(share.entryFile(1));
    Files.write(share.entryFile(1), new byte[] {7});
    assertThat(john.putBack(entry.position())).isTrue();
    assertThat(Files.readAllBytes(share.entryFile(1))).isEqualTo(whole);
  }

  private void assertNobodyWritesAfter(Entry last) {
    long next = last.number() + 1;
    failsWith(
        Failure.REFUSED,
        () -> jane.append(last.position(), Samples.JANE, Samples.draft("past the hole")));
    failsWith(
        Failure.REFUSED,
        () -> {
          jane.requireEnd(last.number());
          return null;
        });
    assertThat(share.entryFile(next)).doesNotExist();
  }

  @Test
  void nobody_writes_past_a_hole_at_the_end_of_a_thousand() throws IOException {
    john.create();
    List<Entry> entries = appended(john, new Position(997, "aa".repeat(32)), 7);
    share.lose(999);
    assertNobodyWritesAfter(entries.get(0));
    assertThat(john.putBack(entries.get(1).position())).isTrue();
    assertThat(jane.read(999).hash()).isEqualTo(entries.get(1).hash());
  }

  @Test
  void nobody_writes_where_a_thousands_folder_is_gone_while_later_ones_are_there()
      throws IOException {
    john.create();
    List<Entry> entries = appended(john, new Position(998, "aa".repeat(32)), 2);
    john.append(new Position(2004, "bb".repeat(32)), Samples.JOHN, Samples.draft("later"));
    share.lose(1000);
    assertNobodyWritesAfter(entries.get(0));
    Files.delete(share.folder().resolve("entries/001"));
    assertNobodyWritesAfter(entries.get(0));
  }

  @Test
  void an_empty_folder_of_a_later_thousand_is_no_entry_and_keeps_nobody_from_writing()
      throws IOException {
    john.create();
    Entry last = appended(john, 1).get(0);
    Files.createDirectory(share.folder().resolve("entries/001"));
    assertThat(jane.append(last.position(), Samples.JANE, Samples.draft("next"))).isNotNull();
  }

  @Test
  void what_was_written_past_a_hole_gives_way_to_the_entry_that_the_next_one_names()
      throws IOException {
    john.create();
    List<Entry> entries = appended(john, 4);
    byte[] lost = Files.readAllBytes(share.entryFile(2));
    EntryFile.Packed past = Samples.pack(2, entries.get(0).hash(), Samples.draft("past the hole"));
    Files.write(share.entryFile(2), past.bytes());
    Files.write(share.entryFile(4), Samples.pack(4, "ff".repeat(32), Samples.draft("X")).bytes());

    assertThat(john.putBack(entries.get(3).position())).isFalse(); // no later one names it
    assertThat(john.putBack(entries.get(1).position())).isTrue();
    assertThat(Files.readAllBytes(share.entryFile(2))).isEqualTo(lost);
    assertThat(jane.read(2).hash()).isEqualTo(entries.get(1).hash());
    Path beside =
        share
            .entryFile(2)
            .resolveSibling("past-" + past.entry().hash().substring(0, 16) + ".jsonl.gz");
    assertThat(Files.readAllBytes(beside)).isEqualTo(past.bytes());
  }
}
