/** The shared, append-only history that every database catches up with. */
@NullMarked
package tidemark.ledger;

import org.jspecify.annotations.NullMarked;
