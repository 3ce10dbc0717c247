package tidemark.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.share.ShareFiles;

class KeptEntriesTest {
  private static final FileTime TIME = FileTime.fromMillis(1_736_937_000_123L);

  @TempDir Path state;

  private Path folder() {
    return state.resolve("server").resolve("kept");
  }

  private static void keep(KeptEntries kept, EntryFile.Packed packed) {
    kept.keep(packed.entry().position(), packed.bytes(), TIME);
  }

  @Test
  void entries_are_kept_byte_for_byte_and_for_the_next_process() {
    EntryFile.Packed packed = Samples.pack(4, "", Samples.rich());
    keep(new KeptEntries(folder()), packed);
    KeptEntries kept = new KeptEntries(folder());
    assertThat(kept.bytes(packed.entry().position())).isEqualTo(packed.bytes());
    assertThat(kept.entry(packed.entry().position()).changes()).hasSize(4);
    assertThat(kept.bytes(new Position(5, packed.entry().hash()))).isNull();
    assertThat(kept.all(4)).hasSize(1);
    assertThat(kept.all(5)).isEmpty();
  }

  @Test
  void an_offer_is_on_the_disk_before_anybody_can_see_it_and_is_not_written_over_when_read() {
    TestShare.BreakingTap tap = new TestShare.BreakingTap();
    KeptEntries kept = new KeptEntries(folder(), 1000, 1 << 20, tap);
    EntryFile.Packed packed = Samples.pack(4, "", Samples.draft("A"));
    kept.offer(packed.entry().position(), packed.bytes(), TIME);
    assertThat(tap.operations)
        .extracting(operation -> operation.substring(0, operation.indexOf(' ')))
        .containsExactly("WRITE", "MOVE", "WRITE", "MOVE", "FLUSH");
    assertThat(tap.operations.get(4)).endsWith(folder().toString());

    tap.operations.clear();
    keep(kept, packed);
    assertThat(tap.operations).isEmpty();
    assertThat(kept.bytes(packed.entry().position())).isEqualTo(packed.bytes());
  }

  @Test
  void both_sides_of_a_fork_are_kept() {
    KeptEntries kept = new KeptEntries(folder());
    keep(kept, Samples.pack(4, "", Samples.draft("A")));
    keep(kept, Samples.pack(4, "", Samples.draft("B")));
    assertThat(kept.all(4)).hasSize(2);
  }

  @Test
  void the_oldest_make_room_by_number_and_by_size() throws IOException {
    KeptEntries kept = new KeptEntries(folder(), 3, 1 << 20, ShareFiles.Tap.NONE);
    for (int number = 1; number <= 5; number++) {
      keep(kept, Samples.pack(number, "", Samples.draft("A" + number)));
    }
    assertThat(kept.all(2)).isEmpty();
    assertThat(kept.all(3)).hasSize(1);
    assertThat(Files.list(folder())).hasSize(3);

    long two = 2L * Samples.pack(6, "", Samples.draft("A6")).bytes().length + 10;
    KeptEntries small = new KeptEntries(folder(), 1000, two, ShareFiles.Tap.NONE);
    keep(small, Samples.pack(6, "", Samples.draft("A6")));
    assertThat(Files.list(folder())).hasSize(2);
    assertThat(small.all(6)).hasSize(1);
  }

  @Test
  void a_damaged_kept_entry_is_as_good_as_not_kept() throws IOException {
    KeptEntries kept = new KeptEntries(folder());
    EntryFile.Packed packed = Samples.pack(4, "", Samples.draft("A"));
    keep(kept, packed);
    Path file = Files.list(folder()).findFirst().orElseThrow();
    Files.write(file, new byte[] {1, 2});
    assertThat(kept.bytes(packed.entry().position())).isNull();
    assertThat(kept.entry(packed.entry().position())).isNull();
    assertThat(kept.all(4)).isEmpty();
  }

  @Test
  void size_and_time_of_the_file_on_the_share_tell_that_it_did_not_change() throws IOException {
    KeptEntries kept = new KeptEntries(folder());
    EntryFile.Packed packed = Samples.pack(4, "", Samples.draft("A"));
    keep(kept, packed);
    Path there = Files.write(state.resolve("there"), packed.bytes());
    Files.setLastModifiedTime(there, TIME);
    Position position = packed.entry().position();
    assertThat(kept.unchanged(position, seen(there))).isTrue();
    assertThat(kept.unchanged(new Position(5, position.hash()), seen(there))).isFalse();
    Files.setLastModifiedTime(there, FileTime.fromMillis(TIME.toMillis() + 1));
    assertThat(kept.unchanged(position, seen(there))).isFalse();
    Files.write(there, new byte[] {1});
    Files.setLastModifiedTime(there, TIME);
    assertThat(kept.unchanged(position, seen(there))).isFalse();
  }

  private static BasicFileAttributes seen(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }

  @Test
  void an_offer_stands_until_its_number_is_known() {
    KeptEntries kept = new KeptEntries(folder());
    assertThat(kept.offered()).isNull();
    EntryFile.Packed offer = Samples.pack(4, "", Samples.draft("A"));
    Position position = offer.entry().position();
    kept.offer(position, offer.bytes(), TIME);
    assertThat(new KeptEntries(folder()).offered().hash()).isEqualTo(position.hash());
    kept.settled(new Position(3, "aa".repeat(32)));
    assertThat(kept.offered()).isNotNull();
    kept.settled(position);
    assertThat(kept.offered()).isNull();
    assertThat(kept.entry(position)).isNotNull();
  }

  @Test
  void an_offer_that_lost_is_forgotten() {
    KeptEntries kept = new KeptEntries(folder());
    for (boolean withdrawn : new boolean[] {true, false}) {
      EntryFile.Packed offer = Samples.pack(4, "", Samples.draft("A"));
      Position position = offer.entry().position();
      kept.offer(position, offer.bytes(), TIME);
      if (withdrawn) {
        kept.withdraw(position);
      } else {
        kept.settled(new Position(4, "aa".repeat(32)));
      }
      assertThat(kept.offered()).isNull();
      assertThat(kept.entry(position)).isNull();
    }
  }

  @Test
  void an_offer_that_cannot_be_read_is_none() throws IOException {
    KeptEntries kept = new KeptEntries(folder());
    Files.createDirectories(folder());
    Files.writeString(folder().resolve("offer"), "4 nonsense");
    assertThat(kept.offered()).isNull();
  }

  @Test
  void a_folder_that_cannot_be_used_is_named() throws IOException {
    Files.writeString(state.resolve("server"), "a file in the way");
    KeptEntries kept = new KeptEntries(folder());
    assertThatThrownBy(() -> keep(kept, Samples.pack(4, "", Samples.draft("A"))))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("folder of kept entries");
  }
}
