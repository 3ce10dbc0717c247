package tidemark.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Slice;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.replica.SyncLog;

/**
 * Everybody's runs, as far as anything here or on the share tells of them: the master's log, and
 * what workstations said of themselves since it was last written.
 *
 * <p>Guarantee: each run once. Reads only.
 */
public final class EveryonesRuns {
  private static final Comparator<SyncLog.Row> NEWEST_FIRST =
      Comparator.comparing((SyncLog.Row row) -> row.run().timestamp())
          .thenComparingLong(SyncLog.Row::id)
          .reversed();

  private final Plan plan;
  private final Ledger ledger;

  public EveryonesRuns(Plan plan, Ledger ledger) {
    this.plan = plan;
    this.ledger = ledger;
  }

  /**
   * Up to when runs are known.
   *
   * @param masterAt when the master's log was last written; null: never
   * @param workstations when each last told of itself, by user and name
   */
  public record AsOf(@Nullable Long masterAt, Map<String, Long> workstations) {}

  public AsOf asOf() {
    Map<String, Long> workstations = new TreeMap<>();
    ledger
        .published(Long.MIN_VALUE)
        .forEach(
            (id, text) -> {
              Map<?, ?> said = OwnFile.content(id, text);
              Long at = writtenAt(said);
              if (at != null) {
                workstations.merge(
                    said.get("user") + " at " + said.get("workstation"), at, Math::max);
              }
            });
    Optional<Ledger.MasterState> state = ledger.masterState();
    return new AsOf(state.map(Ledger.MasterState::foldedAt).orElse(null), workstations);
  }

  /** On the share's clock. */
  private static @Nullable Long writtenAt(Map<?, ?> said) {
    Long at = ChangeTime.read(said.get("at"));
    return at != null && said.get("clockSkewMs") instanceof Number skew
        ? Long.valueOf(at + skew.longValue())
        : at;
  }

  /** So many of those that are meant, newest first, after leaving out some. */
  public Slice<SyncLog.Row> find(SyncLog.Filter filter, int limit, int offset) {
    ledger.info(); // says it best when the share is away
    List<SyncLog.Run> told = told();
    Slice<SyncLog.Row> masters =
        plan.hasMaster() ? masters(filter, limit + offset, told) : new Slice<>(List.of(), 0);
    Slice<SyncLog.Row> since = SyncLog.among(told, filter, limit + offset);
    List<SyncLog.Row> all = new ArrayList<>(masters.items());
    all.addAll(since.items());
    return new Slice<>(
        all.stream().sorted(NEWEST_FIRST).skip(offset).limit(limit).toList(),
        masters.total() + since.total());
  }

  /** Those that the master has heard of; they are taken out of what else was told. */
  private Slice<SyncLog.Row> masters(SyncLog.Filter filter, int limit, List<SyncLog.Run> told) {
    return plan.share()
        .reach(
            "read the master's log",
            plan.master(),
            () ->
                SyncLog.read(
                    plan.master(),
                    LocalDatabase.BUSY,
                    new Slice<>(List.of(), 0),
                    log -> {
                      told.removeIf(run -> log.has(run.runId()));
                      return log.page(filter, limit, 0);
                    }));
  }

  /** What files told since the master was brought up to date, and this workstation's own runs. */
  private List<SyncLog.Run> told() {
    long folded = ledger.masterState().map(Ledger.MasterState::foldedAt).orElse(0L);
    Map<String, String> files = new TreeMap<>(ledger.published(Long.MIN_VALUE));
    files
        .entrySet()
        .removeIf(
            file -> {
              Long at = writtenAt(OwnFile.content(file.getKey(), file.getValue()));
              return at != null && at < folded - OwnRuns.MINUTE;
            });
    Optional<Replica> own = new LocalDatabase(plan).look();
    if (own.isEmpty()) {
      return Workstations.runs(files);
    }
    try (Replica replica = own.get()) {
      files.remove(OwnFile.name(replica));
      List<SyncLog.Run> told = Workstations.runs(files);
      told.addAll(new OwnRuns(replica, ledger).forTheMaster());
      return told;
    }
  }
}
