package tidemark.app;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tidemark.change.Conflict;
import tidemark.change.Row;
import tidemark.change.Slice;
import tidemark.past.Resolution;
import tidemark.replica.Conflicts;
import tidemark.run.Plan;
import tidemark.run.Request;
import tidemark.settle.Overruled;

/** The conflicts that one database knows, and what can be done about them. */
public final class DatabaseConflicts {
  private final Plan plan;
  private final LocalAccess access;
  private final Clock clock;

  DatabaseConflicts(Plan plan, LocalAccess access, Clock clock) {
    this.plan = plan;
    this.access = access;
    this.clock = clock;
  }

  /** All conflicts this database knows, oldest first. */
  public void each(Consumer<Conflicts.Kept> consumer) {
    access.looking(
        replica -> {
          replica.conflicts().each(consumer);
          return true;
        });
  }

  /** The conflicts of which this is how the id begins. */
  public List<Conflicts.Kept> beginningWith(String id) {
    return access.looking(replica -> replica.conflicts().beginningWith(id)).orElse(List.of());
  }

  /** So many of its conflicts, newest first, after leaving out some; and what is kept of each. */
  public <T> Slice<T> page(
      @Nullable Boolean resolved,
      @Nullable String table,
      int limit,
      int offset,
      Function<Conflicts.Kept, T> as) {
    return access
        .looking(replica -> replica.conflicts().find(resolved, table, limit, offset, as))
        .orElse(new Slice<>(List.of(), 0));
  }

  /** The conflict of this id. */
  public Optional<Conflicts.Kept> find(String id) {
    return access.looking(replica -> replica.conflicts().find(id)).flatMap(Function.identity());
  }

  /** Conflicts that wait for a person, and that such a run would settle by its rule. */
  public List<Overruled> overruled(Request request) {
    return access.looking(replica -> Overruled.by(request, replica)).orElse(List.of());
  }

  /** Chooses one of two versions that wait. */
  public void resolve(String conflict, Resolution.Side side) {
    access.alone(() -> new Resolution(plan, clock).resolve(conflict, side));
  }

  /**
   * Settles a conflict with a third version.
   *
   * @param taken the columns whose values are those of the remote version
   */
  public void resolve(String conflict, Row given, List<String> taken) {
    access.alone(() -> new Resolution(plan, clock).resolve(conflict, given, taken));
  }

  /**
   * Brings a version of a conflict back.
   *
   * @param which null for the loser
   * @param given what is to replace some of its values
   */
  public void restore(String conflict, Conflict.@Nullable Version which, @Nullable Row given) {
    access.alone(() -> new Resolution(plan, clock).restore(conflict, which, given));
  }
}
