package tidemark.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.Token;
import tidemark.replica.Remembered;
import tidemark.serve.AccessKey;
import tidemark.serve.Programs;
import tidemark.serve.Question;
import tidemark.serve.RefusedException;
import tidemark.serve.Reply;
import tidemark.serve.Visit;

/**
 * What programs ask, and who answers it.
 *
 * <p>Guarantee: an edit is answered once it stands in the ledger. A key reads and writes what it is
 * for and nothing else. Threading: any.
 */
public final class RestDoor implements Programs {
  private static final Logger LOG = LoggerFactory.getLogger(RestDoor.class);
  private static final String TYPE = "application/json";
  private static final int BODY = 32 << 20;

  /** Of whoever comes. */
  private static final int LOGIN = 4 << 10;

  private static final int BUFFER = 64 << 10;
  private static final int MOST_AT_ONCE = 10_000;
  private static final int CHANGES = 500;
  private static final long LOOK_EVERY_MS = 400;
  private static final long NEWS_EVERY_MS = 2_000;
  private static final Pattern LOST_PLUS = Pattern.compile("(.*\\d) (\\d\\d:?\\d\\d)");

  private final Clock clock;
  private final Map<String, RestDatabase> databases = new LinkedHashMap<>();
  private final String first;
  private final AtomicBoolean written = new AtomicBoolean();
  private final ScheduledExecutorService looking =
      Executors.newScheduledThreadPool(
          2,
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
    this.clock = clock;
    this.first = stocks.get(0).name();
    for (Stock stock : stocks) {
      databases.put(
          stock.name(),
          new RestDatabase(
              stock,
              clock,
              () -> {
                written.set(true);
                Hall known = hall;
                if (known != null) {
                  known.waiting().look();
                }
              }));
    }
    every(LOOK_EVERY_MS, this::lookAfter);
    every(NEWS_EVERY_MS, () -> tell(news));
  }

  private void every(long millis, Runnable work) {
    var unused = looking.scheduleWithFixedDelay(work, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void tell(Runnable news) {
    try {
      if (written.getAndSet(false)) {
        news.run();
      }
    } catch (RuntimeException e) {
      LOG.warn("the run after programs' edits failed: {}", e.toString());
    }
  }

  private void lookAfter() {
    for (RestDatabase database : databases.values()) {
      try {
        database.lookAfter();
      } catch (RuntimeException e) {
        LOG.debug("{} cannot be looked after now: {}", database, e.toString());
      }
    }
  }

  @Override
  public void close() {
    looking.shutdownNow();
    databases.values().forEach(RestDatabase::close);
  }

  // ---- the way in

  /**
   * What is asked of a database.
   *
   * @param words of the path behind the database, decoded
   * @param from where they begin in the path
   */
  private record Asked(
      Visit visit, Question question, String database, List<String> words, int from) {
    String word(int at) {
      return at < words.size() ? words.get(at) : "";
    }

    String raw(int at) {
      return question.raw(from + at);
    }

    boolean is(String method, String... path) {
      return question.method().equals(method) && words.equals(List.of(path));
    }
  }

  private Asked asked(Visit visit) {
    Question question = visit.question();
    int from = question.word(0).equals("api") ? 1 : 0;
    String database = first;
    if (from == 1 && question.word(1).equals("db")) {
      database = question.word(2);
      from = 3;
    }
    List<String> words =
        question.words().subList(Math.min(from, question.words().size()), question.words().size());
    boolean slash = words.size() > 1 && words.get(words.size() - 1).isEmpty();
    return new Asked(
        visit, question, database, slash ? words.subList(0, words.size() - 1) : words, from);
  }

  @Override
  public boolean begin(Visit visit, Hall hall) throws IOException {
    this.hall = hall;
    Asked asked = asked(visit);
    if (asked.is("GET", "health")) {
      health(visit.reply());
      return true;
    }
    if (asked.is("POST", "auth", "login")) {
      login(asked, hall);
      return true;
    }
    boolean metrics = asked.is("GET", "metrics");
    if (metrics && visit.isFromHere() && asked.question().key().isEmpty()) {
      metrics(visit.reply(), hall);
      return true;
    }
    AccessKey key = hall.guard().require(asked.question().key(), asked.database());
    visit.isOf(key.user());
    RestDatabase database = databases.get(asked.database());
    if (database == null) {
      throw hall.guard().closed();
    }
    Client client = new Client(key, asked.question().address());
    if (metrics) {
      if (!key.tables().isEmpty() || !key.databases().isEmpty()) {
        throw RefusedException.forbidden(
            "this key is not for all there is", "Ask for one without --table and --db.");
      }
      metrics(visit.reply(), hall);
      return true;
    }
    return answer(asked, database, client, hall);
  }

  private boolean answer(Asked asked, RestDatabase database, Client client, Hall hall)
      throws IOException {
    Reply reply = asked.visit().reply();
    if (asked.is("GET", "openapi.json")) {
      openApi(database, client, reply);
    } else if (asked.is("GET", "changes")) {
      return changes(asked, database, client, hall);
    } else if (asked.word(0).equals("sync") && asked.words().size() == 3) {
      return dialect(asked, database, client);
    } else if (asked.words().size() == 1 && !asked.word(0).isEmpty()) {
      return table(asked, database, client);
    } else if (asked.words().size() == 2) {
      return row(asked, database, client);
    } else {
      throw RefusedException.with(
          404, "there is nothing at this address", "See /api/openapi.json for what there is.");
    }
    return true;
  }

  private static RefusedException notSo(String method, String instead) {
    return RefusedException.with(405, "this cannot be asked by " + Shown.of(method), instead);
  }

  private static void mustSee(Client client, String table) {
    if (!client.key().sees(table)) {
      throw RefusedException.forbidden(
          "this key is not for the table " + Shown.of(table), "Ask for one that is.");
    }
  }

  private static void mustWrite(Client client, String table) {
    mustSee(client, table);
    if (!client.key().mayWrite()) {
      throw RefusedException.forbidden("this key may only read", "Ask for one that may write.");
    }
  }

  private static RefusedException noTable(String name) {
    return RefusedException.with(
        404, "there is no table " + Shown.of(name), "See /api/openapi.json for those there are.");
  }

  // ---- of the server

  private void health(Reply reply) throws IOException {
    long now = clock.millis();
    String why = "";
    for (RestDatabase database : databases.values()) {
      try {
        database.readers().read(view -> view.arrivals().last());
        var unused = database.stock().floor();
      } catch (Failure failure) {
        why = database + ": " + failure.whatFailed();
      } catch (RefusedException refused) {
        why = database + ": " + refused.failure().whatFailed();
      }
    }
    reply.json(
        why.isEmpty() ? 200 : 503,
        new JsonObject()
            .put("status", why.isEmpty() ? "ok" : "error")
            .put("message", why.isEmpty() ? "the server works" : why)
            .time("timestamp", now));
  }

  private void metrics(Reply reply, Hall hall) throws IOException {
    reply.text(200, Metrics.TYPE, new Metrics(hall, databases.values()).text());
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
        .visit()
        .reply()
        .json(
            200,
            new JsonObject()
                .put("success", true)
                .put("data", new JsonObject().put("token", secret).put("user", user)));
  }

  private void openApi(RestDatabase database, Client client, Reply reply) throws IOException {
    JsonObject document =
        database.readers().read(view -> OpenApi.of(seen(view, client), database.stock().name()));
    reply.json(200, document);
  }

  private static List<TableView> seen(View view, Client client) {
    return view.tables().stream().filter(table -> client.key().sees(table.name())).toList();
  }

  // ---- reading

  private boolean table(Asked asked, RestDatabase database, Client client) throws IOException {
    String name = asked.word(0);
    switch (asked.question().method()) {
      case "GET" -> {
        mustSee(client, name);
        list(asked, database, client, name);
        return true;
      }
      case "POST" -> {
        mustWrite(client, name);
        return post(asked, database, client, name);
      }
      default ->
          throw notSo(asked.question().method(), "GET reads the table, POST writes records.");
    }
  }

  private void list(Asked asked, RestDatabase database, Client client, String name)
      throws IOException {
    Question question = asked.question();
    Listing.Wish wish =
        new Listing.Wish(
            question.parameter("updatedSince").map(RestDoor::moment).orElse(null),
            question.parameter("limit").map(text -> limit(text, "limit")).orElse(null),
            question.parameter("cursor").orElse(null),
            isTrue(question, "deleted"),
            isTrue(question, "sync"),
            clock.millis());
    Reply reply = asked.visit().reply();
    try {
      var unused =
          database
              .readers()
              .read(
                  view -> {
                    TableView table = view.find(name).orElseThrow(() -> noTable(name));
                    Listing listing =
                        new Listing(view, table, client, wish, database.stock()::floor);
                    send(listing, reply, whole -> database.remember(client, table.name(), whole));
                    return true;
                  });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** An answer that breaks off is not closed: else it would look whole. */
  private static void send(Listing listing, Reply reply, Consumer<Listing.Whole> memory) {
    try {
      OutputStream out = new BufferedOutputStream(reply.stream(200, TYPE), BUFFER);
      Listing.Whole whole = listing.to(out);
      if (whole != null && listing.isNews(whole)) {
        memory.accept(whole);
      }
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isTrue(Question question, String name) {
    String text = question.parameter(name).orElse("false");
    if (!List.of("true", "false", "1", "0", "").contains(text)) {
      throw RefusedException.wrong(
          "the parameter " + name + " is neither true nor false", "Leave it out, or write true.");
    }
    return text.equals("true") || text.equals("1");
  }

  private static int limit(String text, String what) {
    long limit = Question.numberOf(text, "the parameter " + what);
    if (limit < 1) {
      throw RefusedException.wrong(
          "the parameter " + what + " is below 1", "Ask for one row or more.");
    }
    return (int) Math.min(limit, MOST_AT_ONCE);
  }

  /** A plus sign that nobody encoded comes as a space. */
  private static long moment(String text) {
    String plain = LOST_PLUS.matcher(text.strip()).replaceFirst("$1+$2");
    Long moment = ChangeTime.read(text.strip());
    moment = moment == null ? ChangeTime.read(plain) : moment;
    if (moment == null) {
      throw RefusedException.wrong(
          "updatedSince is no time: '" + Shown.of(text) + "'", "As in 2026-11-29T16:40:56Z.");
    }
    return moment;
  }

  private boolean row(Asked asked, RestDatabase database, Client client) throws IOException {
    String name = asked.word(0);
    String id = asked.raw(1);
    switch (asked.question().method()) {
      case "GET" -> {
        mustSee(client, name);
        one(asked, database, name, id);
        return true;
      }
      case "DELETE" -> {
        mustWrite(client, name);
        Edit edit = new Edit(name, null, id, wantedVersion(asked), false);
        return carry(asked, database, client, new byte[0], List.of(edit), RestDoor::tellOne);
      }
      default ->
          throw notSo(
              asked.question().method(),
              "GET reads the row, DELETE deletes it, POST to its table writes it.");
    }
  }

  private void one(Asked asked, RestDatabase database, String name, String id) throws IOException {
    boolean all = isTrue(asked.question(), "sync");
    record Found(String version, String text) {}
    Found found =
        database
            .readers()
            .read(
                view -> {
                  TableView table = view.find(name).orElseThrow(() -> noTable(name));
                  RowKey key = table.keyOf(id);
                  Row row = table.table().row(key);
                  if (row == null) {
                    throw missing(table, key);
                  }
                  return new Found(
                      table.version(row), Json.text(json -> table.write(json, row, all)));
                });
    asked.visit().reply().header("ETag", '"' + found.version() + '"');
    asked.visit().reply().text(200, TYPE, found.text());
  }

  private static RefusedException missing(TableView table, RowKey key) {
    Remembered remembered = table.table().shadow().get(key);
    boolean deleted = remembered != null && remembered.entry() != null;
    return RefusedException.with(
        deleted ? 410 : 404,
        table.name()
            + " "
            + Shown.of(key.toString())
            + (deleted ? " was deleted" : " is not there"),
        deleted ? "`tidemark restore` brings it back." : "Look for it in the table.");
  }

  private boolean changes(Asked asked, RestDatabase database, Client client, Hall hall)
      throws IOException {
    Question question = asked.question();
    int limit = question.parameter("limit").map(text -> limit(text, "limit")).orElse(CHANGES);
    Feed.Page page = page(asked, database, client, limit);
    if (page.changes().isEmpty() && question.seconds() > 0) {
      Client waits = client;
      hall.waiting()
          .add(
              database,
              page.next().number(),
              question.seconds(),
              () -> hall.guard().stands(waits.key()),
              () ->
                  asked
                      .visit()
                      .answered(
                          () -> {
                            AccessKey now = hall.guard().require(question.key(), asked.database());
                            tell(
                                asked,
                                page(asked, database, new Client(now, waits.address()), limit));
                            return true;
                          }));
      return false;
    }
    tell(asked, page);
    return true;
  }

  private static Feed.Page page(Asked asked, RestDatabase database, Client client, int limit) {
    return database
        .readers()
        .read(
            view ->
                new Feed(view, seen(view, client), limit, database.stock())
                    .from(
                        asked.question().parameter("cursor").orElse(null),
                        database.stock()::floor));
  }

  private static void tell(Asked asked, Feed.Page page) throws IOException {
    asked
        .visit()
        .reply()
        .json(
            200,
            new JsonObject().put("changes", page.changes()).put("nextCursor", page.next().text()));
  }

  // ---- writing

  /** Tells what became of a request's edits. */
  private interface Telling {
    void tell(Reply reply, List<Outcome> outcomes) throws IOException;
  }

  private boolean post(Asked asked, RestDatabase database, Client client, String name)
      throws IOException {
    byte[] body = asked.question().body(BODY);
    Sent.Records sent = Sent.records(body);
    String header = sent.several() ? null : wantedVersion(asked);
    List<Edit> edits = new ArrayList<>();
    for (Map<String, @Nullable Object> record : sent.all()) {
      edits.add(edit(database, name, record, header));
    }
    return carry(
        asked,
        database,
        client,
        body,
        edits,
        sent.several() ? RestDoor::tellAll : RestDoor::tellOne);
  }

  /** `version` is a condition where the table has no column of that name. */
  private static Edit edit(
      RestDatabase database,
      String name,
      Map<String, @Nullable Object> record,
      @Nullable String header) {
    String version = header;
    Map<String, @Nullable Object> fields = record;
    if (record.containsKey("version")) {
      boolean column =
          database
              .readers()
              .read(
                  view ->
                      view.find(name)
                          .orElseThrow(() -> noTable(name))
                          .table()
                          .shape()
                          .hasColumn("version"));
      if (!column) {
        fields = new LinkedHashMap<>(record);
        Object wanted = fields.remove("version");
        version = version == null && wanted != null ? wanted.toString() : version;
      }
    }
    return new Edit(name, fields, null, version, false);
  }

  private static @Nullable String wantedVersion(Asked asked) {
    return asked
        .question()
        .header("If-Match")
        .map(text -> text.strip().replaceFirst("^W/", "").replace("\"", ""))
        .filter(text -> !text.equals("*"))
        .orElse(null);
  }

  private boolean carry(
      Asked asked,
      RestDatabase database,
      Client client,
      byte[] body,
      List<Edit> edits,
      Telling telling) {
    Visit visit = asked.visit();
    Job job =
        new Job(
            client,
            edits,
            once(asked, body),
            outcomes ->
                visit.answered(
                    () -> {
                      telling.tell(visit.reply(), outcomes);
                      return true;
                    }));
    if (edits.isEmpty()) {
      job.tell();
    } else {
      database.readers().read(view -> true); // its tables are made ready, or it says why not
      database.carrier().add(job);
    }
    return false;
  }

  private static Job.@Nullable Once once(Asked asked, byte[] body) {
    Optional<String> key = asked.question().header("Idempotency-Key");
    if (key.isEmpty()) {
      return null;
    }
    String request = key.get().strip();
    if (request.isEmpty() || request.length() > 200) {
      throw RefusedException.wrong(
          "this is no Idempotency-Key",
          "Send a text of up to 200 characters, another one each time.");
    }
    return new Job.Once(
        request,
        Token.of(
            asked.question().method(),
            asked.database(),
            String.join("/", asked.words()),
            String.valueOf(wantedVersion(asked)),
            new String(body, UTF_8)));
  }

  private static void tellOne(Reply reply, List<Outcome> outcomes) throws IOException {
    Outcome outcome = outcomes.get(0);
    if (outcome.status() == 503) {
      reply.header("Retry-After", "2");
    }
    Object version = outcome.told().get("version");
    if (outcome.isWell() && version != null) {
      reply.header("ETag", "\"" + version + '"');
    }
    reply.json(outcome.status(), outcome.json());
  }

  private static void tellAll(Reply reply, List<Outcome> outcomes) throws IOException {
    boolean away = !outcomes.isEmpty() && outcomes.stream().allMatch(one -> one.status() == 503);
    if (away) {
      tellOne(reply, outcomes);
      return;
    }
    reply.json(
        200,
        new JsonObject()
            .put("success", outcomes.stream().allMatch(Outcome::isWell))
            .put("results", outcomes.stream().map(Outcome::json).toList()));
  }

  // ---- as some programs ask

  private boolean dialect(Asked asked, RestDatabase database, Client client) throws IOException {
    String name = asked.word(1);
    String what = asked.question().method() + " " + asked.word(2);
    if (what.equals("GET download")) {
      mustSee(client, name);
      download(asked, database, client, name);
      return true;
    }
    if (what.equals("POST upload")) {
      mustWrite(client, name);
      byte[] body = asked.question().body(BODY);
      List<Edit> edits =
          Sent.records(Sent.object(body), "records").stream()
              .map(record -> new Edit(name, record, null, null, true))
              .toList();
      return carry(asked, database, client, body, edits, RestDoor::tellUpload);
    }
    throw RefusedException.with(
        404, "there is nothing at this address", "GET …/download and POST …/upload are there.");
  }

  private void download(Asked asked, RestDatabase database, Client client, String name)
      throws IOException {
    long offset = asked.question().number("offset", 0L);
    if (offset < 0) {
      throw RefusedException.wrong("the parameter offset is below 0", "Begin with offset=0.");
    }
    int limit = asked.question().parameter("limit").map(text -> limit(text, "limit")).orElse(100);
    String table =
        database.readers().read(view -> view.find(name).orElseThrow(() -> noTable(name)).name());
    asked
        .visit()
        .reply()
        .json(
            200,
            new JsonObject()
                .put("success", true)
                .put("data", new Download(database, client, table).page(offset, limit)));
  }

  private static void tellUpload(Reply reply, List<Outcome> outcomes) throws IOException {
    if (!outcomes.isEmpty() && outcomes.stream().allMatch(one -> one.status() == 503)) {
      tellOne(reply, outcomes);
      return;
    }
    List<JsonObject> errors = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome one = outcomes.get(i);
      if (!one.isWell()) {
        errors.add(
            new JsonObject()
                .put("index", i)
                .put("id", one.told().get("id"))
                .put("error", one.told().get("error"))
                .put("hint", one.told().get("hint")));
      }
    }
    reply.json(
        200,
        new JsonObject()
            .put("success", true)
            .put(
                "data",
                new JsonObject()
                    .put("created", count(outcomes, Outcome.Action.CREATED))
                    .put("updated", count(outcomes, Outcome.Action.UPDATED))
                    .put("unchanged", count(outcomes, Outcome.Action.UNCHANGED))
                    .put("conflicts", count(outcomes, Outcome.Action.CONFLICT))
                    .put("errors", errors)));
  }

  private static long count(List<Outcome> outcomes, Outcome.Action action) {
    return outcomes.stream().filter(one -> one.did(action)).count();
  }
}
