/** The shared, append-only history that every database catches up with, wherever it is kept. */
@NullMarked
package tidemark.ledger;

import org.jspecify.annotations.NullMarked;
