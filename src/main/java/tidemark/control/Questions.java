package tidemark.control;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tidemark.change.Slice;
import tidemark.past.Feed;
import tidemark.past.FeedItem;
import tidemark.past.RestoreReport;
import tidemark.replica.Conflicts;
import tidemark.replica.SyncLog;
import tidemark.say.ChoiceResult;
import tidemark.say.DayOfRuns;
import tidemark.say.DoctorFindings;
import tidemark.say.FleetMember;
import tidemark.say.InDatabase;
import tidemark.say.TableHere;

/** What can be asked about the data here and on the share, and decided about single rows. */
public interface Questions {
  /**
   * So many of something, after leaving out some.
   *
   * @param database null for all
   */
  record Part(@Nullable String database, int last, int offset) {}

  /** Newest first. */
  Slice<InDatabase<SyncLog.Row>> history(Part part, boolean everyone, SyncLog.Filter filter);

  /** This workstation's runs by day, the oldest day first, today last. */
  List<DayOfRuns> days(@Nullable String database, int days);

  /**
   * Newest first.
   *
   * @param resolved null for both
   * @param telling what is told of each: rows may be large, and are not held all at once
   */
  Slice<String> conflicts(
      Part part,
      @Nullable Boolean resolved,
      @Nullable String table,
      Function<InDatabase<Conflicts.Kept>, String> telling);

  /** The one of this id, if there is one. */
  List<InDatabase<Conflicts.Kept>> conflict(@Nullable String database, String id);

  /** Does to each what was chosen, whatever becomes of the others. */
  ChoiceResult settle(ConflictChoice choice);

  /** Writes a row as it was, as a new edit, and syncs. */
  RestoreReport restore(RestoreAsk ask);

  /** Oldest first. */
  List<String> feed(
      @Nullable String database,
      Feed.Filter filter,
      Function<InDatabase<FeedItem>, String> telling);

  /**
   * What is well and what is not.
   *
   * @param fresh examined now, which may take long; else what the last examination found
   */
  DoctorFindings doctor(boolean fresh);

  List<InDatabase<FleetMember>> fleet(@Nullable String database);

  List<InDatabase<TableHere>> tables(@Nullable String database);
}
