package tidemark.daemon.chore;

import java.time.Instant;

/** Something to be looked after besides syncing, such as backups. */
public interface Chore {
  /** As it stands in the log, and where nothing else in the daemon has the same. */
  String name();

  /**
   * Does it if it is due, which is its own to know: from what stands on the share, or from {@link
   * ChoreTimes} where only this workstation is concerned. Asked every few minutes.
   */
  void doIfDue(Instant now);
}
