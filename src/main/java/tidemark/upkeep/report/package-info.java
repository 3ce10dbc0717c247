/** What runs and ledger tell of a time, in numbers. */
@NullMarked
package tidemark.upkeep.report;

import org.jspecify.annotations.NullMarked;
