package tidemark.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.replica.Remembered;
import tidemark.serve.AccessKey;
import tidemark.serve.Programs.Hall;
import tidemark.serve.RefusedException;

/**
 * What programs read. Everything is read from the database before any of it is sent.
 *
 * <p>Threading: any.
 */
final class Reading {
  private static final String TYPE = "application/json";
  private static final int CHANGES = 500;
  private static final int PAGE = 100;

  private final Clock clock;

  Reading(Clock clock) {
    this.clock = clock;
  }

  static List<TableView> seen(View view, Client client) {
    return view.tables().stream().filter(table -> client.key().sees(table.name())).toList();
  }

  static TableView table(View view, String name) {
    return view.find(name).orElseThrow(() -> Asked.noTable(name));
  }

  void description(Asked asked, RestDatabase database, Client client) throws IOException {
    asked
        .reply()
        .json(
            200,
            database
                .readers()
                .read(view -> OpenApi.of(seen(view, client), database.stock().name())));
  }

  // ---- rows

  void list(Asked asked, RestDatabase database, Client client) throws IOException {
    client.mustSee(asked.word(0));
    Listing.Wish wish =
        new Listing.Wish(
            asked.moment("updatedSince"),
            asked.limit().orElse(null),
            asked.cursor().orElse(null),
            asked.flag("deleted"),
            asked.flag("sync"),
            clock.millis());
    try (Spool spool = new Spool()) {
      remember(database, client, spooled(asked.word(0), database, client, wish, spool));
      asked.reply().header("Content-Length", Long.toString(spool.size()));
      try (OutputStream out = asked.reply().stream(200, TYPE)) {
        spool.to(out);
      }
    }
  }

  /** What is to be remembered of an answer; null where nothing is. */
  private record News(String table, Listing.Whole whole) {}

  private static @Nullable News spooled(
      String name, RestDatabase database, Client client, Listing.Wish wish, Spool spool)
      throws IOException {
    try {
      return database
          .readers()
          .read(
              view -> {
                TableView table = table(view, name);
                Listing listing = new Listing(view, table, client, wish, database.stock()::floor);
                try (JsonGenerator json = Json.FACTORY.createGenerator(spool)) {
                  json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
                  Listing.Whole whole = listing.to(json);
                  return whole == null || !listing.isNews(whole)
                      ? null
                      : new News(table.name(), whole);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Before it goes out: who did not get it asks for the same once more. */
  private static void remember(RestDatabase database, Client client, @Nullable News news) {
    if (news != null) {
      database.remember(client, news.table(), news.whole());
    }
  }

  void one(Asked asked, RestDatabase database, Client client) throws IOException {
    client.mustSee(asked.word(0));
    boolean all = asked.flag("sync");
    record Found(String version, String text) {}
    Found found =
        database
            .readers()
            .read(
                view -> {
                  TableView table = table(view, asked.word(0));
                  RowKey key = table.keyOf(asked.raw(1));
                  Row row = table.table().row(key);
                  if (row == null) {
                    throw missing(table, key);
                  }
                  return new Found(
                      table.version(row), Json.text(json -> table.write(json, row, all)));
                });
    asked.reply().header("ETag", '"' + found.version() + '"');
    asked.reply().text(200, TYPE, found.text());
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

  /** As a till asks: in pages by offset. */
  void download(Asked asked, RestDatabase database, Client client) throws IOException {
    client.mustSee(asked.word(1));
    long offset = asked.question().number("offset", 0L);
    if (offset < 0) {
      throw RefusedException.wrong("the parameter offset is below 0", "Begin with offset=0.");
    }
    int limit = asked.limit().orElse(PAGE);
    String name = database.readers().read(view -> table(view, asked.word(1)).name());
    asked
        .reply()
        .json(
            200,
            new JsonObject()
                .put("success", true)
                .put("data", new Download(database, client, name).page(offset, limit)));
  }

  // ---- the delta feed

  /** False where it is answered once there is something. */
  boolean changes(Asked asked, RestDatabase database, Client client, Hall hall) throws IOException {
    int limit = asked.limit().orElse(CHANGES);
    Feed.Page page = page(asked, database, client, limit);
    long seconds = asked.question().seconds();
    if (!page.changes().isEmpty() || seconds == 0) {
      tell(asked, page);
      return true;
    }
    hall.waiting()
        .add(
            database,
            page.next().number(),
            seconds,
            () -> hall.guard().stands(client.key()),
            () ->
                asked
                    .visit()
                    .answered(
                        () -> {
                          AccessKey now =
                              hall.guard().require(asked.question().key(), asked.database());
                          Client still = new Client(now, client.address());
                          tell(asked, page(asked, database, still, limit));
                          return true;
                        }));
    return false;
  }

  private static Feed.Page page(Asked asked, RestDatabase database, Client client, int limit) {
    return database
        .readers()
        .read(
            view ->
                new Feed(view, seen(view, client), limit, database.stock())
                    .from(asked.cursor().orElse(null), database.stock()::floor));
  }

  private static void tell(Asked asked, Feed.Page page) throws IOException {
    asked
        .reply()
        .json(
            200,
            new JsonObject().put("changes", page.changes()).put("nextCursor", page.next().text()));
  }
}
