package tidemark.upkeep.archive;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tidemark.change.ConflictRule;

/**
 * What is to be moved where.
 *
 * @param before older rows go, in milliseconds
 * @param dateColumn null: created_at, or else updated_at
 * @param conflicts the rule of the runs before and after
 */
public record ArchiveOrder(
    String table, long before, Path to, @Nullable String dateColumn, ConflictRule conflicts) {}
