package tidemark.settle;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.ChangeTime;
import tidemark.change.Conflict;
import tidemark.change.ConflictRule;
import tidemark.change.Json;
import tidemark.change.Parents;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.RowKey;
import tidemark.change.Values;
import tidemark.replica.Held;
import tidemark.replica.Held.Numbered;
import tidemark.replica.Held.Reason;
import tidemark.replica.Kinship;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Clock;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.Replica;
import tidemark.replica.SyncColumns;
import tidemark.replica.SyncedTable;
import tidemark.replica.SyncedTable.Stamp;
import tidemark.run.SyncReport;

/** What the steps of one settling share: the replica, the terms, the time, and what they found. */
public final class Settling {
  private static final Set<String> UNIQUE = Set.of("unique");
  private static final Set<String> VERSIONS = Set.of("update", "delete");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Two clocks that agree differ by less. */
  private static final long NOISE = 1_000;

  final Replica replica;
  final Terms terms;
  final SyncReport report;
  final PastRows past;

  /** Now, on the share's clock. */
  final long shareNow;

  /** Now on this machine, as it is written into databases. */
  final String now;

  /** The share's clock less this machine's. */
  final long skew;

  /** All keys that took part in a conflict or finding; a push leaves them pending. */
  final Set<RowId> contested = new HashSet<>();

  /** What came in for each key: changes of the ledger, and those held from before. */
  final Map<RowId, Arrival> arrivals = new LinkedHashMap<>();

  /** Decided: the ledger's change is to be applied. */
  final Map<RowId, List<Numbered>> puts = new LinkedHashMap<>();

  final Map<RowId, List<Numbered>> deletes = new LinkedHashMap<>();

  /** Of those to be put: not the ledger's row, but what it and pending edits make together. */
  final Map<RowId, Row> merged = new HashMap<>();

  /** Rows of pending edits that took in columns of the ledger's. */
  final Set<RowId> grown = new HashSet<>();

  final Family family;

  /** Which record was where. */
  final Records records;

  private final Map<String, Boolean> openConflicts = new HashMap<>();

  Settling(
      Replica replica, Terms terms, SyncReport report, PastRows past, long localNow, long skew) {
    this.replica = replica;
    this.terms = terms;
    this.report = report;
    this.past = past;
    this.skew = skew;
    this.shareNow = localNow + skew;
    this.now = ChangeTime.spaced(localNow);
    this.family = new Family(replica);
    this.records = new Records(replica, family);
  }

  /** What came in for one key. */
  static final class Arrival {
    final List<Numbered> changes;
    final boolean wasHeld;

    Arrival(List<Numbered> changes, boolean wasHeld) {
      this.changes = changes;
      this.wasHeld = wasHeld;
    }

    /** A push, which stays where it is, may read again what is held already. */
    void add(Numbered change) {
      if (changes.stream().noneMatch(known -> known.entry() == change.entry())) {
        changes.add(change);
      }
    }
  }

  /** Decided: it is to be as the ledger has it. */
  void take(RowId id, List<Numbered> changes) {
    (last(changes).isDelete() ? deletes : puts).put(id, changes);
  }

  static Change last(List<Numbered> changes) {
    return changes.get(changes.size() - 1).change();
  }

  public static long lastEntry(List<Numbered> changes) {
    return changes.get(changes.size() - 1).entry();
  }

  SyncedTable table(RowId id) {
    return replica.table(id.table());
  }

  /**
   * The record that a row refers to, as its author said; null where that is not known, or where the
   * reference is not the author's any more.
   */
  Optional<String> told(Kinship kin, RowId child, Row row) {
    return Optional.ofNullable(parentsOf(kin, child, row).birth(kin.foreign().reference()));
  }

  /** Its author said that the row refers to no record, though to a value. */
  boolean toldOrphan(Kinship kin, RowId child, Row row) {
    Parents parents = parentsOf(kin, child, row);
    List<String> reference = kin.foreign().reference();
    return parents.areTold(reference) && parents.birth(reference) == null;
  }

  private Parents parentsOf(Kinship kin, RowId child, Row row) {
    Change change = taken(child);
    Row written = change == null ? null : change.row();
    boolean itsAuthors =
        written != null
            && kin.foreign().columns().stream()
                .allMatch(c -> Values.same(written.get(c), row.get(c)));
    return change != null && itsAuthors ? change.parents() : Parents.UNTOLD;
  }

  /** What is being taken may have put another record into this one's place. */
  boolean mayBeAnother(RowId id) {
    List<Numbered> changes = puts.get(id);
    return changes == null
        || changes.stream().anyMatch(n -> n.change().isDelete() || n.change().born());
  }

  /** The change of this row that is being taken, or was merged with pending edits. */
  @Nullable Change taken(RowId id) {
    List<Numbered> changes = puts.get(id);
    Arrival arrival = changes == null && grown.contains(id) ? arrivals.get(id) : null;
    return changes != null ? last(changes) : arrival == null ? null : last(arrival.changes);
  }

  /** A row that refers to this record's value means it, as far as is known. */
  boolean means(Kinship kin, RowId child, @Nullable String record) {
    Row row = record == null ? null : kin.child().row(child.key());
    String told = row == null ? null : told(kin, child, row).orElse(null);
    return told == null || told.equals(record);
  }

  ConflictRule rule(SyncedTable table) {
    if (terms.master()) {
      return ConflictRule.NEWEST;
    }
    ConflictRule own = table.rule().conflicts();
    return own == null ? terms.rule() : own;
  }

  /** When a pending edit was made, on the share's clock and never later than its now. */
  long madeAt(Mark mark, @Nullable Row row) {
    long correction = terms.master() || mark.clock() == Clock.SHARE ? 0 : skew;
    if (row != null && mark.clock() == Clock.ROW) {
      Object stamp = row.get(SyncColumns.UPDATED_AT);
      if (mark.found()) {
        Long stamped = ChangeTime.read(stamp);
        return stamped == null ? 0 : clamp(past(stamped + correction), mark);
      }
      Long stamped = ChangeTime.madeAt(stamp, mark.momentMillis());
      if (stamped != null) {
        return clamp(stamped + correction, mark);
      }
    }
    return clamp(mark.momentMillis() + correction, mark);
  }

  /**
   * Nobody saw the row being edited. A time to come is most likely that of a zone in the east, and
   * then it was not before this; any other tells nothing, and beats nothing.
   */
  private long past(long stamped) {
    long ahead = stamped - shareNow;
    if (ahead <= NOISE) {
      return stamped;
    }
    return ahead <= ChangeTime.MOST_EAST ? stamped - ChangeTime.MOST_EAST : 0;
  }

  private long clamp(long at, Mark mark) {
    boolean unknownClock = terms.master() && !mark.found() && mark.clock() != Clock.SHARE;
    return Math.min(unknownClock ? Math.max(at, terms.foldedAt()) : at, shareNow);
  }

  String madeBy(@Nullable Mark mark, @Nullable Row row) {
    Object by =
        mark != null && mark.byRow() && row != null ? row.get(SyncColumns.UPDATED_BY) : null;
    return by instanceof String name && !name.isEmpty() ? name : terms.author().user();
  }

  /** The pending edit beats the ledger's change; on a tie the ledger's row stands. */
  boolean mineWins(SyncedTable table, long mineAt, Change theirs) {
    return switch (rule(table)) {
      case MASTER -> false;
      case LOCAL -> true;
      default -> mineAt > theirs.at();
    };
  }

  /**
   * What was decided of two edits stands, whatever the rule would say of them now: in a file of
   * before, an edit is pending again that everybody knows to have lost.
   *
   * @param conflictId of these two edits
   */
  boolean mineWins(String conflictId, BooleanSupplier byRule) {
    return replica
        .conflicts()
        .winner(conflictId)
        .map("local"::equals)
        .orElseGet(byRule::getAsBoolean);
  }

  public static String newToken() {
    byte[] bytes = new byte[8];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** We changed this row ourselves: to be posted, as made now. */
  void mark(RowId id) {
    table(id).shadow().mark(id.key(), newToken(), shareNow, Clock.SHARE, false, false);
  }

  /** We changed a row with pending edits: what was offered before is not what is here now. */
  void touch(RowId id) {
    Remembered remembered = table(id).shadow().get(id.key());
    Mark mark = remembered == null ? null : remembered.mark();
    if (mark == null) {
      mark(id);
    } else {
      table(id).shadow().setEdits(id.key(), mark.edits() + newToken());
    }
  }

  /** A row that was edited without being changed keeps the stamps that all others know. */
  void stampAs(RowId id, @Nullable Row known) {
    if (known != null) {
      Stamp stamp =
          new Stamp(id.key(), known.get(SyncColumns.UPDATED_AT), known.get(SyncColumns.UPDATED_BY));
      table(id).stamp(List.of(stamp), now);
    }
  }

  void hold(RowId id, List<Numbered> changes, Reason reason, String detail) {
    contested.add(id);
    replica.held().hold(id.table(), id.key(), changes, reason, detail, now);
  }

  void release(RowId id) {
    Arrival arrival = arrivals.get(id);
    if (arrival != null && arrival.wasHeld) {
      replica.held().find(id.table(), id.key()).ifPresent(this::closeAboutValue);
      replica.held().release(id.table(), id.key());
    }
  }

  /** What it waited for came to an end: nobody has to choose between the two rows any more. */
  private void closeAboutValue(Held.Waiting waiting) {
    if (waiting.reason() == Reason.MANUAL_UNIQUE) {
      replica
          .conflicts()
          .close(
              waiting.table(), Json.key(waiting.detail()), UNIQUE, here(), "superseded", null, now);
    }
  }

  private String here() {
    return terms.author().workstation();
  }

  /** The row as settled, where columns are merged and the base is needed. */
  static @Nullable String base(SyncedTable table, @Nullable Row row) {
    return row != null && table.rule().mergeColumns() ? Json.rowText(row) : null;
  }

  void settle(RowId id, List<Numbered> changes, @Nullable Row row) {
    SyncedTable table = table(id);
    table
        .shadow()
        .settle(
            theBirthOf(changes),
            lastEntry(changes),
            row == null ? null : table.digest(row),
            base(table, row));
  }

  /** Pending edits stay pending, now based on this row of the ledger. */
  void rebase(RowId id, List<Numbered> changes, @Nullable Row row) {
    SyncedTable table = table(id);
    table
        .shadow()
        .settleKeepingMark(
            theBirthOf(changes),
            lastEntry(changes),
            row == null ? null : table.digest(row),
            base(table, row));
  }

  /**
   * The last change; where the record was born among these changes, it says so with their token.
   */
  private static Change theBirthOf(List<Numbered> changes) {
    Change last = last(changes);
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change change = changes.get(i).change();
      if (change.born()) {
        return last.born()
            ? last
            : new Change(
                last.table(),
                last.key(),
                last.row(),
                last.at(),
                last.by(),
                true,
                change.first(),
                last.token());
      }
    }
    return last;
  }

  // ---- conflicts

  public static String id(Object... parts) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (Object part : parts) {
        byte[] bytes = String.valueOf(part).getBytes(StandardCharsets.UTF_8);
        sha.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        sha.update(bytes);
      }
      return HexFormat.of().formatHex(sha.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  String conflictId(RowId id, String kind, @Nullable Remembered remembered, long entry) {
    return id(id.table(), Json.keyText(id.key()), kind, lastToken(remembered), entry);
  }

  public static String lastToken(@Nullable Remembered remembered) {
    Mark mark = remembered == null ? null : remembered.mark();
    return mark == null ? "" : mark.last();
  }

  /** The two versions of a conflict, as JSON, and whose they are. */
  record Sides(
      @Nullable String mine,
      @Nullable String mineBy,
      @Nullable Long mineAt,
      @Nullable String theirs,
      @Nullable String theirsBy,
      @Nullable Long theirsAt) {}

  Sides sides(
      @Nullable Row mine, @Nullable Remembered remembered, long mineAt, @Nullable Change theirs) {
    Mark mark = remembered == null ? null : remembered.mark();
    return new Sides(
        text(mine),
        madeBy(mark, mine),
        mineAt,
        theirs == null ? null : text(theirs.row()),
        theirs == null ? null : theirs.by(),
        theirs == null ? null : theirs.at());
  }

  public static @Nullable String text(@Nullable Row row) {
    return row == null ? null : Json.rowText(row);
  }

  /**
   * @param winner local, remote, both; null leaves it open for a person
   */
  void conflict(
      String conflictId,
      RowId id,
      String kind,
      Sides sides,
      @Nullable String winner,
      @Nullable Remembered remembered,
      long entry) {
    contested.add(id);
    openConflicts.remove(id.table());
    Conflict conflict =
        new Conflict(
            conflictId,
            shareNow,
            id.table(),
            Json.keyText(id.key()),
            kind,
            sides.mine(),
            sides.theirs(),
            sides.mineBy(),
            sides.theirsBy(),
            sides.mineAt(),
            sides.theirsAt(),
            winner,
            terms.author().workstation(),
            winner != null,
            winner == null ? null : "auto",
            null,
            null,
            lastToken(remembered),
            entry,
            null);
    if (replica.conflicts().record(conflict)) {
      report.conflict(id.table(), kind, winner == null ? "open" : winner);
    }
  }

  /** Open conflicts about this row's versions are settled by what happened. */
  void close(RowId id, String how, @Nullable String winner) {
    boolean any =
        openConflicts.computeIfAbsent(id.table(), t -> replica.conflicts().countOpen(t) > 0);
    if (any) {
      replica.conflicts().close(id.table(), id.key(), VERSIONS, here(), how, winner, now);
    }
  }

  public RowId id(SyncedTable table, RowKey key) {
    return new RowId(table.name(), key);
  }
}
