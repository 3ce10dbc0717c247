package tidemark.change;

import java.time.Duration;

/**
 * From where on something is worth telling.
 *
 * @param syncAge no sync for so long in working hours
 * @param conflictShare percent of runs
 * @param failureShare percent of runs
 * @param growthPerDay percent of the size
 * @param growthPerYear bytes
 * @param silentAfter no sign of a workstation for so long
 * @param freeSpace bytes
 * @param clockSkew of a workstation's clock against the share's
 * @param backupAge of the last good backup
 */
public record HealthLimits(
    Duration syncAge,
    WorkingHours workingHours,
    int conflictShare,
    int failureShare,
    int growthPerDay,
    long growthPerYear,
    Duration silentAfter,
    long freeSpace,
    Duration clockSkew,
    Duration backupAge) {}
