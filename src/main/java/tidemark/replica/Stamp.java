package tidemark.replica;

import org.jspecify.annotations.Nullable;
import tidemark.change.RowKey;

/** The bookkeeping of a row that has been posted. */
public record Stamp(RowKey key, @Nullable Object updatedAt, @Nullable Object updatedBy) {}
