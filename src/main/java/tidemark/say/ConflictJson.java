package tidemark.say;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tidemark.change.Conflict;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.replica.Conflicts;

/** Rows of sync_conflicts, with what they hold as objects. */
public final class ConflictJson {
  private ConflictJson() {}

  /**
   * One conflict.
   *
   * @param rows what becomes of each version, as a JSON object
   */
  public static JsonObject of(InDatabase<Conflicts.Kept> found, UnaryOperator<String> rows) {
    Conflict conflict = found.what().conflict();
    return new JsonObject()
        .put("database", found.database())
        .put("id", conflict.id())
        .time("timestamp", conflict.timestamp())
        .put("entry", found.what().entry())
        .put("table_name", conflict.table())
        .put("row_key", conflict.rowKey())
        .put("kind", conflict.kind())
        .put("local_data", row(conflict.localData(), rows))
        .put("remote_data", row(conflict.remoteData(), rows))
        .put("given_data", row(conflict.givenData(), rows))
        .put("local_by", conflict.localBy())
        .put("remote_by", conflict.remoteBy())
        .time("local_at", conflict.localAt())
        .time("remote_at", conflict.remoteAt())
        .put("winner", conflict.winner())
        .put("workstation", conflict.workstation())
        .put("resolved", conflict.resolved() ? 1 : 0)
        .put("resolution", conflict.resolution())
        .put("resolved_by", conflict.resolvedBy())
        .time("resolved_at", conflict.resolvedAt());
  }

  public static JsonObject of(InDatabase<Conflicts.Kept> found) {
    return of(found, Shortened.NOT);
  }

  private static Json.@Nullable Writing row(@Nullable String stored, UnaryOperator<String> rows) {
    return stored == null
        ? null
        : json -> json.writeRawValue(rows.apply(Json.objectText(Conflict.values(stored))));
  }
}
