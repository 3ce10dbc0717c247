package tidemark.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tidemark.change.Change;
import tidemark.change.Columns;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.Values;
import tidemark.testing.Forgery;

class EntryFileTest {
  @Test
  void every_kind_of_line_comes_back_as_it_was() throws Exception {
    EntryFile.Packed packed = Samples.pack(7, "ab".repeat(32), Samples.rich());
    Entry read = EntryFile.decode(packed.bytes());

    assertThat(read.number()).isEqualTo(7);
    assertThat(read.id()).isEqualTo("id-7");
    assertThat(read.previous()).isEqualTo("ab".repeat(32));
    assertThat(read.hash()).isEqualTo(packed.entry().hash()).hasSize(64);
    assertThat(read.at()).isEqualTo(Samples.AT);
    assertThat(read.author()).isEqualTo(Samples.JOHN);
    assertThat(read.definitions()).isEqualTo(Samples.rich().definitions());
    assertThat(read.conflicts()).isEqualTo(Samples.rich().conflicts());
    sameChanges(read.changes(), Samples.rich().changes());
  }

  @Test
  void random_entries_come_back_bit_for_bit() throws Exception {
    long seed = System.nanoTime();
    LoggerFactory.getLogger(EntryFileTest.class).info("seed {}", seed);
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      Draft draft = Samples.random(random);
      byte[] packed = Samples.pack(1, "", draft).bytes();
      Entry read = EntryFile.decode(packed);
      sameChanges(read.changes(), draft.changes());
      Draft again = new Draft(read.definitions(), read.changes(), read.conflicts());
      assertThat(Samples.pack(1, "", again).bytes()).as("seed %s", seed).isEqualTo(packed);
    }
  }

  @Test
  void an_entry_written_by_several_processors_is_one_gzip_of_all_its_lines() throws Exception {
    long seed = System.nanoTime();
    LoggerFactory.getLogger(EntryFileTest.class).info("seed {}", seed);
    Random random = new Random(seed);
    List<Change> changes = new ArrayList<>();
    while (changes.size() < 3_300) {
      changes.addAll(Samples.random(random).changes());
    }
    byte[] packed = Samples.pack(1, "", new Draft(List.of(), changes, List.of())).bytes();
    sameChanges(EntryFile.decode(packed).changes(), changes);
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      assertThat(gzip.readAllBytes()).as("seed %s", seed).isEqualTo(Forgery.unpacked(packed));
    }
  }

  private static void sameChanges(List<Change> read, List<Change> written) {
    assertThat(read).hasSameSizeAs(written);
    for (int i = 0; i < read.size(); i++) {
      Change one = read.get(i);
      Change other = written.get(i);
      assertThat(withoutRow(one)).isEqualTo(withoutRow(other));
      assertThat(one.isDelete()).isEqualTo(other.isDelete());
      if (one.row() != null) {
        assertThat(one.row().columns()).isEqualTo(other.row().columns());
        for (int j = 0; j < one.row().values().length; j++) {
          assertThat(Values.same(one.row().values()[j], other.row().values()[j])).isTrue();
        }
      }
    }
  }

  private static Change withoutRow(Change c) {
    return new Change(c.table(), c.key(), null, c.at(), c.by(), c.born(), c.first(), c.token());
  }

  @Test
  void rows_of_one_table_share_their_columns() throws Exception {
    Draft draft =
        Samples.draft(Samples.put("A", "x", 1L), Samples.delete("B"), Samples.put("C", "y", 2L));
    List<Change> read = EntryFile.decode(Samples.pack(1, "", draft).bytes()).changes();
    assertThat(read.get(2).row().columns()).isSameAs(read.get(0).row().columns());
  }

  @Test
  void cut_short_anywhere_it_is_damaged() {
    byte[] packed = Samples.pack(1, "", Samples.rich()).bytes();
    for (int length = 0; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      assertThatThrownBy(() -> EntryFile.decode(cut))
          .as("%s of %s bytes", length, packed.length)
          .isInstanceOf(DamagedEntryException.class);
    }
    byte[] longer = Arrays.copyOf(packed, packed.length + 1);
    assertThatThrownBy(() -> EntryFile.decode(longer)).isInstanceOf(DamagedEntryException.class);
  }

  /** Deflate leaves a few bits unused, before its end for one: they alone may flip. */
  @Test
  void a_flipped_bit_is_noticed_or_changes_nothing() throws Exception {
    EntryFile.Packed whole = Samples.pack(1, "", Samples.rich());
    int unnoticed = 0;
    for (int bit = 0; bit < whole.bytes().length * 8; bit++) {
      byte[] flipped = whole.bytes().clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        Entry read = EntryFile.decode(flipped);
        assertThat(read.hash()).isEqualTo(whole.entry().hash());
        sameChanges(read.changes(), whole.entry().changes());
        unnoticed++;
      } catch (DamagedEntryException e) {
        assertThat(e).hasMessageStartingWith("it");
      }
    }
    assertThat(unnoticed).isLessThan(64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not gzip at all, and long enough to be looked at"})
  void what_is_no_entry_file_is_damaged(String text) {
    assertThatThrownBy(() -> EntryFile.decode(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(DamagedEntryException.class);
  }

  @Test
  void a_wrong_check_sum_is_damage_and_a_missing_one_too() {
    byte[] lines = (Samples.header(1) + "\n").getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> EntryFile.decode(Samples.pack(lines)))
        .isInstanceOf(DamagedEntryException.class);
    byte[] wrong =
        (Samples.header(1) + "\n{\"sha256\":\"" + "0".repeat(64) + "\"}\n")
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> EntryFile.decode(Samples.pack(wrong)))
        .isInstanceOf(DamagedEntryException.class);
  }

  @Test
  void a_newer_format_is_refused_by_name_whatever_its_trailer() {
    byte[] strange = (Samples.header(2) + "\nanything at all\n").getBytes(StandardCharsets.UTF_8);
    for (byte[] newer : List.of(Samples.packLines(Samples.header(2)), Samples.pack(strange))) {
      assertThatThrownBy(() -> EntryFile.decode(newer))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(Failure.REFUSED);
                assertThat(failure.whatFailed()).contains("written by a newer Tidemark");
                assertThat(failure.hint()).contains("Update");
              });
    }
  }

  @Test
  void fields_and_lines_of_later_times_are_passed_over() throws Exception {
    Entry read =
        EntryFile.decode(
            Samples.packLines(
                Samples.header(1).replace("}", ",\"new\":{\"a\":[1,2]}}"),
                "{}",
                "{\"later\":[1,{\"x\":2}],\"put\":3}",
                "{\"table\":\"quotes\",\"hint\":{},\"columns\":[\"id\"]}",
                "{\"put\":[1],\"color\":[\"red\"],\"token\":\"t\",\"row\":[1]}",
                "{\"delete\":[2],\"token\":\"t2\",\"x\":null}"));
    assertThat(read.changes()).hasSize(2);
    assertThat(read.changes().get(0).by()).isEqualTo("u");
    assertThat(read.changes().get(0).first()).isEqualTo("t");
    assertThat(read.changes().get(1).isDelete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"table\":\"sync_log\",\"columns\":[\"a\"]}",
        "{\"table\":\"SQLITE_master\"}",
        "{\"table\":\"\"}",
        "{\"table\":\"a\\u0000b\"}",
        "{\"table\":\"a\\nb\"}",
        "{\"table\":\"a\",\"columns\":[\"x\",\"x\"]}",
        "{\"table\":\"a\",\"columns\":[\"\"]}",
        "{\"table\":7}",
        "{\"put\":[1],\"token\":\"t\",\"row\":[1]}",
        "{\"delete\":[1],\"token\":\"t\"}",
        "{\"table\":\"a\",\"columns\":[\"x\"]}\n{\"put\":[1],\"row\":[1]}",
        "{\"table\":\"a\",\"columns\":[\"x\"]}\n{\"put\":[1],\"token\":\"t\"}",
        "{\"table\":\"a\",\"columns\":[\"x\"]}\n{\"put\":[1],\"token\":\"t\",\"row\":[1,2]}",
        "{\"table\":\"a\",\"columns\":[\"x\"]}\n{\"put\":[1],\"token\":\"t\",\"row\":[]}",
        "{\"table\":\"a\",\"columns\":[\"x\"]}\n{\"put\":[],\"token\":\"t\",\"row\":[1]}",
        "{\"table\":\"a\"}\n{\"delete\":[null],\"token\":\"t\"}",
        "{\"table\":\"a\"}\n{\"delete\":{},\"token\":\"t\"}",
        "{\"define\":\"sqlite_stat1\",\"ddl\":[],\"columns\":[\"x\"],\"key\":[\"x\"]}",
        "{\"define\":\"a\",\"column\":\"\\u0007\",\"ddl\":[]}",
        "{\"define\":\"a\",\"ddl\":\"DROP TABLE x\"}",
        "{\"conflict\":{\"id\":\"c\"}}",
        "{\"conflict\":[]}",
        "[1]",
        "42",
        "{\"put\""
      })
  void whole_but_hostile_or_malformed_it_is_refused(String line) {
    byte[] packed = Samples.packLines(Samples.header(1), line);
    assertThatThrownBy(() -> EntryFile.decode(packed))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(Failure.REFUSED));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no key at all| {}",
        "[]           | {}",
        "[null]       | {}",
        "{}           | {}",
        "[[1]]        | {}",
        "[1]          | half of {",
        "[1]          | [1,2]",
        "[1]          | {} {}",
        "[1]          | {\"a\":99999999999999999999}",
        "[1]          | {\"a\":1e400x}"
      })
  void a_conflict_whose_key_or_data_cannot_be_read_is_refused(String key, String data) {
    for (boolean local : new boolean[] {true, false}) {
      String line =
          Samples.conflictLine()
              .formatted(
                  Samples.quoted(key), local ? "localData" : "remoteData", Samples.quoted(data));
      assertThatThrownBy(() -> EntryFile.decode(Samples.packLines(Samples.header(1), line)))
          .isInstanceOfSatisfying(
              Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(Failure.REFUSED));
    }
  }

  @Test
  void a_conflict_that_can_be_read_is_taken() throws Exception {
    String line =
        Samples.conflictLine()
            .formatted(
                Samples.quoted("[\"Q1\",2]"),
                "localData",
                Samples.quoted("{\"a\":{\"b\":\"AQI=\"},\"more\":[{\"row\":{\"x\":true}}]}"));
    Entry read = EntryFile.decode(Samples.packLines(Samples.header(1), line));
    assertThat(read.conflicts().get(0).key()).isEqualTo("[\"Q1\",2]");
  }

  @Test
  void a_header_that_lacks_something_is_refused() {
    for (String field : List.of("number", "id", "previous", "at", "user", "workstation")) {
      String header = Samples.header(1).replace("\"" + field + "\"", "\"x\"");
      assertThatThrownBy(() -> EntryFile.decode(Samples.packLines(header)))
          .isInstanceOf(Failure.class)
          .hasMessageContaining(field);
    }
  }

  @Test
  void a_gzip_bomb_is_refused_before_it_is_unpacked() {
    byte[] random = new byte[300_000];
    new Random(1).nextBytes(random);
    byte[] bomb = Samples.pack(random);
    java.nio.ByteBuffer.wrap(bomb)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putInt(bomb.length - 4, EntryFile.MAX_UNPACKED + 1);
    assertThatThrownBy(() -> EntryFile.decode(bomb))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(Failure.REFUSED));
  }

  @Test
  void a_bomb_that_hides_its_size_stops_at_the_size_it_named() {
    byte[] zeros = new byte[1 << 20];
    byte[] bomb = Samples.pack(zeros);
    bomb[bomb.length - 2] = 0; // 1 MB becomes 0
    assertThatThrownBy(() -> EntryFile.decode(bomb)).isInstanceOf(DamagedEntryException.class);
  }

  @Test
  void a_writer_is_refused_what_readers_would_refuse() {
    Row row = new Row(new Columns(List.of("id")), new Object[] {1L});
    for (String table : List.of("sync_x", "Sqlite_x", "", "a\tb", "x".repeat(600))) {
      Change change = new Change(table, RowKey.of(1L), row, 1, "u", false, "t", "t");
      assertThatThrownBy(() -> Samples.pack(1, "", Samples.draft(change)))
          .as(table)
          .isInstanceOf(Failure.class);
    }
    Change keyless = new Change("a", RowKey.of(), row, 1, "u", false, "t", "t");
    assertThatThrownBy(() -> Samples.pack(1, "", Samples.draft(keyless)))
        .isInstanceOf(Failure.class);
  }

  @Test
  void half_a_surrogate_pair_comes_back_as_it_was() throws Exception {
    Draft draft = Samples.draft(Samples.put("Q", "half \uD83D a pair", "\uDE00"));
    sameChanges(EntryFile.decode(Samples.pack(1, "", draft).bytes()).changes(), draft.changes());
  }

  @Test
  void weight_is_never_far_below_what_a_change_takes() {
    for (Object value :
        List.of(
            "x".repeat(100_000),
            "\0".repeat(50_000),
            "ü€".repeat(50_000),
            "\uD83D\uDE00".repeat(20_000),
            new byte[90_000])) {
      Change change = Samples.put("Q", "c", value);
      Bytes lines = new Bytes(1000);
      byte[] packed = Samples.pack(1, "", Samples.draft(change)).bytes();
      lines.writeBytes(Forgery.unpacked(packed));
      assertThat(Weight.of(change)).isBetween(lines.size() - 500L, lines.size() + 500L);
    }
    assertThat(Weight.of(Samples.rich().conflicts().get(0))).isGreaterThan(500);
  }

  @Test
  void repeated_authors_and_times_are_written_once() {
    Draft draft = Samples.draft(Samples.put("A", "x", 1L), Samples.put("B", "y", 2L));
    String lines =
        new String(Forgery.unpacked(Samples.pack(1, "", draft).bytes()), StandardCharsets.UTF_8);
    assertThat(lines.lines().toList().get(2))
        .isEqualTo("{\"put\":[\"A\"],\"token\":\"t-A\",\"born\":true,\"row\":[\"A\",\"x\",1]}");
  }
}
