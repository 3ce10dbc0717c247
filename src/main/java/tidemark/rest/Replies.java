package tidemark.rest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.jdbc.Sql;

/**
 * What the edits of requests with an Idempotency-Key came to, so that one that is repeated gets the
 * first answer, also where the server ended before it gave that. Threading: as its connection.
 */
final class Replies {
  private static final Duration KEPT = Duration.ofDays(30);

  private final Sql sql;

  Replies(Sql sql) {
    this.sql = sql;
  }

  /**
   * What is known of a request.
   *
   * @param asked for what
   * @param slots of its first edits, or of all
   */
  record Known(String asked, List<Slot> slots) {}

  Optional<Known> find(String who, String request) {
    List<Slot> slots = new ArrayList<>();
    String[] asked = new String[1];
    sql.each(
        "SELECT asked, told FROM sync_replies WHERE who=? AND request=? ORDER BY place",
        c -> {
          asked[0] = c.string(1);
          slots.add(slot(Json.object(c.string(2))));
        },
        who,
        request);
    return slots.isEmpty() ? Optional.empty() : Optional.of(new Known(asked[0], slots));
  }

  /** Of the edit at this place in the request. */
  void keep(String who, Job.Once once, int place, Slot slot, long now) {
    sql.update(
        "INSERT OR REPLACE INTO sync_replies VALUES(?,?,?,?,?,?)",
        who,
        once.request(),
        place,
        once.asked(),
        text(slot),
        now);
  }

  void forgetOld(long now) {
    sql.update("DELETE FROM sync_replies WHERE moment<?", now - KEPT.toMillis());
  }

  private static String text(Slot slot) {
    Map<String, @Nullable Object> one = new LinkedHashMap<>();
    Outcome outcome = slot.outcome();
    Mine mine = slot.mine();
    if (outcome != null) {
      one.put("status", outcome.status());
      one.put("told", outcome.told());
    } else if (mine != null) {
      one.put("mine", mine.json());
    }
    return Json.objectText(one);
  }

  private static Slot slot(Map<?, ?> one) {
    if (one.get("mine") instanceof Map<?, ?> mine) {
      return Slot.of(Mine.of(mine));
    }
    Map<String, @Nullable Object> told = new LinkedHashMap<>();
    if (one.get("told") instanceof Map<?, ?> members) {
      members.forEach((name, value) -> told.put(String.valueOf(name), value));
    }
    int status = one.get("status") instanceof Number number ? number.intValue() : 500;
    return Slot.of(new Outcome(status, told));
  }
}
