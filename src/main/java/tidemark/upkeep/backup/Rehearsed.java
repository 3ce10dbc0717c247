package tidemark.upkeep.backup;

import org.jspecify.annotations.Nullable;

/**
 * How the last trial restore ended.
 *
 * @param at on that workstation's clock
 * @param backup from which
 * @param entry up to which entries were applied to it
 * @param rows that were compared
 * @param trouble null if each was as the ledger has it
 */
public record Rehearsed(
    long at, String workstation, String backup, long entry, long rows, @Nullable String trouble) {}
