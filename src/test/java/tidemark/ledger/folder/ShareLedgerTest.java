package tidemark.ledger.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Author;
import tidemark.ledger.DamagedEntryException;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;
import tidemark.ledger.KeptEntries;
import tidemark.ledger.Ledger;
import tidemark.ledger.Samples;
import tidemark.ledger.TestShare;
import tidemark.ledger.TestShare.BreakingTap;
import tidemark.share.ShareFiles;

class ShareLedgerTest {
  private TestShare share;
  private ShareLedger john;
  private ShareLedger jane;

  @BeforeEach
  void aShareWithTwoWorkstations() throws IOException {
    share = new TestShare();
    john = share.ledger("john");
    jane = share.ledger("jane");
  }

  @AfterEach
  void closed() throws IOException {
    share.close();
  }

  private List<Entry> appended(ShareLedger ledger, int number) {
    return appended(ledger, Position.START, number);
  }

  private List<Entry> appended(ShareLedger ledger, Position after, int number) {
    List<Entry> entries = new ArrayList<>();
    Position head = after;
    for (int i = 0; i < number; i++) {
      Entry entry = ledger.append(head, Samples.JOHN, Samples.draft("Q" + i));
      entries.add(entry);
      head = entry.position();
    }
    return entries;
  }

  private static void failsWith(int exitCode, Callable<?> work) {
    assertThatThrownBy(work::call)
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(exitCode));
  }

  @Test
  void where_the_folder_is_but_no_ledger_there_is_none() {
    assertThat(john.info()).isEmpty();
  }

  @Test
  void where_the_folder_is_missing_the_share_is_offline() throws IOException {
    Files.delete(share.root);
    failsWith(Failure.OFFLINE, john::info);
    failsWith(Failure.OFFLINE, john::create);
  }

  @Test
  void a_new_ledger_is_seen_by_all_and_the_first_stays() {
    Ledger.Info made = john.create();
    assertThat(made.floor()).isZero();
    assertThat(jane.create()).isEqualTo(made);
    assertThat(jane.info()).contains(made);
    assertThat(share.root).isDirectoryNotContaining("glob:**.new-*");
  }

  @Test
  void a_ledger_that_lost_its_first_file_is_refused_and_never_begun_anew() throws IOException {
    john.create();
    Files.delete(share.folder().resolve("ledger.json"));
    failsWith(Failure.REFUSED, john::info);
    failsWith(Failure.REFUSED, john::create);
  }

  @Test
  void a_ledger_of_a_newer_format_or_that_cannot_be_read_is_refused() throws IOException {
    john.create();
    Path file = share.folder().resolve("ledger.json");
    for (String text :
        List.of("{\"id\":\"x\",\"format\":2,\"floor\":0}", "{\"id\":", "[]", "{\"format\":1}")) {
      Files.writeString(file, text);
      failsWith(Failure.REFUSED, john::info);
      assertThat(file).hasContent(text);
    }
  }

  @Test
  void an_entry_is_read_as_it_was_appended_and_names_its_predecessor() {
    john.create();
    List<Entry> entries = appended(john, 3);
    for (Entry entry : entries) {
      Entry read = jane.read(entry.number());
      assertThat(read.position()).isEqualTo(entry.position());
      assertThat(read.author()).isEqualTo(Samples.JOHN);
      assertThat(read.changes()).hasSameSizeAs(entry.changes());
    }
    assertThat(entries.get(0).previous()).isEmpty();
    assertThat(entries.get(2).previous()).isEqualTo(entries.get(1).hash());
    assertThat(jane.read(4)).isNull();
    assertThat(jane.read(0)).isNull();
  }

  @Test
  void the_second_to_append_a_number_gets_nothing_and_leaves_nothing() throws IOException {
    john.create();
    Entry first = john.append(Position.START, Samples.JOHN, Samples.draft("A"));
    assertThat(jane.append(Position.START, Samples.JANE, Samples.draft("B"))).isNull();
    assertThat(jane.read(1).hash()).isEqualTo(first.hash());
    assertThat(Files.list(share.folder().resolve("append"))).isEmpty();
    assertThat(jane.offered()).isEmpty();
  }

  @Test
  void eight_racing_workstations_have_one_winner_per_number(@TempDir Path real) throws Exception {
    race(real.resolve("server.db"), real.resolve("state"));
    race(share.master(), share.fileSystem.getPath("/race"));
  }

  private void race(Path master, Path state) throws Exception {
    int racers = 8;
    int each = 6;
    List<ShareLedger> ledgers = new ArrayList<>();
    for (int i = 0; i < racers; i++) {
      Author me = new Author("u" + i, "PC-" + i, "r" + i);
      ShareFiles files = new ShareFiles(ShareFiles.Tap.NONE, share.pace);
      KeptEntries kept = new KeptEntries(state.resolve("kept" + i));
      ledgers.add(
          new ShareLedger(master, kept, me, java.time.Duration.ofSeconds(30), share.clock, files));
    }
    ledgers.get(0).create();
    ExecutorService threads = Executors.newFixedThreadPool(racers);
    List<Future<List<Position>>> running = new ArrayList<>();
    for (ShareLedger ledger : ledgers) {
      running.add(threads.submit(() -> wins(ledger, each)));
    }
    List<Position> won = new ArrayList<>();
    for (Future<List<Position>> run : running) {
      won.addAll(run.get());
    }
    threads.shutdown();
    assertThat(won).hasSize(racers * each).doesNotHaveDuplicates();
    assertThat(won.stream().map(Position::number).distinct()).hasSize(racers * each);
    String previous = "";
    for (long number = 1; number <= won.size(); number++) {
      Entry entry = ledgers.get(0).read(number);
      assertThat(won).contains(entry.position());
      assertThat(entry.previous()).isEqualTo(previous);
      previous = entry.hash();
    }
  }

  private static List<Position> wins(ShareLedger ledger, int number) {
    List<Position> won = new ArrayList<>();
    Position head = Position.START;
    while (won.size() < number) {
      Entry next = ledger.read(head.number() + 1);
      while (next != null) {
        head = next.position();
        next = ledger.read(head.number() + 1);
      }
      Entry mine = ledger.append(head, Samples.JOHN, Samples.draft("Q" + head.number()));
      if (mine != null) {
        won.add(mine.position());
      }
    }
    return won;
  }

  @Test
  void a_look_with_nothing_to_do_takes_four_operations() {
    john.create();
    Entry last = appended(john, 3).get(2);
    jane.read(1);
    jane.read(2);
    jane.read(3);
    jane.masterState(new Ledger.MasterState(last.position(), 1, 2, 3, 4, List.of()));
    for (String workstation : List.of("john", "jane")) {
      BreakingTap tap = new BreakingTap();
      ShareLedger again = share.ledger(workstation, tap);
      assertThat(again.info()).isPresent();
      assertThat(again.holds(last.position())).isTrue();
      assertThat(again.read(4)).isNull();
      assertThat(again.masterState()).isPresent();
      assertThat(tap.operations).hasSize(4);
    }
  }

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
  void an_entry_is_on_the_disk_under_its_number_before_anybody_relies_on_it() {
    john.create();
    BreakingTap tap = new BreakingTap();
    ShareLedger jim = share.ledger("jim", tap);
    appended(jim, 1);
    Path folder = share.entryFile(1).getParent();
    int rename = tap.operations.indexOf("MOVE " + folder);
    assertThat(rename).isPositive();
    assertThat(tap.operations.get(rename - 2)).startsWith("FLUSH " + share.folder() + "/append/");
    assertThat(tap.operations.get(rename + 1)).isEqualTo("FLUSH " + folder.getParent());
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
  void the_thousandth_entry_gets_the_next_folder() throws IOException {
    john.create();
    Entry entry = john.append(new Position(999, "aa".repeat(32)), Samples.JOHN, Samples.draft("A"));
    assertThat(entry.number()).isEqualTo(1000);
    assertThat(share.folder().resolve("entries/001/000000001000/entry.jsonl.gz")).exists();
    assertThat(john.writtenAt(1000))
        .isEqualTo(Files.getLastModifiedTime(share.entryFile(1000)).toMillis());
    assertThat(john.writtenAt(1001)).isNull();
  }

  @Test
  void the_share_clock_is_read_from_a_file_that_does_not_stay() throws IOException {
    john.create();
    long now = System.currentTimeMillis();
    assertThat(john.clockSkew() + Samples.AT).isBetween(now - 60_000, now + 60_000);
    assertThat(Files.list(share.folder().resolve("append"))).isEmpty();
    Entry entry = john.append(Position.START, Samples.JOHN, Samples.draft("A"));
    assertThat(entry.at()).isBetween(now - 60_000, now + 60_000);
  }

  @Test
  void workstations_publish_what_all_can_read() throws IOException {
    john.create();
    john.publish("john-1", "{\"a\":1}");
    john.publish("john-1", "{\"a\":2}");
    jane.publish("jane_2", "{}");
    Files.writeString(share.folder().resolve("workstations/Thumbs.db"), "x");
    assertThat(jane.published(Long.MIN_VALUE))
        .isEqualTo(Map.of("john-1", "{\"a\":2}", "jane_2", "{}"));
    assertThatThrownBy(() -> john.publish("../x", "{}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_file_that_is_missing_or_half_there_while_it_is_replaced_is_waited_for()
      throws IOException {
    john.create();
    john.publish("john-1", "{}");
    Path head = share.folder().resolve("ledger.json");
    Path state = share.folder().resolve("workstations/john-1.json");
    for (String meanwhile : List.of("", "{\"id\":")) {
      assertThat(share.ledger("jane", replacing(head, meanwhile)).info()).isEqualTo(john.info());
    }
    assertThat(share.ledger("jane", replacing(state, "")).published(Long.MIN_VALUE))
        .containsKey("john-1");
  }

  /** As where a rename over a file is two steps, or a file's former size is believed. */
  private static ShareFiles.Tap replacing(Path file, String meanwhile) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    int[] reads = {0};
    return new ShareFiles.Tap() {
      @Override
      public void before(ShareFiles.Operation operation, Path path) throws IOException {
        if (operation != ShareFiles.Operation.READ || !path.equals(file)) {
          return;
        }
        reads[0]++;
        if (reads[0] == 3) {
          Files.write(file, whole);
        } else if (meanwhile.isEmpty()) {
          Files.deleteIfExists(file);
        } else {
          Files.writeString(file, meanwhile);
        }
      }
    };
  }

  @Test
  void the_masters_state_is_what_the_last_fold_left() throws IOException {
    john.create();
    assertThat(john.masterState()).isEmpty();
    List<Ledger.HeldBack> held = List.of(new Ledger.HeldBack("parts", "parts P", "why"));
    Ledger.MasterState state = new Ledger.MasterState(new Position(3, "ab"), 4096, 17, 5, 18, held);
    john.masterState(state);
    assertThat(jane.masterState()).contains(state);
    Files.writeString(share.folder().resolve("fold/master.json"), "half");
    assertThat(jane.masterState()).isEmpty();
  }

  @Test
  void a_full_disk_is_told_with_what_to_do() {
    john.create();
    ShareFiles.Tap full =
        new ShareFiles.Tap() {
          @Override
          public void before(ShareFiles.Operation operation, Path path) throws IOException {
            if (operation == ShareFiles.Operation.WRITE) {
              throw new IOException("No space left on device");
            }
          }
        };
    assertThatThrownBy(() -> share.ledger("full", full).clockSkew())
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.hint()).startsWith("Make room on"));
  }

  @Test
  void access_denied_is_tried_again_and_then_said_plainly() {
    john.create();
    int[] denied = {2};
    ShareFiles.Tap scanner =
        new ShareFiles.Tap() {
          @Override
          public void before(ShareFiles.Operation operation, Path path) throws IOException {
            if (operation == ShareFiles.Operation.LIST) {
              throw new AccessDeniedException(path.toString());
            }
          }
        };
    assertThatThrownBy(() -> share.ledger("jim", scanner).snapshots())
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(Failure.OFFLINE);
              assertThat(failure.whatFailed()).contains("access to").contains("is denied");
            });
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

  private Path local(String name) throws IOException {
    return Files.createDirectories(share.fileSystem.getPath("/local")).resolve(name);
  }

  private Path local(String name, byte[] bytes) throws IOException {
    return Files.write(local(name), bytes);
  }

  private static byte[] database(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
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

  @Test
  void what_failed_appends_left_behind_is_swept_after_a_day() throws IOException {
    john.create();
    Entry entry = appended(john, 1).get(0);
    john.addSnapshot(entry.position(), local("a.db", database(100, 1)));
    Path old = Files.createDirectory(share.folder().resolve("append/" + "0a".repeat(16)));
    Files.writeString(old.resolve("entry.jsonl.gz"), "x");
    Files.setLastModifiedTime(old, FileTime.fromMillis(System.currentTimeMillis() - 90_000_000));
    Path young = Files.createDirectory(share.folder().resolve("append/" + "0b".repeat(16)));
    john.sweep(System.currentTimeMillis() - 86_400_000);
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void folders_a_backup_left_out_because_they_were_empty_are_made_again() throws IOException {
    john.create();
    for (String name :
        List.of("append", "entries/000", "entries", "fold", "snapshots", "workstations")) {
      Files.delete(share.folder().resolve(name));
    }
    john.clockSkew();
    assertThat(john.read(1)).isNull();
    Entry entry = appended(john, 1).get(0);
    john.publish("john", "{}");
    john.masterState(new Ledger.MasterState(entry.position(), 1, 2, 3, 4, List.of()));
    assertThat(john.foldLease().tryAcquire()).isPresent();
    john.addSnapshot(entry.position(), local("a.db", database(100, 1)));
    assertThat(jane.read(1)).isNotNull();
  }

  @Test
  void an_entry_larger_than_any_is_refused_unread() throws IOException {
    ShareFiles files = new ShareFiles(ShareFiles.Tap.NONE, share.pace);
    Path file = share.root.resolve("big");
    Files.write(file, "0123456789".getBytes(StandardCharsets.UTF_8));
    failsWith(Failure.REFUSED, () -> files.read(file, 9));
    assertThat(files.read(file, 10)).hasSize(10);
  }
}
