package tidemark.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tidemark.app.Database;
import tidemark.app.NamedTables;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.past.Feed;
import tidemark.past.FeedItem;
import tidemark.say.FeedJson;
import tidemark.say.InDatabase;
import tidemark.say.Moment;

/** `feed`: who changed which row, when, from which values to which. */
@Command(
    name = "feed",
    description = "Tells who changed which row, when, from which values to which.")
final class FeedCommand extends DataCommand {
  private static final int WIDEST = 40;

  @Option(names = "--table", paramLabel = "T", description = "Only this table.")
  private @Nullable String table;

  @Option(
      names = "--key",
      paramLabel = "K",
      description = "Only the row of this key: Q1, or '[\"Q1\",3]' where it has several columns.")
  private @Nullable String key;

  @Option(names = "--by", paramLabel = "USER", description = "Only what this person changed.")
  private @Nullable String by;

  @Option(names = "--since", paramLabel = "TIME", description = "Only since then.")
  private @Nullable Instant since;

  @Option(names = "--last", paramLabel = "N", description = "Only the newest so many.")
  private @Nullable Integer last;

  FeedCommand(Start start) {
    super(start);
  }

  @Override
  int run() {
    if (last != null && last < 1) {
      throw new ParameterException(spec().commandLine(), "--last needs a number of 1 or more");
    }
    List<Database> databases = databases(workstation());
    long found = json() ? printJson(databases) : printText(databases);
    if (found == 0) {
      requireKnownTable(databases);
    }
    return 0;
  }

  /** Returns how many there are. */
  private long each(List<Database> databases, BiConsumer<Database, FeedItem> consumer) {
    AtomicLong found = new AtomicLong();
    @Nullable Long from = since == null ? null : since.toEpochMilli();
    new NamedTables(table == null ? Set.of() : Set.of(table))
        .in(databases)
        .forEach(
            (database, named) -> {
              @Nullable String spelt = named.stream().findFirst().orElse(null);
              database.feed(
                  new Feed.Filter(spelt, key, by, from, last),
                  item -> {
                    found.incrementAndGet();
                    consumer.accept(database, item);
                  });
            });
    return found.get();
  }

  /** Nothing is no answer where the table's name is a mistake; one long gone is in the ledger. */
  private void requireKnownTable(List<Database> databases) {
    Set<String> known = new TreeSet<>();
    databases.forEach(database -> known.addAll(database.tables()));
    if (table != null && !known.isEmpty() && known.stream().noneMatch(table::equalsIgnoreCase)) {
      throw new Failure(
          Failure.USAGE,
          "There is no table " + table + ", and the ledger tells of none",
          "The tables are: " + String.join(", ", known) + ".");
    }
  }

  private long printJson(List<Database> databases) {
    AtomicLong found = new AtomicLong();
    this.<InDatabase<FeedItem>>printArray(
        items ->
            found.set(
                each(
                    databases,
                    (database, item) -> items.accept(new InDatabase<>(database.name(), item)))),
        FeedJson::of);
    return found.get();
  }

  private long printText(List<Database> databases) {
    ZoneId zone = start.clock().getZone();
    long found =
        each(
            databases,
            (database, item) ->
                out()
                    .println(
                        when(item, zone)
                            + "  "
                            + item.by()
                            + " at "
                            + item.workstation()
                            + "  "
                            + database.name()
                            + " "
                            + item.table()
                            + " "
                            + item.key()
                            + "  "
                            + what(item)));
    if (found == 0) {
      out().println("No changes found.");
    }
    return found;
  }

  /** Rows that were there before the first sync do not always tell. */
  private static String when(FeedItem item, ZoneId zone) {
    return item.at() == 0 ? "at an unknown time " : Moment.shown(item.at(), zone);
  }

  private static String what(FeedItem item) {
    Row after = item.after();
    Row before = item.before();
    if (after == null) {
      return "deleted";
    }
    if (before == null) {
      return "new";
    }
    List<String> changed = new ArrayList<>();
    for (Map.Entry<String, @Nullable Object> value : after.asMap().entrySet()) {
      Object former = before.get(value.getKey());
      boolean bookkeeping = value.getKey().matches("updated_at|updated_by|synced_at");
      if (!bookkeeping && !Objects.deepEquals(former, value.getValue())) {
        changed.add(value.getKey() + ": " + shown(former) + " -> " + shown(value.getValue()));
      }
    }
    return changed.isEmpty() ? "written again unchanged" : String.join(", ", changed);
  }

  static String shown(@Nullable Object value) {
    if (value == null) {
      return "(null)";
    }
    String text = value instanceof byte[] blob ? blob.length + " bytes" : value.toString();
    String line = text.replaceAll("\\s+", " ");
    return line.length() <= WIDEST ? line : line.substring(0, WIDEST - 3) + "...";
  }
}
