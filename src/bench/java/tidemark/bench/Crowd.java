package tidemark.bench;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Place;
import tidemark.ledger.KeptEntries;
import tidemark.ledger.Ledger;
import tidemark.ledger.http.Calls;
import tidemark.ledger.http.Client;
import tidemark.ledger.http.HttpLedger;
import tidemark.share.Bandwidth;
import tidemark.share.Pace;

/**
 * Many who wait at a server for news, each with a connection of its own, and take the next entry as
 * a workstation does; without a database, since theirs are on machines of their own. Threading: a
 * thread for each.
 */
final class Crowd implements AutoCloseable {
  private static final Duration WAIT = Duration.ofSeconds(30);

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final ConcurrentHashMap<Long, ConcurrentLinkedQueue<Double>> arrivals =
      new ConcurrentHashMap<>();
  private volatile boolean over;

  /**
   * @param places one for each, with a key of their own
   */
  Crowd(List<Place.Server> places, Path folder) {
    for (Place.Server place : places) {
      Path own = folder.resolve("crowd-" + threads.size());
      Thread thread = new Thread(() -> member(place, own), "crowd-" + threads.size());
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void member(Place.Server place, Path folder) {
    Ledger ledger =
        new HttpLedger(
            place,
            new KeptEntries(folder),
            folder,
            Calls.Sending.by(Client.of(place, WAIT, name -> Optional.empty())),
            WAIT,
            Clock.systemUTC(),
            Pace.REAL,
            Bandwidth.UNLIMITED);
    try {
      long last = ledger.last(0);
      while (!over) {
        waiting.incrementAndGet();
        boolean news = ledger.awaitAfter(last, WAIT).isPresent();
        waiting.decrementAndGet();
        last = news ? read(ledger, last) : last;
      }
    } catch (Failure failure) {
      if (!over) {
        failures.add(failure);
      }
    }
  }

  private long read(Ledger ledger, long last) {
    ledger.info();
    long number = last;
    while (ledger.read(number + 1) != null) {
      number++;
      arrivals
          .computeIfAbsent(number, entry -> new ConcurrentLinkedQueue<>())
          .add(System.nanoTime() / 1e6);
    }
    return number;
  }

  int waiting() {
    return waiting.get();
  }

  /** When this entry was at each that has it, in milliseconds. */
  List<Double> arrivals(long number) {
    ConcurrentLinkedQueue<Double> found = arrivals.get(number);
    return found == null ? List.of() : found.stream().sorted().toList();
  }

  /** The first thing that went wrong with any of them. */
  @Nullable Failure failure() {
    return failures.peek();
  }

  @Override
  public void close() {
    over = true;
    threads.forEach(Thread::interrupt);
  }
}
