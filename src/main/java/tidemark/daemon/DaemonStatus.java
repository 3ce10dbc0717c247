package tidemark.daemon;

import java.util.List;
import tidemark.app.Workstation;
import tidemark.say.DaemonState;
import tidemark.say.DatabaseState;
import tidemark.say.StatusJson;

/** How the running daemon and its databases stand. */
final class DaemonStatus {
  private final ConfigInForce config;
  private final Syncing syncing;
  private final Keeper keeper;
  private final Pausing pausing;
  private final Schedule schedule;
  private final String version;

  DaemonStatus(
      ConfigInForce config,
      Syncing syncing,
      Keeper keeper,
      Pausing pausing,
      Schedule schedule,
      String version) {
    this.config = config;
    this.syncing = syncing;
    this.keeper = keeper;
    this.pausing = pausing;
    this.schedule = schedule;
    this.version = version;
  }

  /** Without a look at any database or share. */
  DaemonState ofItself() {
    return new DaemonState(
        ProcessHandle.current().pid(),
        version,
        syncing.isUnderWay(),
        keeper.next().orElse(null),
        pausing.isOn(),
        pausing.until(),
        syncing.offlineSince().orElse(null),
        config.problem(),
        schedule.trouble().orElse(null));
  }

  /** With its databases, as JSON. */
  String ofAll() {
    Workstation glance = config.glance();
    List<DatabaseState> standings =
        glance.databases().stream().map(each -> each.standing().tell(false)).toList();
    return new StatusJson(glance.settings(), standings, false, ofItself()).text();
  }
}
