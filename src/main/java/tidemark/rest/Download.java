package tidemark.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tidemark.change.JsonObject;
import tidemark.change.RowKey;

/**
 * A table in pages by offset, all of the state that was there when the first was asked for.
 *
 * <p>Threading: no state.
 */
final class Download {
  private final RestDatabase database;
  private final Client client;
  private final String table;

  Download(RestDatabase database, Client client, String table) {
    this.database = database;
    this.client = client;
    this.table = table;
  }

  private record Read(
      List<Map<String, @Nullable Object>> records, boolean more, long total, long upTo) {}

  JsonObject page(long offset, int limit) {
    String who = client.who() + ' ' + table;
    Read read =
        database.pins().page(who, offset == 0, (pin, view) -> page(pin, view, offset, limit));
    if (!read.more()) {
      database.remember(client, table, new Listing.Whole(Given.EVERYTHING, 0, read.upTo()));
      database.pins().end(who);
    }
    return new JsonObject()
        .put("records", read.records())
        .put("hasMore", read.more())
        .put("totalCount", read.total());
  }

  private Read page(Pins.Pin pin, View view, long offset, int limit) {
    TableView of = view.find(table).orElseThrow();
    boolean goesOn = offset > 0 && offset == pin.offset();
    long[] skip = {goesOn ? 0 : offset};
    List<Map<String, @Nullable Object>> records = new ArrayList<>();
    RowKey[] last = new RowKey[1];
    boolean[] more = {false};
    view.arrivals()
        .eachByKey(
            of.table(),
            goesOn ? pin.last() : null,
            found -> {
              if (skip[0] > 0) {
                skip[0]--;
                return true;
              }
              more[0] = records.size() >= limit;
              if (!more[0]) {
                records.add(of.shown(Objects.requireNonNull(found.row())));
                last[0] = found.key();
              }
              return !more[0];
            });
    pin.reached(offset + records.size(), last[0]);
    return new Read(records, more[0], view.arrivals().count(of.table()), view.arrivals().last());
  }
}
