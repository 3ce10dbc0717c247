/**
 * A run of one replica: what the ledger holds is read, settled, and what is to be posted appended.
 */
@NullMarked
package tidemark.catchup;

import org.jspecify.annotations.NullMarked;
