package tidemark.upkeep.report;

import java.time.LocalDate;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How large everything is now.
 *
 * @param rows of each table, at this workstation
 * @param local bytes of this workstation's file
 * @param master bytes of the master; null where it cannot be seen
 * @param ledger bytes of the whole ledger with its snapshots and archive; null where it cannot be
 *     seen
 * @param entries bytes of the entries written on each day
 */
public record Size(
    SortedMap<String, Long> rows,
    long local,
    @Nullable Long master,
    @Nullable Long ledger,
    SortedMap<LocalDate, Long> entries) {}
