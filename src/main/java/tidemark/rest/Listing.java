package tidemark.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.JsonObject;
import tidemark.change.Row;
import tidemark.replica.Arrivals.Arrived;

/**
 * The rows of a table: all of them by their keys, or what arrived since a moment; in pages where a
 * limit is wanted.
 *
 * <p>Guarantee: while others write, pages skip nothing. What arrives behind a page that was given
 * comes after the last one. Threading: for one answer.
 */
final class Listing {
  static final String KIND = "rows";

  private final View view;
  private final TableView table;
  private final Client client;
  private final Wish wish;
  private final Given given;

  private final List<JsonObject> deleted = new ArrayList<>();
  private long count;
  private @Nullable Cursor next;
  private Cursor at;

  /** The last arrival that was given; at its page's end the cursor stands there. */
  private long reached;

  /**
   * What somebody wants of a table.
   *
   * @param since null for all rows
   * @param limit null for all of them in one answer
   * @param now when it was asked, before anything was read
   */
  record Wish(
      @Nullable Long since,
      @Nullable Integer limit,
      @Nullable String cursor,
      boolean deleted,
      boolean allColumns,
      long now) {}

  Listing(View view, TableView table, Client client, Wish wish, LongSupplier floor) {
    this.view = view;
    this.table = table;
    this.client = client;
    this.wish = wish;
    this.given = new Given(view.replica().sql());
    this.at =
        wish.cursor() == null
            ? first()
            : Cursor.of(wish.cursor(), kind()).here(view, Set.of(table), floor);
    this.reached = at.number();
  }

  /** A cursor of one table, or one way of asking, is none of another. */
  private String kind() {
    return KIND + " " + table.name();
  }

  private Cursor first() {
    if (wish.since() == null) {
      return Cursor.begin(view, kind(), table.name(), view.arrivals().last(), Given.EVERYTHING);
    }
    Given.Start start =
        given.start(client, table.name(), wish.since(), view.arrivals(), wish.now());
    Cursor begun = Cursor.begin(view, kind(), null, start.since(), wish.since());
    return start.withoutOwn() ? begun.leavingOutOwn() : begun;
  }

  /** What is to be remembered of a whole answer; null where pages follow. */
  record Whole(long asked, long since, long upTo) {}

  /** Writes the answer. */
  @Nullable Whole to(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("records");
    try {
      rows(json);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    json.writeEndArray();
    if (wish.deleted()) {
      json.writeArrayFieldStart("deleted");
      for (JsonObject one : deleted) {
        one.to(json);
      }
      json.writeEndArray();
    }
    json.writeNumberField("count", count);
    json.writeStringField("nextCursor", next == null ? null : next.text());
    json.writeStringField("timestamp", ChangeTime.iso(wish.now()));
    json.writeEndObject();
    return next != null
        ? null
        : new Whole(at.asked(), at.since(), Math.max(reached, view.arrivals().last()));
  }

  /** Whether it says more than is remembered already: not where nothing came since. */
  boolean isNews(Whole whole) {
    return given
        .last(client.who(), table.name())
        .map(
            last ->
                whole.asked() == Given.EVERYTHING
                    ? last.asked() == Given.EVERYTHING && last.upTo() < whole.upTo()
                    : last.asked() == Given.EVERYTHING
                        || whole.since() != whole.upTo()
                        || last.upTo() != whole.upTo())
        .orElse(true);
  }

  private boolean isFull() {
    return wish.limit() != null && count + deleted.size() >= wish.limit();
  }

  private void rows(JsonGenerator json) {
    if (at.givesEverything()) {
      view.arrivals()
          .eachByKey(
              table.table(),
              at.key(),
              found -> {
                if (isFull()) {
                  next = at;
                  return false;
                }
                write(json, Objects.requireNonNull(found.row()));
                at = at.behind(table.name(), found.key());
                return true;
              });
    }
    if (next == null) {
      view.arrivals()
          .eachBetween(
              table.table(), at.number(), view.arrivals().last(), found -> arrived(json, found));
    }
  }

  private boolean arrived(JsonGenerator json, Arrived found) {
    if (isFull()) {
      next = at.after(view, reached);
      return false;
    }
    Row row = found.row();
    if (!at.withoutOwn()
        || !given.isOwn(client.who(), table.name(), found.key(), found.arrived())) {
      if (row != null) {
        write(json, row);
      } else if (wish.deleted()) {
        deleted.add(
            new JsonObject()
                .put("id", table.id(found.key()))
                .put("key", table.keyValues(found.key()))
                .time("at", found.remembered().at()));
      }
    }
    reached = found.arrived();
    return true;
  }

  private void write(JsonGenerator json, Row row) {
    count++;
    try {
      table.write(json, row, wish.allColumns());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
