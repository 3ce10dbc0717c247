package tidemark.ledger.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Entry;
import tidemark.ledger.Samples;
import tidemark.share.ShareFiles;
import tidemark.share.ShareFiles.Operation;

/** What a server hands out of entries. */
class LentEntriesTest extends TwoLedgers {
  private final List<Operation> operations = new ArrayList<>();
  private ShareLedger server;

  @BeforeEach
  void aServerAndThreeEntries() {
    john.create();
    appended(john, 3);
    server = share.ledger("server", tap());
    server.info();
  }

  private ShareFiles.Tap tap() {
    return new ShareFiles.Tap() {
      @Override
      public void before(Operation operation, Path path) {
        operations.add(operation);
      }
    };
  }

  private byte[] onShare(long number) throws IOException {
    return Files.readAllBytes(share.entryFile(number));
  }

  @Test
  void an_entry_that_many_ask_for_is_read_once_and_looked_at_after_that() throws IOException {
    byte[] first = server.packed(2);
    operations.clear();
    for (int i = 0; i < 5; i++) {
      assertThat(server.packed(2)).isEqualTo(first).isEqualTo(onShare(2));
    }
    assertThat(operations).hasSize(5).containsOnly(Operation.STAT);
  }

  @Test
  void another_one_in_its_place_is_handed_out_from_then_on() throws IOException {
    byte[] before = server.packed(3);
    Position second = john.read(2).position();
    share.lose(3);
    assertThat(server.packed(3)).isNull();
    Entry other = john.append(second, Samples.JANE, Samples.draft("other"));
    Files.setLastModifiedTime(share.entryFile(3), FileTime.fromMillis(Samples.AT));
    assertThat(other.number()).isEqualTo(3);
    assertThat(server.packed(3)).isEqualTo(onShare(3)).isNotEqualTo(before);
  }

  @Test
  void a_damaged_one_is_put_right_where_it_was_kept_and_never_handed_out() throws IOException {
    byte[] well = server.packed(2);
    Files.write(share.entryFile(2), new byte[] {1, 2, 3});
    assertThat(server.packed(2)).isEqualTo(well).isEqualTo(onShare(2));

    ShareLedger another = share.ledger("another");
    Files.write(share.entryFile(2), new byte[] {1, 2, 3});
    failsWith(Failure.REFUSED, () -> another.packed(2));
  }

  @Test
  void what_was_not_asked_for_for_long_is_read_again_rather_than_remembered() throws IOException {
    long two = onShare(1).length + onShare(2).length + 50;
    LentEntries lent =
        new LentEntries(
            new ShareEntries(
                new ShareFiles(tap(), share.pace), share.folder(), share.kept("server")),
            two);
    for (long number = 1; number <= 3; number++) {
      assertThat(lent.packed(number)).isEqualTo(onShare(number));
    }
    operations.clear();
    lent.packed(3);
    lent.packed(2);
    assertThat(operations).containsOnly(Operation.STAT);
    assertThat(lent.packed(1)).isEqualTo(onShare(1));
    assertThat(operations).contains(Operation.READ);
  }
}
