package tidemark.rest;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.jdbc.Sql;
import tidemark.replica.Arrivals;
import tidemark.replica.Replica;
import tidemark.serve.RefusedException;

/**
 * Connections that read the server's own copy: opened once, and anew where its tables, or the file
 * itself, are others.
 *
 * <p>Guarantee: what one reading sees is one state. Threading: any.
 */
final class Readers implements AutoCloseable {
  private static final int MOST = 32;
  private static final int KEPT = 4;
  private static final long PATIENCE_SECONDS = 10;

  private final Stock stock;
  private final Clock clock;
  private final Semaphore free = new Semaphore(MOST, true);
  private final Deque<Open> idle = new ArrayDeque<>();
  private boolean closed;

  Readers(Stock stock, Clock clock) {
    this.stock = stock;
    this.clock = clock;
  }

  /** A connection, and what it was opened for. */
  record Open(View view, String file, long schema) {
    Sql sql() {
      return view.replica().sql();
    }

    void close() {
      view.replica().close();
    }
  }

  /** Reads one state. */
  <T> T read(Function<View, T> reading) {
    Open open = borrow();
    boolean well = false;
    try {
      T result = open.sql().inReadTransaction(() -> reading.apply(open.view()));
      well = true;
      return result;
    } finally {
      giveBack(open, well);
    }
  }

  private Open borrow() {
    try {
      if (!free.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw RefusedException.later("too many read at once", "Ask again in a moment.", 2);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RefusedException.later("the server ends", "Ask again once it is back.", 5);
    }
    boolean well = false;
    try {
      Open open = takeIdle();
      Open usable = open != null && isCurrent(open) ? open : fresh(open);
      well = true;
      return usable;
    } finally {
      if (!well) {
        free.release();
      }
    }
  }

  private @Nullable Open takeIdle() {
    synchronized (idle) {
      return idle.pollFirst();
    }
  }

  private boolean isCurrent(Open open) {
    return open.file().equals(stock.file()) && schema(open.sql()) == open.schema();
  }

  private static long schema(Sql sql) {
    return sql.number("PRAGMA schema_version");
  }

  private Open fresh(@Nullable Open old) {
    if (old != null) {
      old.close();
    }
    return open();
  }

  /** To be closed by who asks for it. */
  Open open() {
    Open found = look();
    Replica replica = found.view().replica();
    if (isInWal(replica.sql()) && new Arrivals(replica).areCounted()) {
      return found;
    }
    found.close();
    prepare();
    return look();
  }

  private static boolean isInWal(Sql sql) {
    return sql.exists("SELECT 1 FROM pragma_journal_mode WHERE journal_mode='wal'");
  }

  private Open look() {
    String file = stock.file();
    Replica replica =
        stock
            .look()
            .orElseThrow(
                () ->
                    RefusedException.later(
                        "this server has not read its place yet",
                        "Ask again in a moment; `tidemark status` at the server says more.",
                        5));
    boolean well = false;
    try {
      long schema = schema(replica.sql());
      Open open = new Open(new View(replica), file, schema);
      well = true;
      return open;
    } finally {
      if (!well) {
        replica.close();
      }
    }
  }

  /** Readers do not keep whoever writes waiting, and all that arrives is counted. */
  private synchronized void prepare() {
    try (Replica replica = stock.open()) {
      replica.sql().execute("PRAGMA journal_mode=WAL");
      if (!isInWal(replica.sql())) {
        throw new Failure(
            Failure.BUSY,
            "the server's own copy " + replica.sql().file() + " cannot be read while it is written",
            "Put it on a disk of this machine, and close what has it open.");
      }
      Arrivals arrivals = new Arrivals(replica);
      if (!arrivals.areCounted()) {
        arrivals.count();
      }
      arrivals.notes().note(clock);
    }
  }

  private void giveBack(Open open, boolean well) {
    free.release();
    synchronized (idle) {
      if (well && !closed && idle.size() < KEPT) {
        idle.addFirst(open);
        return;
      }
    }
    open.close();
  }

  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(Open::close);
      idle.clear();
    }
  }
}
