package tidemark.rest;

import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.JsonObject;
import tidemark.serve.AccessKey;
import tidemark.serve.Programs;
import tidemark.serve.RefusedException;
import tidemark.serve.Visit;
import tidemark.share.Pace;

/**
 * Who of the programs is let in, and who answers what they ask.
 *
 * <p>Guarantee: an edit is answered once it stands in the ledger. A key reads and writes what it is
 * for and nothing else. Threading: any.
 */
public final class RestDoor implements Programs {
  private static final Logger LOG = LoggerFactory.getLogger(RestDoor.class);

  /** Of whoever comes. */
  private static final int LOGIN = 4 << 10;

  private static final long LOOK_EVERY_MS = 400;
  private static final long NEWS_EVERY_MS = 2_000;
  private static final long HEALTH_EVERY_MS = 2_000;
  private static final int THREADS = 3;

  private final Map<String, RestDatabase> databases = new LinkedHashMap<>();
  private final String first;
  private final Reading reading;
  private final Health health;
  private final AtomicBoolean written = new AtomicBoolean();
  private final ScheduledExecutorService looking =
      Executors.newScheduledThreadPool(
          THREADS,
          work -> {
            Thread thread = new Thread(work, "programs");
            thread.setDaemon(true);
            return thread;
          });
  private volatile @Nullable Hall hall;

  /**
   * @param stocks in the order of the config
   * @param news is told now and then that something was written
   */
  public RestDoor(List<Stock> stocks, Clock clock, Runnable news) {
    this.first = stocks.get(0).name();
    stocks.forEach(
        stock -> databases.put(stock.name(), new RestDatabase(stock, clock, this::carried)));
    this.reading = new Reading(clock);
    this.health = new Health(databases.values(), clock, Pace.REAL);
    every(LOOK_EVERY_MS, () -> databases.values().forEach(RestDoor::lookAfter));
    every(HEALTH_EVERY_MS, health::look);
    every(NEWS_EVERY_MS, () -> tell(news));
  }

  private void carried() {
    written.set(true);
    Hall known = hall;
    if (known != null) {
      known.waiting().look();
    }
  }

  private void every(long millis, Runnable work) {
    var unused =
        looking.scheduleWithFixedDelay(
            () -> {
              try {
                work.run();
              } catch (RuntimeException e) {
                LOG.warn("what is done for programs now and then failed: {}", e.toString());
              }
            },
            0,
            millis,
            TimeUnit.MILLISECONDS);
  }

  private void tell(Runnable news) {
    if (written.getAndSet(false)) {
      news.run();
    }
  }

  private static void lookAfter(RestDatabase database) {
    try {
      database.lookAfter();
    } catch (RuntimeException e) {
      LOG.debug("{} cannot be looked after now: {}", database, e.toString());
    }
  }

  @Override
  public void close() {
    looking.shutdownNow();
    databases.values().forEach(RestDatabase::close);
  }

  // ---- the way in

  @Override
  public boolean begin(Visit visit, Hall hall) throws IOException {
    this.hall = hall;
    Asked asked = Asked.of(visit, first);
    boolean metrics = asked.is("GET", "metrics");
    if (asked.is("GET", "health")) {
      health.tell(visit.reply());
    } else if (asked.is("POST", "auth", "login")) {
      login(asked, hall);
    } else if (metrics && visit.isFromHere() && asked.question().key().isEmpty()) {
      metrics(asked, hall);
    } else {
      AccessKey key = hall.guard().require(asked.question().key(), asked.database());
      visit.isOf(key.user());
      RestDatabase database = databases.get(asked.database());
      if (database == null) {
        throw hall.guard().closed();
      }
      if (!metrics) {
        return answer(asked, database, new Client(key, asked.question().address()), hall);
      }
      if (!key.tables().isEmpty() || !key.databases().isEmpty()) {
        throw RefusedException.forbidden(
            "this key is not for all there is", "Ask for one without --table and --db.");
      }
      metrics(asked, hall);
    }
    return true;
  }

  private boolean answer(Asked asked, RestDatabase database, Client client, Hall hall)
      throws IOException {
    if (asked.is("GET", "openapi.json")) {
      reading.description(asked, database, client);
    } else if (asked.is("GET", "changes")) {
      return reading.changes(asked, database, client, hall);
    } else if (asked.word(0).equals("sync") && asked.words().size() == 3) {
      return dialect(asked, database, client);
    } else if (asked.words().size() == 1 && !asked.word(0).isEmpty()) {
      return table(asked, database, client);
    } else if (asked.words().size() == 2) {
      return row(asked, database, client);
    } else {
      throw nothing("See /api/openapi.json for what there is.");
    }
    return true;
  }

  private static RefusedException nothing(String hint) {
    return RefusedException.with(404, "there is nothing at this address", hint);
  }

  private boolean table(Asked asked, RestDatabase database, Client client) throws IOException {
    switch (asked.question().method()) {
      case "GET" -> reading.list(asked, database, client);
      case "POST" -> {
        Writing.post(asked, database, client);
        return false;
      }
      default -> throw asked.notSo("GET reads the table, POST writes records.");
    }
    return true;
  }

  private boolean row(Asked asked, RestDatabase database, Client client) throws IOException {
    switch (asked.question().method()) {
      case "GET" -> reading.one(asked, database, client);
      case "DELETE" -> {
        Writing.delete(asked, database, client);
        return false;
      }
      default ->
          throw asked.notSo("GET reads the row, DELETE deletes it, POST to its table writes it.");
    }
    return true;
  }

  /** As some programs ask. */
  private boolean dialect(Asked asked, RestDatabase database, Client client) throws IOException {
    switch (asked.question().method() + " " + asked.word(2)) {
      case "GET download" -> reading.download(asked, database, client);
      case "POST upload" -> {
        Writing.upload(asked, database, client);
        return false;
      }
      default -> throw nothing("GET …/download and POST …/upload are there.");
    }
    return true;
  }

  // ---- of the server

  private void metrics(Asked asked, Hall hall) throws IOException {
    asked.reply().text(200, Metrics.TYPE, new Metrics(hall, databases.values()).text());
  }

  private void login(Asked asked, Hall hall) throws IOException {
    Map<String, @Nullable Object> sent = Sent.object(asked.question().body(LOGIN));
    String secret = String.valueOf(sent.get("password"));
    AccessKey key = hall.guard().require(secret, asked.database());
    if (!databases.containsKey(asked.database())) {
      throw hall.guard().closed();
    }
    asked.visit().isOf(key.user());
    JsonObject user = new JsonObject().put("id", key.id()).put("username", key.user());
    asked
        .reply()
        .json(
            200,
            new JsonObject()
                .put("success", true)
                .put("data", new JsonObject().put("token", secret).put("user", user)));
  }
}
