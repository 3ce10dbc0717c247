package tidemark.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tidemark.ledger.Ledger;
import tidemark.replica.Replica;
import tidemark.replica.SyncLog;

/**
 * Which of this workstation's runs are still to be told to the others, and in which form.
 *
 * <p>Guarantee: a run is told again until the master's log is known to have it; what was once told
 * as a part of a sum is told so ever after, since somebody may have written the sum down.
 */
final class OwnRuns {
  private static final int KEPT_TELLING = 200;

  /** Bytes for the runs in a file: readers take a million of the whole. */
  private static final int ROOM = 256 << 10;

  /** How far apart clocks may be that were set by one another. */
  static final long MINUTE = 60_000;

  /** The last run its file told of, the last of which the master knows, the last in a sum. */
  private static final String TOLD = "told";

  private static final String ARRIVED = "arrived";
  private static final String SUMMED = "summed";

  private final Replica replica;
  private final SyncLog log;
  private final long arrived;
  private final List<SyncLog.Row> unsent;
  private final List<SyncLog.Run> inSums;
  private final List<SyncLog.Run> since;
  private boolean allInSums;

  OwnRuns(Replica replica, Ledger ledger) {
    this.replica = replica;
    this.log = new SyncLog(replica.sql());
    this.arrived = arrived(ledger);
    this.unsent = log.after(arrived);
    long summed = number(SUMMED);
    this.inSums =
        RunSums.within(ROOM, runs(unsent.stream().filter(row -> row.id() <= summed).toList()));
    this.since = runs(unsent.stream().filter(row -> row.id() > summed).toList());
  }

  private long number(String state) {
    Long number = replica.stateNumber(state);
    return number == null ? 0 : number;
  }

  private static List<SyncLog.Run> runs(List<SyncLog.Row> rows) {
    return rows.stream().map(SyncLog.Row::run).toList();
  }

  /** What the file told before the master was last brought up to date was read then. */
  private long arrived(Ledger ledger) {
    long told = number(TOLD);
    long before = number(ARRIVED);
    if (told == before) {
      return before;
    }
    long folded = ledger.masterState().map(Ledger.MasterState::foldedAt).orElse(0L);
    boolean read = folded > number(OwnFile.PUBLISHED) + number("skew") + MINUTE;
    return read ? told : before;
  }

  /** For who writes them into the master's log himself: each by itself, as far as it may be. */
  List<SyncLog.Run> forTheMaster() {
    List<SyncLog.Run> runs = before();
    runs.addAll(inSums);
    runs.addAll(since);
    return runs;
  }

  /** For the file: newest first, and no more than there is room for. */
  List<SyncLog.Run> forTheFile() {
    List<SyncLog.Run> news = new ArrayList<>(inSums);
    news.addAll(since);
    allInSums = RunSums.size(news) > ROOM;
    if (allInSums) {
      news = RunSums.within(ROOM, runs(unsent));
    }
    List<SyncLog.Run> told =
        new ArrayList<>(RunSums.newest(ROOM - (int) RunSums.size(news), before()));
    told.addAll(news);
    Collections.reverse(told);
    return told;
  }

  /** To be called in the transaction that notes the file as written. */
  void written() {
    replica.state(ARRIVED, Long.toString(arrived));
    if (!unsent.isEmpty()) {
      String newest = Long.toString(unsent.get(unsent.size() - 1).id());
      replica.state(TOLD, newest);
      if (allInSums) {
        replica.state(SUMMED, newest);
      }
    }
  }

  /** Some that arrived, oldest first, for a master that was restored; of those in sums none. */
  private List<SyncLog.Run> before() {
    long end = unsent.isEmpty() ? Long.MAX_VALUE : unsent.get(0).id();
    long summed = number(SUMMED);
    List<SyncLog.Run> before = new ArrayList<>();
    for (SyncLog.Row row : log.last(KEPT_TELLING, null, null)) {
      if (row.id() < end && row.id() > summed) {
        before.add(0, row.run());
      }
    }
    return before;
  }
}
