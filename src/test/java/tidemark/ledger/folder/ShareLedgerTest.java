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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Author;
import tidemark.ledger.Entry;
import tidemark.ledger.KeptEntries;
import tidemark.ledger.Ledger;
import tidemark.ledger.Samples;
import tidemark.ledger.TestShare.BreakingTap;
import tidemark.share.ShareFiles;

class ShareLedgerTest extends TwoLedgers {
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
