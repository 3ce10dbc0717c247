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
import tidemark.ledger.Samples;
import tidemark.ledger.TestShare;
import tidemark.ledger.TestShare.BreakingTap;

/**
 * The link breaks at each operation in turn, before or after it happened; then it is done again.
 */
class BrokenLinkTest {
  @FunctionalInterface
  private interface Step {
    void on(ShareLedger ledger, TestShare share) throws IOException;
  }

  @FunctionalInterface
  private interface Check {
    void of(TestShare share) throws IOException;
  }

  private static void breakEverywhere(Check before, Step step, Check check) throws IOException {
    int breaks = 0;
    for (boolean afterwards : new boolean[] {false, true}) {
      for (int at = 0; ; at++) {
        BreakingTap tap = new BreakingTap().breaking(at, afterwards);
        try (TestShare share = new TestShare()) {
          before.of(share);
          try {
            step.on(share.ledger("john", tap), share);
          } catch (Failure e) {
            assertThat(e.exitCode()).as("%s", tap.operations).isEqualTo(Failure.OFFLINE);
          }
          if (!tap.reached()) {
            break;
          }
          breaks++;
          step.on(share.ledger("john"), share);
          check.of(share);
        }
      }
    }
    assertThat(breaks).isGreaterThan(6);
  }

  private static List<Entry> entries(ShareLedger ledger) {
    List<Entry> entries = new ArrayList<>();
    for (Entry e = ledger.read(1); e != null; e = ledger.read(entries.size() + 1L)) {
      entries.add(e);
    }
    return entries;
  }

  /** What a run does: reads to the end, and appends unless it meets its own entry there. */
  private static void post(ShareLedger ledger, String id) {
    Position head = Position.START;
    for (Entry entry : entries(ledger)) {
      head = entry.position();
      if (entry.changes().get(0).token().equals("t-" + id)) {
        return;
      }
    }
    ledger.append(head, Samples.JOHN, Samples.draft(id));
  }

  @Test
  void an_entry_whose_append_broke_is_in_the_ledger_exactly_once() throws IOException {
    breakEverywhere(
        share -> {
          share.ledger("jane").create();
          post(share.ledger("jane"), "A");
        },
        (ledger, share) -> post(ledger, "B"),
        share -> {
          List<Entry> entries = entries(share.ledger("jane"));
          assertThat(entries).hasSize(2);
          assertThat(entries.get(1).previous()).isEqualTo(entries.get(0).hash());
          assertThat(share.ledger("john").offered()).isEmpty();
        });
  }

  @Test
  void a_ledger_whose_beginning_broke_is_one_ledger() throws IOException {
    breakEverywhere(
        share -> assertThat(share.ledger("jane").info()).isEmpty(),
        (ledger, share) -> ledger.create(),
        share -> {
          assertThat(share.ledger("jane").create()).isEqualTo(share.ledger("john").info().get());
          post(share.ledger("jane"), "A");
          assertThat(entries(share.ledger("john"))).hasSize(1);
        });
  }

  @Test
  void a_snapshot_whose_making_broke_is_whole_or_not_there() throws IOException {
    breakEverywhere(
        share -> {
          share.ledger("jane").create();
          Path database = Files.createDirectory(share.fileSystem.getPath("/local")).resolve("db");
          Files.write(database, new byte[100_000]);
        },
        (ledger, share) -> {
          Path database = share.fileSystem.getPath("/local/db");
          Path into = database.resolveSibling("brought");
          ledger.snapshot(into); // never a half one
          ledger.addSnapshot(new Position(7, "ab"), database);
        },
        share -> {
          Path into = share.fileSystem.getPath("/local/brought");
          assertThat(share.ledger("jane").snapshot(into).get().position().number()).isEqualTo(7);
          assertThat(Files.size(into)).isEqualTo(100_000);
        });
  }

  @Test
  void a_retirement_that_broke_loses_no_entry_at_any_moment() throws IOException {
    breakEverywhere(
        share -> {
          ShareLedger jane = share.ledger("jane");
          jane.create();
          for (String id : List.of("A", "B", "C", "D")) {
            post(jane, id);
          }
          Path database = Files.createDirectory(share.fileSystem.getPath("/local")).resolve("db");
          Files.write(database, new byte[1000]);
          jane.addSnapshot(Position.START, database);
          jane.addSnapshot(jane.read(2).position(), database);
          jane.addSnapshot(jane.read(4).position(), database);
        },
        (ledger, share) -> {
          allAreThere(ledger);
          ledger.retire(3);
        },
        share -> {
          ShareLedger jane = share.ledger("jane");
          allAreThere(jane);
          assertThat(jane.info().get().floor()).isEqualTo(3);
          assertThat(jane.snapshots()).containsExactly(4L, 2L);
          try (var left = Files.list(share.folder().resolve("entries/000"))) {
            assertThat(left).hasSize(1);
          }
          assertThat(
                  Files.list(share.folder().resolve("archive"))
                      .filter(f -> f.toString().endsWith(".zip")))
              .hasSize(1);
        });
  }

  private static void allAreThere(ShareLedger ledger) {
    ledger.info();
    assertThat(entries(ledger)).hasSize(4);
  }

  @Test
  void putting_back_can_break_and_be_done_again() throws IOException {
    Position[] lost = new Position[1];
    breakEverywhere(
        share -> {
          ShareLedger john = share.ledger("john");
          john.create();
          post(john, "A");
          lost[0] = john.read(1).position();
          share.lose(1);
        },
        (ledger, share) -> assertThat(ledger.putBack(lost[0])).isTrue(),
        share -> assertThat(share.ledger("jane").read(1).position()).isEqualTo(lost[0]));
  }

  @Test
  void a_damaged_entry_is_mended_though_the_link_breaks() throws IOException {
    breakEverywhere(
        share -> {
          ShareLedger john = share.ledger("john");
          john.create();
          post(john, "A");
          post(john, "B");
          Files.write(share.entryFile(1), new byte[] {3});
        },
        (ledger, share) -> assertThat(ledger.read(1)).isNotNull(),
        share -> assertThat(entries(share.ledger("jane"))).hasSize(2));
  }
}
