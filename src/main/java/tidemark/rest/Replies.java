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
 * What requests with an Idempotency-Key came to, so that one that is repeated gets the first
 * answer, also where the server ended before it gave that. Threading: as its connection.
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
   */
  record Known(String asked, List<Slot> slots) {}

  Optional<Known> find(String who, String request) {
    return sql.first(
        "SELECT asked, told FROM sync_replies WHERE who=? AND request=?",
        c -> new Known(c.string(1), slots(c.string(2))),
        who,
        request);
  }

  void keep(String who, Job.Once once, List<Slot> slots, long now) {
    sql.update("DELETE FROM sync_replies WHERE moment<?", now - KEPT.toMillis());
    sql.update(
        "INSERT OR REPLACE INTO sync_replies VALUES(?,?,?,?,?)",
        who,
        once.request(),
        once.asked(),
        text(slots),
        now);
  }

  private static String text(List<Slot> slots) {
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    for (Slot slot : slots) {
      Map<String, @Nullable Object> one = new LinkedHashMap<>();
      Outcome outcome = slot.outcome();
      Mine mine = slot.mine();
      if (outcome != null) {
        one.put("status", outcome.status());
        one.put("told", outcome.told());
      } else if (mine != null) {
        one.put("mine", mine.json());
      }
      all.add(one);
    }
    return Json.treeText(Map.of("slots", all));
  }

  private static List<Slot> slots(String text) {
    List<Slot> slots = new ArrayList<>();
    if (Json.object(text).get("slots") instanceof List<?> all) {
      for (Object one : all) {
        slots.add(slot((Map<?, ?>) one));
      }
    }
    return slots;
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
