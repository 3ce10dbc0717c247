package tidemark.serve;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.ledger.LentLedger;
import tidemark.share.Pace;

/**
 * Lends places over HTTP to who has a key.
 *
 * <p>Guarantee: a wrong key, one that is no more, and a place that is not lent get the same answer.
 * A fault of the server's own is told as such, without how it came about, which is logged.
 * Threading: any.
 */
public final class PlaceServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PlaceServer.class);
  private static final Duration LAST_STEPS = Duration.ofSeconds(10);
  private static final long LOOK_EVERY_MS = 400;
  private static final long RENEWED_EVERY_MS = 30_000;
  private static final int THREADS = 64;

  /** More than any workstation asks, and what one busy program may take of a server. */
  private static final double A_SECOND = 2_000;

  private static final double BURST = 4_000;

  private final Server server;
  private final LimitedConnector connector;
  private final Guard guard;
  private final Programs programs;
  private final Tally tally = new Tally();
  private final Map<String, PlaceDoor> doors = new LinkedHashMap<>();
  private final Waiting waiting;
  private final ScheduledExecutorService looking = thread("waiting");
  private final ScheduledExecutorService own = thread("own-sync");
  private final AtomicBoolean written = new AtomicBoolean();

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Where a server listens.
   *
   * @param certificates null where it speaks without TLS
   * @param proxy something in front of it does TLS
   */
  public record At(InetSocketAddress address, @Nullable Certificates certificates, boolean proxy) {}

  private PlaceServer(
      At at,
      Map<String, LentLedger> places,
      Programs programs,
      Guard guard,
      Clock clock,
      Runnable news) {
    this.programs = programs;
    this.guard = guard;
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4, 30_000);
    threads.setName("serve");
    threads.setDaemon(true);
    this.server = new Server(threads);
    this.waiting = new Waiting(Pace.REAL, threads);
    places.forEach(
        (name, ledger) ->
            doors.put(
                name,
                new PlaceDoor(
                    new LentPlace(name, ledger, clock),
                    () -> {
                      written.set(true);
                      waiting.look();
                    })));
    this.connector = connector(at);
    SlowClients slow = connector.slow();
    server.setHandler(slow.watching(new GracefulHandler(new Doors())));
    server.setErrorHandler(PlaceServer::unreadable);
    server.setStopTimeout(LAST_STEPS.toMillis());
    if (at.certificates() != null) {
      Certificates certificates = at.certificates();
      repeat(looking, RENEWED_EVERY_MS, certificates::renewed);
    }
    repeat(looking, LOOK_EVERY_MS, waiting::look);
    repeat(looking, LOOK_EVERY_MS, slow::look);
    repeat(own, LOOK_EVERY_MS, () -> tell(news));
  }

  /** What is no request at all; Jetty would answer it with a page. */
  private static boolean unreadable(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    try {
      new Reply(response)
          .refuse(status, "this is no request that can be read", "Encode it as RFC 9110 says.");
      callback.succeeded();
    } catch (IOException e) {
      callback.failed(e);
    }
    return true;
  }

  /** After others were answered, and once for all that came meanwhile. */
  private void tell(Runnable news) {
    if (written.getAndSet(false)) {
      news.run();
    }
  }

  private LimitedConnector connector(At at) {
    if (at.certificates() != null) {
      return Listener.encrypted(server, at.address(), at.certificates(), Limits.USUAL);
    }
    return at.proxy()
        ? Listener.behindProxy(server, at.address(), Limits.USUAL)
        : Listener.plain(server, at.address(), Limits.USUAL);
  }

  /**
   * Starts it.
   *
   * @param programs answers what is not asked of a place; it ends with the server
   * @param news is told when somebody has written, on a thread of its own
   */
  public static PlaceServer start(
      At at,
      Map<String, LentLedger> places,
      Programs programs,
      AccessKeys keys,
      Clock clock,
      Runnable news) {
    return start(at, places, programs, keys, clock, news, new Rates(A_SECOND, BURST, Pace.REAL));
  }

  static PlaceServer start(
      At at,
      Map<String, LentLedger> places,
      Programs programs,
      AccessKeys keys,
      Clock clock,
      Runnable news,
      Rates rates) {
    PlaceServer made = new PlaceServer(at, places, programs, new Guard(keys, rates), clock, news);
    try {
      made.server.start();
    } catch (Exception e) {
      made.close();
      throw new Failure(
          Failure.INCOMPLETE,
          "the server cannot start: " + e.getMessage(),
          "Look into the log for what it needs.",
          e);
    }
    return made;
  }

  /** How many wait for the next entry. */
  public int waiting() {
    return waiting.count();
  }

  public int port() {
    return connector.getLocalPort();
  }

  /** What is done now and then may fail, and is done again. */
  private static void repeat(ScheduledExecutorService thread, long millis, Runnable work) {
    var unused =
        thread.scheduleWithFixedDelay(
            () -> {
              try {
                work.run();
              } catch (RuntimeException e) {
                LOG.warn("what the server does now and then failed: {}", e.toString());
              }
            },
            millis,
            millis,
            TimeUnit.MILLISECONDS);
  }

  /** What is under way comes to its end; who waits is answered. */
  @Override
  public void close() {
    looking.shutdownNow();
    own.shutdown();
    waiting.end();
    programs.close();
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("the server did not end well: {}", e.toString());
    }
  }

  private final class Doors extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      Visit visit = new Visit(request, response, callback, tally);
      visit.answered(() -> begin(visit));
      return true;
    }
  }

  private boolean begin(Visit visit) throws IOException {
    Question asked = visit.question();
    if (!asked.word(0).equals("v1")) {
      return programs.begin(visit, new Programs.Hall(guard, tally, waiting));
    }
    AccessKey key = guard.require(asked.key(), asked.word(1));
    visit.isOf(key.user());
    PlaceDoor door = doors.get(asked.word(1));
    if (door == null) {
      throw RefusedException.closed();
    }
    if (!key.tables().isEmpty()) {
      throw RefusedException.forbidden(
          "this key is for some tables alone",
          "A workstation needs a key without --table: an entry holds the rows of all tables.");
    }
    if (waits(asked, door)) {
      waiting.add(
          door.place(),
          asked.number("after", null),
          asked.seconds(),
          () -> guard.stands(key),
          () ->
              visit.answered(
                  () -> {
                    door.answer(asked, guard.again(asked.key()), visit.reply());
                    return true;
                  }));
      return false;
    }
    door.answer(asked, key, visit.reply());
    return true;
  }

  private static boolean waits(Question asked, PlaceDoor door) {
    return asked.method().equals("GET")
        && List.of("entries", "head").contains(asked.word(2))
        && asked.words().size() == 3
        && asked.seconds() > 0
        && door.place().number() <= asked.number("after", null);
  }
}
