package tidemark.settle;

import java.util.List;
import tidemark.change.ChangeTime;
import tidemark.change.Row;
import tidemark.replica.SyncColumns;

/** What rows themselves tell of when they were made, where nobody saw it happen. */
public final class Births {
  private static final List<String> TIMES = List.of("created_at", "generated_at");

  /** CURRENT_TIMESTAMP knows no fractions of the second that an ISO text beside it tells. */
  private static final long ONE_SECOND = 1_000;

  private Births() {}

  /** Made at one and the same time: one record, if the key is the same too. */
  public static boolean atOneTime(Row one, Row other) {
    for (String column : TIMES) {
      if (one.has(column)) {
        Long born = ChangeTime.read(one.get(column));
        return born != null && born.equals(ChangeTime.read(other.get(column)));
      }
    }
    return false;
  }

  /** As it was made: a seed, or an entry nobody has come back to. */
  static boolean neverEdited(Row row) {
    Object stamp = row.get(SyncColumns.UPDATED_AT);
    Long updated = ChangeTime.read(stamp);
    for (String column : TIMES) {
      Long born = ChangeTime.read(row.get(column));
      if (born != null) {
        // one of the two may be in local time
        return updated == null || updated < born + ONE_SECOND || ChangeTime.isAbout(stamp, born);
      }
    }
    return false;
  }
}
