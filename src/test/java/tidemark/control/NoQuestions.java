package tidemark.control;

import java.util.List;
import java.util.function.Function;
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

/** An endpoint with no data behind it. */
final class NoQuestions implements Questions {
  @Override
  public Slice<InDatabase<SyncLog.Row>> history(
      Part part, boolean everyone, SyncLog.Filter filter) {
    return new Slice<>(List.of(), 0);
  }

  @Override
  public List<DayOfRuns> days(String database, int days) {
    return List.of();
  }

  @Override
  public Slice<String> conflicts(
      Part part,
      Boolean resolved,
      String table,
      Function<InDatabase<Conflicts.Kept>, String> telling) {
    return new Slice<>(List.of(), 0);
  }

  @Override
  public List<InDatabase<Conflicts.Kept>> conflict(String database, String id) {
    return List.of();
  }

  @Override
  public ChoiceResult settle(ConflictChoice choice) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<String> feed(
      String database, Feed.Filter filter, Function<InDatabase<FeedItem>, String> telling) {
    return List.of();
  }

  @Override
  public RestoreReport restore(RestoreAsk ask) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DoctorFindings doctor(boolean fresh) {
    return new DoctorFindings(null, List.of());
  }

  @Override
  public List<InDatabase<FleetMember>> fleet(String database) {
    return List.of();
  }

  @Override
  public List<InDatabase<TableHere>> tables(String database) {
    return List.of();
  }
}
