/** One SQLite database with change capture and a position in the ledger. */
@NullMarked
package tidemark.replica;

import org.jspecify.annotations.NullMarked;
