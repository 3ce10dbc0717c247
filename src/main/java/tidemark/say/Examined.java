package tidemark.say;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.upkeep.Finding;

/**
 * What an examination found.
 *
 * @param at null where none was made yet
 */
public record Examined(@Nullable Instant at, List<Of<Finding>> findings) {}
