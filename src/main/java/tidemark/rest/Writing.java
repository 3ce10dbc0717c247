package tidemark.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.JsonObject;
import tidemark.change.Token;
import tidemark.serve.RefusedException;
import tidemark.serve.Reply;
import tidemark.serve.Visit;

/**
 * What programs write: it is answered later, once it stands in the ledger.
 *
 * <p>Threading: no state.
 */
final class Writing {
  private static final int BODY = 32 << 20;
  private static final int LONGEST_KEY = 200;

  private Writing() {}

  /** Tells what became of a request's edits. */
  private interface Telling {
    void tell(Reply reply, List<Outcome> outcomes) throws IOException;
  }

  static void post(Asked asked, RestDatabase database, Client client) throws IOException {
    String name = asked.word(0);
    client.mustWrite(name);
    byte[] body = asked.question().body(BODY);
    Sent.Records sent = Sent.records(body);
    boolean ownVersion =
        database
            .readers()
            .read(view -> Reading.table(view, name).table().shape().hasColumn("version"));
    List<Edit> edits =
        sent.all().stream()
            .map(
                record ->
                    ownVersion
                        ? new Edit(name, record, null, asked.wantedVersion(), false)
                        : conditional(asked, name, record))
            .toList();
    carry(
        asked, database, client, body, edits, sent.several() ? Writing::tellAll : Writing::tellOne);
  }

  /** `version` is a condition where the table has no column of that name. */
  private static Edit conditional(Asked asked, String name, Map<String, @Nullable Object> record) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(record);
    Object said = fields.remove("version");
    String wanted = asked.wantedVersion();
    return new Edit(
        name, fields, null, wanted == null && said != null ? said.toString() : wanted, false);
  }

  static void delete(Asked asked, RestDatabase database, Client client) {
    client.mustWrite(asked.word(0));
    Edit edit = new Edit(asked.word(0), null, asked.raw(1), asked.wantedVersion(), false);
    carry(asked, database, client, new byte[0], List.of(edit), Writing::tellOne);
  }

  /** As a till does: what is not taken is kept, since it looks at no errors. */
  static void upload(Asked asked, RestDatabase database, Client client) throws IOException {
    String name = asked.word(1);
    client.mustWrite(name);
    byte[] body = asked.question().body(BODY);
    String table = database.readers().read(view -> Reading.table(view, name).name());
    List<Edit> edits =
        Sent.records(Sent.object(body), "records").stream()
            .map(record -> new Edit(table, record, null, null, true))
            .toList();
    carry(asked, database, client, body, edits, Writing::tellUpload);
  }

  private static void carry(
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
      database.carrier().add(job);
    }
  }

  private static Job.@Nullable Once once(Asked asked, byte[] body) {
    Optional<String> key = asked.question().header("Idempotency-Key");
    if (key.isEmpty()) {
      return null;
    }
    String request = key.get().strip();
    if (request.isEmpty() || request.length() > LONGEST_KEY) {
      throw RefusedException.wrong(
          "this is no Idempotency-Key",
          "Send a text of up to " + LONGEST_KEY + " characters, another one each time.");
    }
    return new Job.Once(
        request,
        Token.of(
            asked.question().method(),
            asked.database(),
            String.join("/", asked.words()),
            String.valueOf(asked.wantedVersion()),
            new String(body, UTF_8)));
  }

  // ---- answers

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

  /** Nothing of it came through. */
  private static boolean isAway(List<Outcome> outcomes) {
    return !outcomes.isEmpty() && outcomes.stream().allMatch(one -> one.status() == 503);
  }

  private static void tellAll(Reply reply, List<Outcome> outcomes) throws IOException {
    if (isAway(outcomes)) {
      tellOne(reply, outcomes);
      return;
    }
    reply.json(
        200,
        new JsonObject()
            .put("success", outcomes.stream().allMatch(Outcome::isWell))
            .put("results", outcomes.stream().map(Outcome::json).toList()));
  }

  private static void tellUpload(Reply reply, List<Outcome> outcomes) throws IOException {
    if (isAway(outcomes)) {
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
