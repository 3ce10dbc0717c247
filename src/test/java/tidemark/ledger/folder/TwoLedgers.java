package tidemark.ledger.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.ledger.Entry;
import tidemark.ledger.Samples;
import tidemark.ledger.TestShare;

/** Two workstations and one ledger, on a share in memory. */
abstract class TwoLedgers {
  TestShare share;
  ShareLedger john;
  ShareLedger jane;

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

  List<Entry> appended(ShareLedger ledger, int number) {
    return appended(ledger, Position.START, number);
  }

  List<Entry> appended(ShareLedger ledger, Position after, int number) {
    List<Entry> entries = new ArrayList<>();
    Position head = after;
    for (int i = 0; i < number; i++) {
      Entry entry = ledger.append(head, Samples.JOHN, Samples.draft("Q" + i));
      entries.add(entry);
      head = entry.position();
    }
    return entries;
  }

  static void failsWith(int exitCode, Callable<?> work) {
    assertThatThrownBy(work::call)
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(exitCode));
  }

  Path local(String name) throws IOException {
    return Files.createDirectories(share.fileSystem.getPath("/local")).resolve(name);
  }

  Path local(String name, byte[] bytes) throws IOException {
    return Files.write(local(name), bytes);
  }

  static byte[] database(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
