/** The ledger as a folder beside the master: one file for each entry, leases as folders. */
@NullMarked
package tidemark.ledger.folder;

import org.jspecify.annotations.NullMarked;
