package tidemark.daemon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.app.Database;
import tidemark.app.Workstation;
import tidemark.change.Conflict;
import tidemark.change.Failure;
import tidemark.change.RowKey;
import tidemark.change.Slice;
import tidemark.control.Events;
import tidemark.replica.Conflicts;
import tidemark.say.SyncResult;

/**
 * What the user should hear of without having asked: that an edit of theirs lost a conflict, or
 * that runs have failed for a day.
 *
 * <p>Guarantee: each is told once while the daemon runs; what was there when it began is old news.
 * Threading: called by one run at a time.
 */
final class Notices {
  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
  private static final Duration LONG = Duration.ofDays(1);
  private static final int NEWEST = 500;

  private final Supplier<Workstation> workstation;
  private final Events events;
  private final Clock clock;
  private final Set<String> known = new HashSet<>();
  private @Nullable Instant failingSince;

  Notices(Supplier<Workstation> workstation, Events events, Clock clock) {
    this.workstation = workstation;
    this.events = events;
    this.clock = clock;
  }

  /** What has been lost before is not told of. */
  void begin() {
    lost().forEach(one -> known.add(one.id()));
  }

  /** A run has ended so. */
  void after(SyncResult result) {
    try {
      tellLost();
    } catch (Failure e) {
      LOG.warn("whether an edit lost cannot be told: {}", e.whatFailed());
    }
    tellFailing(result);
  }

  private void tellLost() {
    for (Loss loss : lost()) {
      if (known.add(loss.id())) {
        tell(
            "lost",
            "Your change of "
                + loss.table()
                + " "
                + loss.key()
                + " lost against another one; it can be brought back.");
      }
    }
  }

  private void tellFailing(SyncResult result) {
    boolean failed = !result.failures().isEmpty();
    Instant now = clock.instant();
    Instant since = failingSince;
    if (!failed) {
      failingSince = null;
    } else if (since == null) {
      failingSince = now;
    } else if (Duration.between(since, now).compareTo(LONG) >= 0) {
      failingSince = now;
      Failure why = result.failures().get(0);
      tell("failing", "No sync got through for a day: " + why.whatFailed() + ". " + why.hint());
    }
  }

  private void tell(String kind, String message) {
    LOG.info("{}", message);
    events.tell("notice", Map.of("kind", kind, "message", message.strip()));
  }

  /** What a conflict says of the version that did not stand. */
  private record Loss(String id, String table, RowKey key, @Nullable String by) {
    static Loss of(Conflicts.Kept kept) {
      Conflict conflict = kept.conflict();
      return new Loss(conflict.id(), conflict.table(), conflict.rowKey(), loser(conflict));
    }
  }

  /** The conflicts in which a version of this user's lost. */
  private List<Loss> lost() {
    Workstation now = workstation.get();
    String user = now.settings().user();
    return now.databases().stream()
        .flatMap(database -> newest(database).items().stream())
        .filter(loss -> user.equals(loss.by()))
        .toList();
  }

  private static Slice<Loss> newest(Database database) {
    try {
      return database.conflicts().page(null, null, NEWEST, 0, Loss::of);
    } catch (Failure e) {
      LOG.debug("{}: {}", database.name(), e.whatFailed()); // the run has told of it
      return new Slice<>(List.of(), 0);
    }
  }

  private static @Nullable String loser(Conflict conflict) {
    if ("local".equals(conflict.winner())) {
      return conflict.remoteBy();
    }
    return "remote".equals(conflict.winner()) ? conflict.localBy() : null;
  }
}
