package tidemark.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import tidemark.replica.Replica;
import tidemark.run.LocalDamage;
import tidemark.run.LocalDatabase;
import tidemark.run.Plan;

/**
 * The ways to a local database: to look into it, and to write while nobody else of this machine
 * does. What says that the file is damaged says it as `doctor` does.
 */
final class LocalAccess {
  private final Plan plan;
  private final LocalDatabase file;
  private final Locks locks;
  private final Path state;
  private final Duration patience;

  /**
   * @param state the folder where what belongs to this database is kept
   * @param patience so long another one may be at it
   */
  LocalAccess(Plan plan, Locks locks, Path state, Duration patience) {
    this.plan = plan;
    this.file = new LocalDatabase(plan);
    this.locks = locks;
    this.state = state;
    this.patience = patience;
  }

  Path state() {
    return state;
  }

  Duration patience() {
    return patience;
  }

  /** Not there, or empty, as some tools leave a file where there was none. */
  boolean isMissing() {
    return file.isMissing();
  }

  /** Empty where the database is not there or was never synced. */
  <T> Optional<T> looking(Function<Replica, T> work) {
    return told(
        () ->
            file.look()
                .map(
                    opened -> {
                      try (Replica replica = opened) {
                        return work.apply(replica);
                      }
                    }));
  }

  <T> T alone(Supplier<T> work) {
    try (Locks.Taken alone = locks.run(plan.name(), state, plan.local(), patience)) {
      return told(work);
    }
  }

  void alone(Runnable work) {
    alone(
        () -> {
          work.run();
          return true;
        });
  }

  <T> T told(Supplier<T> work) {
    return LocalDamage.told(plan.local(), work);
  }
}
