package tidemark.daemon;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tidemark.app.OwnedLock;
import tidemark.app.Workstation;
import tidemark.config.DatabaseSettings;

/**
 * The local databases that this daemon looks after, and therefore no other one.
 *
 * <p>Threading: one thread at a time.
 */
final class LookedAfter implements AutoCloseable {
  private final Map<Path, OwnedLock> locks = new HashMap<>();

  /** These too; fails where another daemon looks after one. */
  void add(Workstation workstation) {
    for (DatabaseSettings database : workstation.settings().databases().values()) {
      if (!locks.containsKey(database.local())) {
        OwnedLock lock = workstation.locks().lookAfter(database.name(), database.local());
        if (lock != null) {
          locks.put(database.local(), lock);
        }
      }
    }
  }

  /** What the config names no longer, others may look after. */
  void keepOnly(Workstation workstation) {
    Set<Path> named =
        workstation.settings().databases().values().stream()
            .map(DatabaseSettings::local)
            .collect(Collectors.toSet());
    locks.forEach(
        (local, lock) -> {
          if (!named.contains(local)) {
            lock.close();
          }
        });
    locks.keySet().retainAll(named);
  }

  @Override
  public void close() {
    locks.values().forEach(OwnedLock::close);
  }
}
