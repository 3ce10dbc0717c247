package tidemark.daemon;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tidemark.app.Database;
import tidemark.app.Workstation;
import tidemark.change.ChangeTime;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.change.Slice;
import tidemark.control.ConflictChoice;
import tidemark.control.Events;
import tidemark.control.Questions;
import tidemark.control.RestoreAsk;
import tidemark.past.Feed;
import tidemark.past.FeedItem;
import tidemark.past.Resolution.Side;
import tidemark.past.RestoreReport;
import tidemark.past.RestoreWish;
import tidemark.replica.Conflicts;
import tidemark.replica.SyncLog;
import tidemark.run.Request;
import tidemark.say.ChoiceResult;
import tidemark.say.DayOfRuns;
import tidemark.say.DoctorFindings;
import tidemark.say.FleetMember;
import tidemark.say.InDatabase;
import tidemark.say.TableHere;
import tidemark.upkeep.health.Finding;
import tidemark.upkeep.health.Health;

/**
 * Answers what the endpoint is asked about the data, by the config in force.
 *
 * <p>Threading: may be called from anywhere; each question opens what it needs for itself.
 */
final class Answers implements Questions {
  private final ConfigInForce config;
  private final Events events;
  private final Clock clock;
  private volatile DoctorFindings latest = new DoctorFindings(null, List.of());

  Answers(ConfigInForce config, Events events, Clock clock) {
    this.config = config;
    this.events = events;
    this.clock = clock;
  }

  private static List<Database> databases(Workstation workstation, @Nullable String name) {
    return workstation.databases(name == null ? List.of() : List.of(name));
  }

  // ---- runs

  @Override
  public Slice<InDatabase<SyncLog.Row>> history(
      Part part, boolean everyone, SyncLog.Filter filter) {
    return together(
        part,
        (database, within) ->
            database.runs().find(everyone, filter, within.last(), within.offset()),
        Comparator.comparing((InDatabase<SyncLog.Row> of) -> of.what().run().timestamp())
            .reversed());
  }

  /** The pages of several databases as one; each is asked for all up to this page's end. */
  private <T> Slice<InDatabase<T>> together(
      Part part, BiFunction<Database, Part, Slice<T>> asking, Comparator<InDatabase<T>> order) {
    List<Database> databases = databases(config.glance(), part.database());
    boolean one = databases.size() == 1;
    Part each = one ? part : new Part(null, part.last() + part.offset(), 0);
    List<InDatabase<T>> all = new ArrayList<>();
    long total = 0;
    for (Database database : databases) {
      Slice<T> found = asking.apply(database, each);
      found.items().forEach(item -> all.add(new InDatabase<>(database.name(), item)));
      total += found.total();
    }
    if (one) {
      return new Slice<>(all, total);
    }
    return new Slice<>(
        all.stream().sorted(order).skip(part.offset()).limit(part.last()).toList(), total);
  }

  @Override
  public List<DayOfRuns> days(@Nullable String database, int days) {
    LocalDate today = LocalDate.now(clock);
    Map<LocalDate, DayOfRuns> all = new TreeMap<>();
    for (LocalDate day = today.minusDays(days - 1L); !day.isAfter(today); day = day.plusDays(1)) {
      all.put(day, new DayOfRuns(day));
    }
    Instant since = today.minusDays(days - 1L).atStartOfDay(clock.getZone()).toInstant();
    for (Database each : databases(config.glance(), database)) {
      each.runs()
          .each(
              ChangeTime.spaced(since.toEpochMilli()),
              run -> {
                DayOfRuns day = all.get(day(run));
                if (day != null) {
                  day.add(run);
                }
              });
    }
    return List.copyOf(all.values());
  }

  private LocalDate day(SyncLog.Run run) {
    Long at = ChangeTime.read(run.timestamp());
    return LocalDate.ofInstant(Instant.ofEpochMilli(at == null ? 0 : at), clock.getZone());
  }

  // ---- conflicts

  @Override
  public Slice<String> conflicts(
      Part part,
      @Nullable Boolean resolved,
      @Nullable String table,
      Function<InDatabase<Conflicts.Kept>, String> telling) {
    Slice<InDatabase<Told>> found =
        together(
            part,
            (database, within) ->
                database
                    .conflicts()
                    .page(
                        resolved,
                        table,
                        within.last(),
                        within.offset(),
                        kept ->
                            new Told(
                                kept.conflict().timestamp(),
                                telling.apply(new InDatabase<>(database.name(), kept)))),
            Comparator.comparing((InDatabase<Told> of) -> of.what().at()).reversed());
    return new Slice<>(found.items().stream().map(of -> of.what().text()).toList(), found.total());
  }

  /** What is told of something, and when that was. */
  private record Told(long at, String text) {}

  @Override
  public List<InDatabase<Conflicts.Kept>> conflict(@Nullable String name, String id) {
    List<InDatabase<Conflicts.Kept>> found = new ArrayList<>();
    for (Database database : databases(config.glance(), name)) {
      database
          .conflicts()
          .find(id)
          .ifPresent(kept -> found.add(new InDatabase<>(database.name(), kept)));
    }
    return found;
  }

  @Override
  public ChoiceResult settle(ConflictChoice choice) {
    Database database = config.workstation().databases(List.of(choice.database())).get(0);
    List<String> resolved = new ArrayList<>();
    Map<String, Failure> refused = new LinkedHashMap<>();
    for (String id : choice.ids()) {
      try {
        settle(database, id, choice);
        resolved.add(id);
      } catch (Failure why) {
        refused.put(id, why);
      }
    }
    if (!resolved.isEmpty()) {
      events.tell(
          "conflicts:changed",
          Map.of("database", database.name(), "count", (long) resolved.size()));
    }
    return new ChoiceResult(resolved, refused);
  }

  private static void settle(Database database, String id, ConflictChoice choice) {
    Row row = choice.row();
    Side keep = choice.keep();
    if (choice.restores()) {
      database.conflicts().restore(id, choice.version(), row);
    } else if (row != null) {
      database.conflicts().resolve(id, row, choice.take());
    } else if (keep != null) {
      database.conflicts().resolve(id, keep);
    }
  }

  @Override
  public RestoreReport restore(RestoreAsk ask) {
    Workstation workstation = config.workstation();
    Database database = workstation.databases(List.of(ask.database())).get(0);
    RestoreReport report =
        database
            .restore()
            .rollBack(
                RestoreWish.row(ask.table(), ask.key(), ask.entry()),
                Request.byHand(workstation.settings().sync().conflicts()));
    events.tell("sync:complete", Map.of("status", "success", "message", "a row was restored"));
    return report;
  }

  // ---- the rest

  @Override
  public List<String> feed(
      @Nullable String name, Feed.Filter filter, Function<InDatabase<FeedItem>, String> telling) {
    List<Told> all = new ArrayList<>();
    List<Database> databases = databases(config.workstation(), name);
    for (Database database : databases) {
      database.feed(
          filter,
          item ->
              all.add(new Told(item.at(), telling.apply(new InDatabase<>(database.name(), item)))));
    }
    if (databases.size() > 1) {
      all.sort(Comparator.comparing(Told::at)); // of one they come as they happened
    }
    Integer last = filter.last();
    int from = last == null ? 0 : Math.max(0, all.size() - last);
    return all.subList(from, all.size()).stream().map(Told::text).toList();
  }

  @Override
  public DoctorFindings doctor(boolean fresh) {
    DoctorFindings last = fresh ? examined() : latest;
    Instant at = Instant.EPOCH;
    List<InDatabase<Finding>> findings = new ArrayList<>();
    for (Database database : databases(config.workstation(), null)) {
      Health health = database.health().last();
      health
          .findings()
          .forEach(finding -> findings.add(new InDatabase<>(database.name(), finding)));
      Instant when = Instant.ofEpochMilli(health.at());
      at = when.isAfter(at) ? when : at;
    }
    Instant asked = last.at();
    return asked != null && !asked.isBefore(at)
        ? last
        : new DoctorFindings(at.equals(Instant.EPOCH) ? null : at, findings);
  }

  private DoctorFindings examined() {
    List<InDatabase<Finding>> findings = new ArrayList<>();
    for (Database database : databases(config.workstation(), null)) {
      database
          .health()
          .examine()
          .forEach(finding -> findings.add(new InDatabase<>(database.name(), finding)));
    }
    latest = new DoctorFindings(clock.instant(), findings);
    events.tell("health:changed", Map.of());
    return latest;
  }

  @Override
  public List<InDatabase<FleetMember>> fleet(@Nullable String name) {
    List<InDatabase<FleetMember>> all = new ArrayList<>();
    for (Database database : databases(config.glance(), name)) {
      database.fleet().forEach(one -> all.add(new InDatabase<>(database.name(), one)));
    }
    return all;
  }

  @Override
  public List<InDatabase<TableHere>> tables(@Nullable String name) {
    List<InDatabase<TableHere>> all = new ArrayList<>();
    Workstation workstation = config.glance();
    for (Database database : databases(workstation, name)) {
      var rules = workstation.settings().rules(database.name());
      Set<String> tables = new TreeSet<>(database.tables());
      tables.forEach(
          table ->
              all.add(new InDatabase<>(database.name(), new TableHere(table, rules.apply(table)))));
    }
    return all;
  }
}
