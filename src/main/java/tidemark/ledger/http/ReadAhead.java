package tidemark.ledger.http;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries that came with the one asked for, as their bytes, unchecked. Whoever reads them one after
 * the other gets many by one request, and whoever looks for a single one that one alone.
 *
 * <p>Threading: may be shared.
 */
final class ReadAhead {
  private static final int MOST_BYTES = 8 << 20;

  private final Calls calls;
  private final Deque<byte[]> packed = new ArrayDeque<>();

  /** The number of the first of them. */
  private long first;

  /** Where somebody who reads on would go on. */
  private long expected;

  ReadAhead(Calls calls) {
    this.calls = calls;
  }

  /** What came is as old as the look at the ledger before it: after a new one it is asked anew. */
  synchronized void forget() {
    packed.clear();
  }

  /** Takes the entry of this number; null where it is not there. */
  synchronized byte @Nullable [] take(long number) {
    byte[] one = peek(number);
    packed.poll();
    first = number + 1;
    expected = number + 1;
    return one;
  }

  /** The same, which stays for who takes it. */
  synchronized byte @Nullable [] peek(long number) {
    if (packed.isEmpty() || first != number) {
      fetch(number);
    }
    return packed.peek();
  }

  /** Whoever is at this entry reads on from there. */
  synchronized void readsOnAfter(long number) {
    expected = number + 1;
  }

  private void fetch(long number) {
    int most = number == expected ? Wire.MOST_ENTRIES : 1;
    packed.clear();
    first = number;
    packed.addAll(
        calls.get(
            "read entry " + number,
            "/entries?after=" + (number - 1) + "&limit=" + most,
            ReadAhead::entries));
  }

  private static List<byte[]> entries(Calls.Answer answer) throws IOException {
    List<byte[]> all = new ArrayList<>();
    if (answer.status() != 200) {
      return all;
    }
    long bytes = 0;
    for (byte[] one = Wire.read(answer.body());
        one != null && (all.isEmpty() || bytes < MOST_BYTES);
        one = Wire.read(answer.body())) {
      all.add(one);
      bytes += one.length;
    }
    return all;
  }
}
