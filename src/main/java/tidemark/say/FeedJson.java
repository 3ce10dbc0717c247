package tidemark.say;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.change.Row;
import tidemark.past.FeedItem;

/** Changes of the audit trail as programs read them. */
public final class FeedJson {
  private FeedJson() {}

  /**
   * One change.
   *
   * @param rows what becomes of each row, as a JSON object
   */
  public static JsonObject of(InDatabase<FeedItem> of, UnaryOperator<String> rows) {
    FeedItem item = of.what();
    return new JsonObject()
        .put("database", of.database())
        .put("entry", item.entry())
        .time("at", item.at() == 0 ? null : item.at())
        .put("by", item.by())
        .put("workstation", item.workstation())
        .put("table", item.table())
        .put("key", item.key())
        .put("op", item.op())
        .put("before", row(item.before(), rows))
        .put("after", row(item.after(), rows));
  }

  public static JsonObject of(InDatabase<FeedItem> item) {
    return of(item, Shortened.NOT);
  }

  private static Json.@Nullable Writing row(@Nullable Row row, UnaryOperator<String> rows) {
    return row == null ? null : json -> json.writeRawValue(rows.apply(Json.rowText(row)));
  }
}
