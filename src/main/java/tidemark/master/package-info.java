/**
 * The SQLite master on the share: how it follows the ledger, and what every ledger keeps beside its
 * entries for who comes late.
 */
@NullMarked
package tidemark.master;

import org.jspecify.annotations.NullMarked;
