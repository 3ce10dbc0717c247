package tidemark.settle;

import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import tidemark.change.Json;
import tidemark.change.RowId;
import tidemark.replica.Held;
import tidemark.replica.Replica;
import tidemark.run.SyncReport;

/** Names everything a replica holds back, on every run until it is resolved. */
public final class HeldReport {
  private final Replica replica;
  private final Set<String> selected;

  public HeldReport(Replica replica, Set<String> selected) {
    this.replica = replica;
    this.selected = selected;
  }

  public void into(SyncReport report) {
    replica.refused().forEach((table, why) -> report.held(table, table, why));
    for (String name : selected) {
      long without = replica.table(name).keyCheck().rowsWithoutKey();
      if (without > 0) {
        report.held(
            name, name, name + ": " + without + " rows with NULL in the key cannot be synced");
      }
    }
    for (String name : selected) {
      replica.declared().differences(replica.table(name).shape()).forEach(report::note);
    }
    replica
        .takenAlong()
        .forEach(name -> report.note(name + " is synced too: tables that are synced refer to it"));
    replica
        .strangers()
        .forEach(
            name ->
                report.note(
                    name + " is left alone: names beginning with sync_ are Tidemark's own"));
    replica.triggerRemarks().forEach(report::note);
    for (Held.Waiting held : replica.held().all()) {
      if (selected.contains(held.table())) {
        report.held(
            held.table(),
            held.table() + " " + held.key(),
            held.table() + " " + held.key() + ": " + reason(held));
      }
    }
    replica
        .sql()
        .each(
            "SELECT table_name, name, count(*) FROM sync_waiting GROUP BY 1, 2",
            c ->
                report.held(
                    c.string(1),
                    c.string(1) + "." + c.string(2),
                    c.string(1)
                        + ": column "
                        + c.string(2)
                        + " is awaited from the application ("
                        + c.number(3)
                        + " values)"));
  }

  /** Each value that waits for its column. */
  public static void eachAwaited(Replica replica, BiConsumer<RowId, String> consumer) {
    replica
        .sql()
        .each(
            "SELECT table_name, row_key, name FROM sync_waiting ORDER BY 1, 2, 3",
            c ->
                consumer.accept(
                    new RowId(c.string(1), Json.key(c.string(2))),
                    "column " + c.string(3) + " is awaited from the application"));
  }

  public static String reason(Held.Waiting held) {
    return switch (held.reason()) {
      case MANUAL, MANUAL_UNIQUE ->
          "two versions wait for somebody to choose; see `tidemark conflicts`";
      case REFUSED -> "this database refuses it: " + held.detail();
      case UNIQUE, PARENT, TABLE ->
          held.detail().isEmpty() ? held.reason().name().toLowerCase(Locale.ROOT) : held.detail();
    };
  }
}
