package tidemark.ledger.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.Position;
import tidemark.ledger.Entry;
import tidemark.ledger.Samples;
import tidemark.ledger.TestShare;
import tidemark.share.ShareFiles;

/** A month's archive is all that is left of its entries: nothing takes its place that has less. */
class EntryArchiveTest {
  private static final YearMonth MONTH = YearMonth.of(2025, 1);
  private static final int FORMER = 20;
  private static final int ALL = 22;

  private TestShare share;
  private ShareEntries entries;
  private EntryArchive archive;
  private final List<Position> positions = new ArrayList<>();
  private byte[] whole;

  @BeforeEach
  void aMonthWithTwentyEntriesAndTwoMoreToCome() throws IOException {
    share = new TestShare();
    ShareLedger john = share.ledger("john");
    john.create();
    Position head = Position.START;
    for (int i = 0; i < ALL; i++) {
      head = john.append(head, Samples.JOHN, Samples.draft("Q" + i)).position();
      positions.add(head);
    }
    ShareFiles files = new ShareFiles(ShareFiles.Tap.NONE, share.pace);
    entries = new ShareEntries(files, share.folder(), share.kept("john"));
    archive = new EntryArchive(files, share.folder());
    archive.add(MONTH, positions.subList(0, FORMER), entries);
    whole = Files.readAllBytes(zip());
  }

  @AfterEach
  void closed() throws IOException {
    share.close();
  }

  private Path zip() {
    return share.folder().resolve("archive/2025-01.zip");
  }

  private List<Path> aside() throws IOException {
    try (var files = Files.list(zip().getParent())) {
      return files.filter(file -> !file.equals(zip())).toList();
    }
  }

  /** What the next retirement makes of a zip that is found like this. */
  private TreeSet<Long> heldAfterTheNext(byte[] found) throws IOException {
    for (Path file : aside()) {
      Files.delete(file);
    }
    Files.write(zip(), found);
    archive.add(MONTH, positions.subList(FORMER, ALL), entries);
    TreeSet<Long> held = new TreeSet<>();
    for (Position position : positions) {
      Entry entry = archive.read(position.number());
      if (entry != null) {
        assertThat(entry.position()).isEqualTo(position);
        held.add(position.number());
      }
    }
    return held;
  }

  private static TreeSet<Long> allBut(long... missing) {
    TreeSet<Long> all = new TreeSet<>();
    for (long number = 1; number <= ALL; number++) {
      all.add(number);
    }
    Arrays.stream(missing).forEach(all::remove);
    return all;
  }

  private void isSetAside(byte[] found) throws IOException {
    assertThat(aside())
        .singleElement()
        .satisfies(
            file -> {
              assertThat(file.getFileName().toString()).matches("2025-01.zip.damaged-[0-9a-f]{32}");
              assertThat(Files.readAllBytes(file)).isEqualTo(found);
            });
  }

  /** Where the nth of these four bytes begins. */
  private int find(int nth, int... signature) {
    int found = 0;
    for (int at = 0; at + 4 <= whole.length; at++) {
      if (whole[at] == signature[0]
          && whole[at + 1] == signature[1]
          && whole[at + 2] == signature[2]
          && whole[at + 3] == signature[3]
          && ++found == nth) {
        return at;
      }
    }
    throw new AssertionError("no such header");
  }

  private byte[] flipped(int at) {
    byte[] flipped = whole.clone();
    flipped[at] ^= 1;
    return flipped;
  }

  @Test
  void a_whole_month_goes_on_with_what_is_new_and_nothing_is_set_aside() throws IOException {
    assertThat(heldAfterTheNext(whole)).isEqualTo(allBut());
    assertThat(aside()).isEmpty();
  }

  @Test
  void a_bit_flipped_in_a_header_costs_no_entry_after_it() throws IOException {
    byte[] found = flipped(find(4, 'P', 'K', 3, 4));
    assertThat(heldAfterTheNext(found)).containsAll(allBut(4));
    isSetAside(found);
  }

  @Test
  void wherever_a_bit_is_flipped_all_other_entries_go_on_and_what_was_found_stays()
      throws IOException {
    int[] entry = {0, 6, 8, 14, 18, 22, 26, 28, 41, 52, 70}; // 41: it is called 5 instead of 4
    int[] directory = {0, 8, 10, 16, 20, 24, 28, 30, 42, 57};
    int[] end = {0, 8, 10, 12, 16, 20};
    List<Integer> places = new ArrayList<>();
    Arrays.stream(entry).map(at -> find(4, 'P', 'K', 3, 4) + at).forEach(places::add);
    Arrays.stream(directory).map(at -> find(4, 'P', 'K', 1, 2) + at).forEach(places::add);
    Arrays.stream(end).map(at -> find(1, 'P', 'K', 5, 6) + at).forEach(places::add);
    for (int at : places) {
      byte[] found = flipped(at);
      TreeSet<Long> held = heldAfterTheNext(found);
      assertThat(held).as("byte " + at).hasSizeGreaterThanOrEqualTo(ALL - 1);
      if (held.size() < ALL) {
        isSetAside(found);
      }
    }
  }

  @Test
  void zeros_after_a_power_cut_are_set_aside_and_so_is_what_was_cut_short() throws IOException {
    byte[] zeros = new byte[whole.length];
    assertThat(heldAfterTheNext(zeros)).containsExactly(21L, 22L);
    isSetAside(zeros);

    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    assertThat(heldAfterTheNext(half)).hasSizeGreaterThan(10).contains(1L, 9L, 21L, 22L);
    isSetAside(half);

    byte[] endsInZeros = whole.clone();
    Arrays.fill(endsInZeros, find(1, 'P', 'K', 1, 2), whole.length, (byte) 0);
    assertThat(heldAfterTheNext(endsInZeros)).isEqualTo(allBut());
    isSetAside(endsInZeros);

    byte[] beginsWithZeros = whole.clone();
    Arrays.fill(beginsWithZeros, 0, find(3, 'P', 'K', 3, 4), (byte) 0);
    assertThat(heldAfterTheNext(beginsWithZeros)).isEqualTo(allBut(1, 2));
    isSetAside(beginsWithZeros);

    assertThat(heldAfterTheNext(new byte[0])).containsExactly(21L, 22L);
    isSetAside(new byte[0]);
  }

  @Test
  void an_entry_that_is_not_what_its_name_or_the_ledger_says_is_damage() throws IOException {
    byte[] fifth = Files.readAllBytes(share.entryFile(5));
    byte[] underAnothersNumber = zipped("000000000004.jsonl.gz", fifth);
    assertThat(heldAfterTheNext(underAnothersNumber)).containsExactly(21L, 22L);
    isSetAside(underAnothersNumber);

    byte[] other = Samples.pack(21, positions.get(19).hash(), Samples.draft("other")).bytes();
    byte[] ofAFork = zipped("000000000021.jsonl.gz", other);
    assertThat(heldAfterTheNext(ofAFork)).containsExactly(21L, 22L);
    isSetAside(ofAFork);

    byte[] notOurs = zipped("notes.txt", "mine".getBytes(StandardCharsets.UTF_8));
    assertThat(heldAfterTheNext(notOurs)).containsExactly(21L, 22L);
    isSetAside(notOurs);
  }

  private static byte[] zipped(String name, byte[] bytes) throws IOException {
    var packed = new java.io.ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(packed)) {
      ZipEntry entry = new ZipEntry(name);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(bytes.length);
      CRC32 crc = new CRC32();
      crc.update(bytes);
      entry.setCrc(crc.getValue());
      out.putNextEntry(entry);
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  @Test
  void a_zip_that_reads_otherwise_than_it_was_written_takes_no_ones_place() throws IOException {
    UnaryOperator<byte[]> spoil =
        bytes -> {
          bytes[bytes.length / 2] ^= 1;
          return bytes;
        };
    ShareFiles.Tap disk =
        new ShareFiles.Tap() {
          @Override
          public void after(ShareFiles.Operation operation, Path path) throws IOException {
            if (operation == ShareFiles.Operation.WRITE && path.toString().endsWith(".part")) {
              Files.write(path, spoil.apply(Files.readAllBytes(path)));
            }
          }
        };
    EntryArchive onBadDisk = new EntryArchive(new ShareFiles(disk, share.pace), share.folder());
    assertThatThrownBy(() -> onBadDisk.add(MONTH, positions.subList(FORMER, ALL), entries))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("reads otherwise than it was written");
    assertThat(Files.readAllBytes(zip())).isEqualTo(whole);
  }

  @Test
  void an_entry_whose_bytes_went_bad_meanwhile_is_not_archived() throws IOException {
    byte[] entry = Files.readAllBytes(share.entryFile(21));
    entry[30] ^= 1;
    Files.write(share.entryFile(21), entry);
    assertThatThrownBy(() -> archive.add(MONTH, positions.subList(FORMER, ALL), entries))
        .isInstanceOf(IOException.class);
    assertThat(Files.readAllBytes(zip())).isEqualTo(whole);
  }

  @Test
  void entries_read_one_after_another_do_not_open_the_zip_each() throws IOException {
    TestShare.BreakingTap tap = new TestShare.BreakingTap();
    EntryArchive counted = new EntryArchive(new ShareFiles(tap, share.pace), share.folder());
    for (long number = FORMER; number > 0; number--) {
      assertThat(counted.read(number).position()).isEqualTo(positions.get((int) number - 1));
    }
    assertThat(counted.read(0)).isNull();
    for (long number = 1; number <= FORMER; number++) {
      assertThat(counted.read(number).position()).isEqualTo(positions.get((int) number - 1));
    }
    assertThat(counted.read(FORMER + 1)).isNull();
    assertThat(tap.operations).hasSizeLessThan(15);
  }
}
