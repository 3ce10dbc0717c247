package tidemark.say;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tidemark.change.ConflictRule;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.change.TableRule;

/** A table of the local database, and how it is synced. */
public record TableHere(String name, TableRule rule) {
  public static String text(List<InDatabase<TableHere>> tables) {
    return Json.treeText(tables.stream().map(TableHere::json).toList());
  }

  private static JsonObject json(InDatabase<TableHere> table) {
    TableRule rule = table.what().rule();
    return new JsonObject()
        .put("database", table.database())
        .put("table", table.what().name())
        .put("synced", rule.synced())
        .put("conflicts", word(rule.conflicts()))
        .put("merge", rule.mergeColumns() ? "columns" : "row");
  }

  /** Null where the rule for all tables holds. */
  private static @Nullable String word(@Nullable ConflictRule rule) {
    return rule == null ? null : rule.name().toLowerCase(Locale.ROOT);
  }
}
