package tidemark.rest;

import java.util.Collection;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.look.Fleet;
import tidemark.say.FleetMember;
import tidemark.serve.Programs;
import tidemark.serve.RefusedException;
import tidemark.serve.Tally;

/** The server in numbers, as OpenMetrics has them. Threading: for one answer. */
final class Metrics {
  static final String TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private static final double SECOND = 1_000.0;

  private final Programs.Hall hall;
  private final Collection<RestDatabase> databases;
  private final StringBuilder text = new StringBuilder();

  Metrics(Programs.Hall hall, Collection<RestDatabase> databases) {
    this.hall = hall;
    this.databases = databases;
  }

  String text() {
    requests();
    family("tidemark_waiting", "gauge", "Requests that wait for news.");
    sample("tidemark_waiting", "", hall.waiting().count());
    family("tidemark_up", "gauge", "Whether a database can be read here.");
    databases.forEach(database -> sample("tidemark_up", of(database), canBeRead(database) ? 1 : 0));
    each("tidemark_entries", "gauge", "The last entry of the ledger that was read.", this::entries);
    each("tidemark_rows", "gauge", "Rows of a table.", this::rows);
    each("tidemark_conflicts_open", "gauge", "Conflicts that wait for a person.", this::conflicts);
    each("tidemark_conflicts", "counter", "Conflicts there were.", this::allConflicts);
    each("tidemark_held_rows", "gauge", "Rows that wait.", this::held);
    each("tidemark_runs", "counter", "Runs of this server, by how they ended.", this::runs);
    each("tidemark_lag_entries", "gauge", "Entries a workstation has not read.", this::lag);
    each("tidemark_last_sync_seconds", "gauge", "When a workstation synced last.", this::lastSync);
    return text.append("# EOF\n").toString();
  }

  private void requests() {
    Tally.Counted counted = hall.tally().counted();
    family("tidemark_requests", "counter", "Requests that were answered, by status.");
    counted
        .byStatus()
        .forEach(
            (status, count) ->
                sample("tidemark_requests_total", "status=\"" + status + '"', count));
    family("tidemark_request_seconds", "histogram", "How long answers took.");
    counted
        .within()
        .forEach(
            (bound, count) ->
                sample("tidemark_request_seconds_bucket", "le=\"" + bound + '"', count));
    sample("tidemark_request_seconds_bucket", "le=\"+Inf\"", counted.all());
    sample("tidemark_request_seconds_sum", "", counted.seconds());
    sample("tidemark_request_seconds_count", "", counted.all());
  }

  /** A number of each database, where it can be had. */
  private interface Of {
    void tell(RestDatabase database, String labels);
  }

  private void each(String name, String type, String help, Of of) {
    family(name, type, help);
    for (RestDatabase database : databases) {
      int before = text.length();
      try {
        of.tell(database, of(database));
      } catch (Failure | RefusedException away) {
        text.setLength(before); // tidemark_up says so, or the workstations' files cannot be had
      }
    }
  }

  private static boolean canBeRead(RestDatabase database) {
    try {
      return database.readers().read(view -> true);
    } catch (Failure | RefusedException e) {
      return false;
    }
  }

  private void entries(RestDatabase database, String labels) {
    sample("tidemark_entries", labels, database.readers().read(View::position));
  }

  private void rows(RestDatabase database, String labels) {
    database
        .readers()
        .read(
            view -> {
              for (TableView table : view.tables()) {
                sample(
                    "tidemark_rows",
                    labels + ',' + label("table", table.name()),
                    view.arrivals().count(table.table()));
              }
              return true;
            });
  }

  private void conflicts(RestDatabase database, String labels) {
    sample(
        "tidemark_conflicts_open",
        labels,
        number(database, "SELECT count(*) FROM sync_conflicts WHERE resolved=0"));
  }

  private void allConflicts(RestDatabase database, String labels) {
    sample(
        "tidemark_conflicts_total",
        labels,
        number(database, "SELECT count(*) FROM sync_conflicts"));
  }

  private void held(RestDatabase database, String labels) {
    sample(
        "tidemark_held_rows",
        labels,
        number(
            database, "SELECT count(*) FROM (SELECT DISTINCT table_name, row_key FROM sync_held)"));
  }

  private void runs(RestDatabase database, String labels) {
    database
        .readers()
        .read(
            view -> {
              view.replica()
                  .sql()
                  .each(
                      "SELECT status, count(DISTINCT run_id) FROM sync_log GROUP BY status",
                      c ->
                          sample(
                              "tidemark_runs_total",
                              labels + ',' + label("status", c.string(1)),
                              c.number(2)));
              return true;
            });
  }

  private void lag(RestDatabase database, String labels) {
    long here = database.readers().read(View::position);
    for (FleetMember member : database.stock().fleet()) {
      Fleet.Member told = member.told();
      long head = told.position() + told.behind();
      sample(
          "tidemark_lag_entries",
          labels + ',' + of(told),
          told.self() ? Math.max(0, head - here) : told.behind());
    }
  }

  private void lastSync(RestDatabase database, String labels) {
    for (FleetMember member : database.stock().fleet()) {
      String last = member.told().lastSync();
      if (last != null) {
        Long moment = ChangeTime.read(last);
        if (moment != null) { // somebody's file may say no time
          sample("tidemark_last_sync_seconds", labels + ',' + of(member.told()), moment / SECOND);
        }
      }
    }
  }

  private static long number(RestDatabase database, String query) {
    return database.readers().read(view -> view.replica().sql().number(query));
  }

  // ---- the format

  private void family(String name, String type, String help) {
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
  }

  private void sample(String name, String labels, Number value) {
    text.append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    text.append(' ').append(value).append('\n');
  }

  private static String of(RestDatabase database) {
    return label("database", database.stock().name());
  }

  private static String of(Fleet.Member member) {
    return label("workstation", member.workstation()) + ',' + label("user", member.user());
  }

  private static String label(String name, String value) {
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return name + "=\"" + escaped + '"';
  }
}
