package tidemark.rest;

import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.replica.ArrivalNotes;
import tidemark.serve.Waiting;
import tidemark.share.Pace;

/** One database for programs: who reads it, who writes it, and what is remembered of them. */
final class RestDatabase implements Waiting.Reach, AutoCloseable {
  private static final long SWEEP_EVERY = Duration.ofHours(1).toMillis();
  private static final Duration BUSY = Duration.ofSeconds(10);

  private final Stock stock;
  private final Clock clock;
  private final Readers readers;
  private final Pins pins;
  private final Carrier carrier;

  private long sweptAt;

  // guarded by this
  private @Nullable Sql memory;
  private String memoryOf = "";

  RestDatabase(Stock stock, Clock clock, Runnable carried) {
    this.stock = stock;
    this.clock = clock;
    this.readers = new Readers(stock, clock);
    this.pins = new Pins(readers, Pace.REAL);
    this.carrier = new Carrier(stock, clock, carried);
  }

  Stock stock() {
    return stock;
  }

  Readers readers() {
    return readers;
  }

  Pins pins() {
    return pins;
  }

  Carrier carrier() {
    return carrier;
  }

  /** How far what arrived is counted. */
  @Override
  public long number() {
    return readers.read(view -> view.arrivals().last());
  }

  /** For the log. */
  @Override
  public String toString() {
    return stock.name();
  }

  /** Before the last of an answer goes out. */
  void remember(Client client, String table, Listing.Whole whole) {
    synchronized (this) {
      Sql sql = memory();
      sql.inTransaction(
          () ->
              new Given(sql).gave(client.who(), table, whole.asked(), whole.since(), whole.upTo()));
    }
  }

  private Sql memory() {
    Sql known = memory;
    if (known == null || !memoryOf.equals(stock.file())) {
      if (known != null) {
        memory = null;
        known.close();
      }
      String file = stock.file();
      known = Sql.open(stock.local(), OpenMode.WRITE, BUSY);
      known.execute("PRAGMA synchronous=NORMAL"); // a crash of the machine may give a row twice
      memory = known;
      memoryOf = file;
    }
    return known;
  }

  /** What is done now and then. */
  void lookAfter() {
    pins.sweep();
    long now = clock.millis();
    if (Math.abs(now - sweptAt) > SWEEP_EVERY) {
      sweptAt = now;
      readers.read(view -> true); // so that there is something to sweep
      synchronized (this) {
        new Replies(memory()).forgetOld(now);
      }
    }
    if (readers.read(view -> view.arrivals().notes().areToBeNoted())) {
      synchronized (this) {
        new ArrivalNotes(memory()).note(clock);
      }
    }
  }

  @Override
  public void close() {
    carrier.close();
    pins.close();
    readers.close();
    synchronized (this) {
      if (memory != null) {
        memory.close();
        memory = null;
      }
    }
  }
}
