package tidemark.settle;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.Conflict;
import tidemark.change.Json;
import tidemark.change.Row;
import tidemark.change.RowId;
import tidemark.change.Token;
import tidemark.replica.Held;
import tidemark.replica.Held.Reason;
import tidemark.replica.Remembered;
import tidemark.replica.Remembered.Mark;
import tidemark.replica.Replica;
import tidemark.run.SyncReport;

/** What of a settling ends as a conflict, or settles one, and who took part in any. */
public final class Disputes {
  private static final Set<String> UNIQUE = Set.of("unique");
  private static final Set<String> VERSIONS = Set.of("update", "delete");

  private final Replica replica;
  private final Terms terms;
  private final SyncReport report;
  private final Contest contest;
  private final long shareNow;
  private final String now;
  private final Map<String, Boolean> openConflicts = new HashMap<>();

  /** All keys that took part in a conflict or finding; a push leaves them pending. */
  private final Set<RowId> contested = new HashSet<>();

  Disputes(
      Replica replica, Terms terms, SyncReport report, Contest contest, long shareNow, String now) {
    this.replica = replica;
    this.terms = terms;
    this.report = report;
    this.contest = contest;
    this.shareNow = shareNow;
    this.now = now;
  }

  /** It took part in something that is not over, or was not plain. */
  void involve(RowId id) {
    contested.add(id);
  }

  Set<RowId> contested() {
    return contested;
  }

  String conflictId(RowId id, String kind, @Nullable Remembered remembered, long entry) {
    return Token.of(id.table(), Json.keyText(id.key()), kind, lastToken(remembered), entry);
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
        contest.madeBy(mark, mine),
        mineAt,
        theirs == null ? null : text(theirs.row()),
        theirs == null ? null : theirs.by(),
        theirs == null ? null : theirs.at());
  }

  /**
   * @param winner local, remote, both; null leaves it open for a person
   */
  void record(
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

  /** What it waited for came to an end: nobody has to choose between the two rows any more. */
  void closeAboutValue(Held.Waiting waiting) {
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

  public static String lastToken(@Nullable Remembered remembered) {
    Mark mark = remembered == null ? null : remembered.mark();
    return mark == null ? "" : mark.last();
  }

  public static @Nullable String text(@Nullable Row row) {
    return row == null ? null : Json.rowText(row);
  }
}
