package tidemark.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Conflict.Version;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.past.Resolution.Side;
import tidemark.say.Fields;

/**
 * What somebody decided about conflicts of one database.
 *
 * @param restores the loser is to come back; else one of two versions that wait is to stand
 * @param keep which version stands; null where a row is given, or the loser comes back
 * @param row a third version, or what is to replace some of the loser's values; for one conflict
 * @param take columns of a third version whose values are the remote one's
 * @param version which one comes back; null for the loser
 */
public record ConflictChoice(
    String database,
    List<String> ids,
    boolean restores,
    @Nullable Side keep,
    @Nullable Row row,
    List<String> take,
    @Nullable Version version) {
  private static final int MANY = 10_000;

  /** What to keep. */
  static ConflictChoice resolving(String body) {
    Fields said = Fields.asked(body, Set.of("database", "ids", "keep", "row", "take"));
    String word = said.text("keep", "");
    Side keep = null;
    for (Side side : Side.values()) {
      keep = side.word().equals(word) ? side : keep;
    }
    List<String> take = texts(said, "take", "a column", "title");
    if ((keep == null) == (!said.has("row") && take.isEmpty())) {
      throw wrong(
          "it is not said what to keep",
          "Either keep: local or remote, or a row and the columns to take from the remote one.");
    }
    Row row = row(said);
    if (row == null && !take.isEmpty()) {
      mustBeOne(said);
      row = Row.of(Map.of());
    }
    return new ConflictChoice(said.text("database", ""), ids(said), false, keep, row, take, null);
  }

  /** Whom to bring back. */
  static ConflictChoice restoring(String body) {
    Fields said = Fields.asked(body, Set.of("database", "ids", "row", "version"));
    String word = said.text("version", "");
    Version version = Version.parse(word).orElse(null);
    if (version == null && !word.isEmpty()) {
      throw wrong("there is no version '" + word + "'", "Accepted: local, remote, given.");
    }
    return new ConflictChoice(
        said.text("database", ""), ids(said), true, null, row(said), List.of(), version);
  }

  private static List<String> texts(Fields said, String name, String what, String example) {
    List<String> texts = new ArrayList<>();
    for (Object each : said.list(name)) {
      if (!(each instanceof String text) || text.isBlank()) {
        throw wrong(what + " is no text: " + each, "As in \"" + name + "\":[\"" + example + "\"].");
      }
      texts.add(text);
    }
    return texts;
  }

  private static List<String> ids(Fields said) {
    List<String> ids = texts(said, "ids", "an id", "…");
    if (ids.isEmpty() || ids.size() > MANY) {
      throw wrong("no conflict is named, or too many", "From 1 to " + MANY + " ids.");
    }
    return ids;
  }

  private static @Nullable Row row(Fields said) {
    if (!said.has("row")) {
      return null;
    }
    if (!(said.value("row") instanceof Map<?, ?> values)) {
      throw noRow();
    }
    mustBeOne(said);
    try {
      return Json.row(Json.objectText(named(values)));
    } catch (Failure | IllegalArgumentException e) {
      throw new Failure(
          Failure.USAGE, "the row cannot be understood", "It has columns and values.", e);
    }
  }

  private static void mustBeOne(Fields said) {
    if (said.list("ids").size() != 1) {
      throw noRow();
    }
  }

  private static Failure noRow() {
    return wrong("a row is an object, for one conflict", "As in {\"quoteId\":\"Q1\"}.");
  }

  private static Map<String, @Nullable Object> named(Map<?, ?> values) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    values.forEach((column, value) -> named.put(String.valueOf(column), value));
    return named;
  }

  private static Failure wrong(String what, String accepted) {
    return new Failure(Failure.USAGE, what, accepted);
  }
}
