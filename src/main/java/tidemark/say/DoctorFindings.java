package tidemark.say;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidemark.upkeep.health.Finding;

/**
 * What an examination found.
 *
 * @param at null where none was made yet
 */
public record DoctorFindings(@Nullable Instant at, List<InDatabase<Finding>> findings) {}
