package tidemark.rest;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row that a program wants written, or gone.
 *
 * @param fields what was sent of it; null where it is to be deleted
 * @param id its key as it stands in an address; null where the fields say it
 * @param version it must have; null where the table's rule decides
 * @param kept what cannot be taken is kept as a conflict, since nobody can be told
 */
record Edit(
    String table,
    @Nullable Map<String, @Nullable Object> fields,
    @Nullable String id,
    @Nullable String version,
    boolean kept) {}
