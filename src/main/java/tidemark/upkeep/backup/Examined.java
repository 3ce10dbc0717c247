package tidemark.upkeep.backup;

import org.jspecify.annotations.Nullable;

/**
 * What came of looking at a backup.
 *
 * @param at on that workstation's clock
 * @param damage null where it is whole
 */
public record Examined(long at, String workstation, @Nullable String damage) {}
