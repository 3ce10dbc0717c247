package tidemark.control;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Slice;
import tidemark.control.Questions.Part;
import tidemark.past.Feed;
import tidemark.replica.Conflicts;
import tidemark.replica.SyncLog;
import tidemark.say.ConflictJson;
import tidemark.say.DayOfRuns;
import tidemark.say.FeedJson;
import tidemark.say.FleetMember;
import tidemark.say.HealthJson;
import tidemark.say.InDatabase;
import tidemark.say.RestoreJson;
import tidemark.say.RunsAsData;
import tidemark.say.Shortened;
import tidemark.say.TableHere;

/** What can be asked about the data: runs, conflicts, the audit trail, tables, the fleet. */
final class DataRoutes {
  private static final String TOTAL = "Tidemark-Total";
  private static final List<String> RUNS =
      List.of(
          "database",
          "last",
          "offset",
          "everyone",
          "since",
          "until",
          "status",
          "workstation",
          "trigger",
          "text");
  private static final int MANY = 1_000_000;
  private static final int FAR = 100_000_000;

  private final Questions questions;
  private final Clock clock;

  DataRoutes(Questions questions, Clock clock) {
    this.questions = questions;
    this.clock = clock;
  }

  List<Route> all() {
    return List.of(
        new Route("GET", "/api/history", with("csv", RUNS), this::history),
        new Route("GET", "/api/history.csv", RUNS, this::historyAsCsv),
        Route.get("/api/history/summary", List.of("database", "days"), this::days),
        new Route(
            "GET",
            "/api/conflicts",
            List.of("database", "table", "state", "id", "last", "offset", "most"),
            this::conflicts),
        Route.sendingRows(
            "/api/conflicts/resolve",
            body -> questions.settle(ConflictChoice.resolving(body)).text()),
        Route.sendingRows(
            "/api/conflicts/restore",
            body -> questions.settle(ConflictChoice.restoring(body)).text()),
        Route.get(
            "/api/feed",
            List.of("database", "table", "key", "by", "since", "until", "last", "most"),
            this::feed),
        Route.sending(
            "POST",
            "/api/restore",
            body -> RestoreJson.ofOneRow(questions.restore(RestoreAsk.read(body)))),
        Route.get(
            "/api/doctor",
            List.of("fresh"),
            call -> HealthJson.text(questions.doctor(call.isTrue("fresh")))),
        Route.get(
            "/api/fleet",
            List.of("database"),
            call -> FleetMember.text(questions.fleet(call.text("database")))),
        Route.get(
            "/api/tables",
            List.of("database"),
            call -> TableHere.text(questions.tables(call.text("database")))));
  }

  private static List<String> with(String one, List<String> others) {
    return Stream.concat(others.stream(), Stream.of(one)).toList();
  }

  private static Part part(Parameters call) {
    return new Part(
        call.text("database"), call.number("last", 50, 1, MANY), call.number("offset", 0, 0, FAR));
  }

  private static Reply json(String text, long total) {
    Reply plain = Reply.json(text);
    return new Reply(
        plain.status(), plain.type(), plain.content(), Map.of(TOTAL, Long.toString(total)));
  }

  // ---- runs

  private Reply history(HttpCall call) {
    Parameters said = new Parameters(call.parameters());
    if (said.isTrue("csv")) {
      return historyAsCsv(call);
    }
    Slice<InDatabase<SyncLog.Row>> found = runs(said);
    return json(RunsAsData.json(found.items()), found.total());
  }

  private Reply historyAsCsv(HttpCall call) {
    Slice<InDatabase<SyncLog.Row>> found = runs(new Parameters(call.parameters()));
    Reply plain = Reply.text(200, "text/csv", RunsAsData.csv(found.items()));
    return new Reply(
        plain.status(),
        plain.type(),
        plain.content(),
        Map.of(
            TOTAL,
            Long.toString(found.total()),
            "Content-Disposition",
            "attachment; filename=\"tidemark-history.csv\""));
  }

  private Slice<InDatabase<SyncLog.Row>> runs(Parameters said) {
    return questions.history(
        part(said),
        said.isTrue("everyone"),
        new SyncLog.Filter(
            spaced(said.moment("since", clock)),
            spaced(said.moment("until", clock)),
            said.oneOf("status", List.of("success", "partial", "offline", "error")),
            said.text("workstation"),
            said.oneOf("trigger", List.of("schedule", "manual", "start", "exit", "watch")),
            said.text("text")));
  }

  private static @Nullable String spaced(@Nullable Long millis) {
    return millis == null ? null : ChangeTime.spaced(millis);
  }

  private String days(Parameters call) {
    return DayOfRuns.text(questions.days(call.text("database"), call.number("days", 30, 1, 3660)));
  }

  // ---- rows

  private Reply conflicts(HttpCall call) {
    Parameters said = new Parameters(call.parameters());
    String state = said.oneOf("state", List.of("open", "settled", "all"));
    @Nullable Boolean resolved =
        Map.of("open", false, "settled", true).get(state == null ? "all" : state);
    String id = said.text("id");
    UnaryOperator<String> rows = rows(said);
    if (id != null) {
      List<InDatabase<Conflicts.Kept>> found = questions.conflict(said.text("database"), id);
      return json(
          RowList.json(found.stream().map(one -> ConflictJson.of(one, rows).text()).toList()),
          found.size());
    }
    RowList told = new RowList();
    Slice<String> found =
        questions.conflicts(
            part(said),
            resolved,
            said.text("table"),
            one -> told.fitting(ConflictJson.of(one, rows).text()));
    return json(RowList.json(found.items()), found.total());
  }

  /** Rows are told whole unless somebody wants no more than so much of each value. */
  private static UnaryOperator<String> rows(Parameters call) {
    return call.text("most") == null
        ? Shortened.NOT
        : new Shortened(call.number("most", 0, 1, MANY));
  }

  private String feed(Parameters call) {
    UnaryOperator<String> rows = rows(call);
    RowList told = new RowList();
    return RowList.json(
        questions.feed(
            call.text("database"),
            new Feed.Filter(
                call.text("table"),
                key(call.text("key")),
                call.text("by"),
                call.moment("since", clock),
                call.moment("until", clock),
                call.number("last", 100, 1, MANY)),
            item -> told.fitting(FeedJson.of(item, rows).text())));
  }

  /** As programs write it, ["Q1", 3], or as people do: Q1. */
  private static @Nullable String key(@Nullable String given) {
    if (given == null || !given.startsWith("[")) {
      return given;
    }
    try {
      return Json.keyText(Json.key(given));
    } catch (Failure | IllegalArgumentException e) {
      return given; // a key may begin so
    }
  }
}
