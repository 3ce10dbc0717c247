package tidemark.past;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.sync.DatabaseSync;

/**
 * What was brought back, or would be.
 *
 * @param backup the name of the one that was gone back to, or null
 * @param versions of the one row that was asked for
 * @param run that posted it; null where nothing was written
 */
public record RestoreReport(
    Past.Spot to,
    @Nullable String backup,
    Rewind.Result result,
    List<Rollback.Version> versions,
    DatabaseSync.@Nullable Outcome run) {}
