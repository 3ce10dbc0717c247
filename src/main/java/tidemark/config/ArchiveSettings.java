package tidemark.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Old rows that move out by themselves.
 *
 * @param name of the config's choice
 * @param database empty: the only one
 * @param dateColumn empty: created_at, or else updated_at
 */
public record ArchiveSettings(
    String name,
    Optional<String> database,
    String table,
    Duration olderThan,
    Path to,
    Optional<String> dateColumn) {}
