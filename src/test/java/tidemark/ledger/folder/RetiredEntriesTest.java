package tidemark.ledger.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Entry;
import tidemark.ledger.Ledger;
import tidemark.ledger.Samples;
import tidemark.ledger.TestShare.BreakingTap;

/** Snapshots, and old entries that make room for them in the archive. */
class RetiredEntriesTest extends TwoLedgers {
  @Test
  void nothing_is_retired_where_entries_do_not_follow_one_another() throws IOException {
    john.create();
    List<Entry> entries = appended(john, 4);
    john.addSnapshot(entries.get(3).position(), local("a.db", database(100, 1)));
    byte[] past = Samples.pack(3, entries.get(1).hash(), Samples.draft("past")).bytes();
    byte[] whole = Files.readAllBytes(share.entryFile(3));
    Files.write(share.entryFile(3), past);
    for (long upTo : new long[] {3, 4}) {
      failsWith(
          Failure.REFUSED,
          () -> {
            jane.retire(upTo);
            return null;
          });
    }
    assertThat(jane.info().orElseThrow().floor()).isZero();
    assertThat(Files.readAllBytes(share.entryFile(3))).isEqualTo(past);
    Files.write(share.entryFile(3), whole);
    jane.retire(3);
    jane.retire(4);
    assertThat(jane.info().orElseThrow().floor()).isEqualTo(4);
  }

  @Test
  void nothing_is_deleted_before_what_it_was_retired_to_is_on_the_disk() throws IOException {
    john.create();
    List<Entry> entries = appended(john, 2);
    john.addSnapshot(entries.get(1).position(), local("a.db", database(100, 1)));
    BreakingTap tap = new BreakingTap();
    share.ledger("john", tap).retire(1);
    List<String> steps =
        tap.operations.stream()
            .filter(step -> step.matches("(MOVE|FLUSH|DELETE) .*"))
            .filter(step -> !step.contains("/append/"))
            .toList();
    assertThat(steps.subList(0, 4))
        .containsExactly(
            "MOVE " + share.folder().resolve("archive/2025-01.zip"),
            "FLUSH " + share.folder().resolve("archive"),
            "MOVE " + share.folder().resolve("ledger.json"),
            "FLUSH " + share.folder());
    assertThat(steps.get(4)).startsWith("DELETE " + share.entryFile(1));
  }

  @Test
  void snapshots_come_back_byte_for_byte_newest_first() throws IOException {
    john.create();
    byte[] older = database(3_000_000, 1);
    byte[] newer = database(10_000, 2);
    assertThat(john.snapshot(local("none.db"))).isEmpty();
    john.addSnapshot(new Position(0, ""), local("a.db", older));
    john.addSnapshot(new Position(12, "ab"), local("b.db", newer));
    assertThat(jane.snapshots()).containsExactly(12L, 0L);
    Ledger.Snapshot got = jane.snapshot(local("c.db")).orElseThrow();
    assertThat(got.position()).isEqualTo(new Position(12, "ab"));
    assertThat(Files.readAllBytes(got.file())).isEqualTo(newer);

    Path packed = share.folder().resolve("snapshots/000000000012.db.gz");
    byte[] bytes = Files.readAllBytes(packed);
    bytes[bytes.length / 2] ^= 4;
    Files.write(packed, bytes);
    got = jane.snapshot(local("d.db")).orElseThrow();
    assertThat(got.position()).isEqualTo(Position.START);
    assertThat(Files.readAllBytes(got.file())).isEqualTo(older);

    Files.delete(share.folder().resolve("snapshots/000000000000.json"));
    failsWith(Failure.REFUSED, () -> jane.snapshot(local("e.db")));
    assertThat(local("e.db")).doesNotExist();
  }

  @Test
  void a_snapshot_that_is_longer_than_it_says_is_not_unpacked_to_its_end() throws IOException {
    john.create();
    john.addSnapshot(new Position(3, "ab"), local("a.db", new byte[50 << 20]));
    Path description = share.folder().resolve("snapshots/000000000003.json");
    String text = Files.readString(description).replace("52428800", "1000");
    Files.writeString(description, text);
    failsWith(Failure.REFUSED, () -> jane.snapshot(local("e.db")));
  }

  @Test
  void nothing_is_retired_without_a_whole_snapshot_for_it() throws IOException {
    john.create();
    List<Entry> entries = appended(john, 3);
    john.addSnapshot(entries.get(0).position(), local("a.db", database(100, 1)));
    failsWith(
        Failure.REFUSED,
        () -> {
          john.retire(2);
          return null;
        });
    assertThat(john.info().orElseThrow().floor()).isZero();
    assertThat(john.read(1)).isNotNull();
  }

  @Test
  void retired_entries_are_still_read_and_held_from_the_archive() throws IOException {
    john.create();
    List<Entry> entries = appended(john, 5);
    for (int i : new int[] {0, 2, 3, 4}) {
      john.addSnapshot(entries.get(i).position(), local("a.db", database(100, i)));
    }
    john.retire(2);
    john.retire(3);
    assertThat(jane.info().orElseThrow().floor()).isEqualTo(3);
    assertThat(share.folder().resolve("entries/000/000000000003")).doesNotExist();
    assertThat(share.folder().resolve("entries/000/000000000004")).exists();
    assertThat(share.folder().resolve("archive/2025-01.zip")).exists();
    assertThat(john.snapshots()).containsExactly(5L, 4L, 3L);
    for (Entry entry : entries) {
      assertThat(jane.read(entry.number()).hash()).isEqualTo(entry.hash());
      assertThat(jane.holds(entry.position())).isTrue();
    }
    assertThat(jane.holds(new Position(2, "ff".repeat(32)))).isFalse();

    john.retire(5);
    assertThat(john.snapshots()).containsExactly(5L, 4L);
    assertThat(jane.info().orElseThrow().floor()).isEqualTo(5);
    assertThat(jane.read(6)).isNull();
    Files.delete(share.folder().resolve("archive/2025-01.zip"));
    assertThat(jane.read(2)).isNull();
    assertThat(jane.holds(entries.get(4).position())).isTrue();
    assertThat(john.append(entries.get(4).position(), Samples.JOHN, Samples.draft("N")).number())
        .isEqualTo(6);
  }

  @Test
  void each_entry_goes_into_the_archive_of_its_month() throws IOException {
    john.create();
    Position head = Position.START;
    for (String day : List.of("2025-01-30", "2025-02-02", "2025-02-27", "2025-03-01")) {
      ShareLedger then = share.ledger("john", java.time.Instant.parse(day + "T12:00:00Z"));
      head = then.append(head, Samples.JOHN, Samples.draft(day)).position();
    }
    john.addSnapshot(head, local("a.db", database(100, 1)));
    john.retire(1);
    john.retire(4);
    assertThat(archived("2025-01")).containsExactly("000000000001.jsonl.gz");
    assertThat(archived("2025-02"))
        .containsExactly("000000000002.jsonl.gz", "000000000003.jsonl.gz");
    assertThat(archived("2025-03")).containsExactly("000000000004.jsonl.gz");
  }

  private List<String> archived(String month) throws IOException {
    List<String> names = new ArrayList<>();
    Path zip = share.folder().resolve("archive/" + month + ".zip");
    try (var in = new java.util.zip.ZipInputStream(Files.newInputStream(zip))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    return names;
  }

  @Test
  void a_damaged_archive_is_set_aside_and_what_is_new_is_kept() throws IOException {
    john.create();
    List<Entry> entries = appended(john, 4);
    john.addSnapshot(entries.get(3).position(), local("a.db", database(100, 1)));
    john.retire(2);
    Path zip = share.folder().resolve("archive/2025-01.zip");
    byte[] whole = Files.readAllBytes(zip);
    Files.write(zip, java.util.Arrays.copyOf(whole, whole.length / 3));
    john.retire(4);
    assertThat(john.read(4).hash()).isEqualTo(entries.get(3).hash());
    assertThat(share.folder().resolve("archive"))
        .isDirectoryContaining("glob:**2025-01.zip.damaged-*");
  }
}
