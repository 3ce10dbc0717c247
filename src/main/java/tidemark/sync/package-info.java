/**
 * The story of a run: read what the ledger has, settle it with what is pending here, post the rest.
 */
@NullMarked
package tidemark.sync;

import org.jspecify.annotations.NullMarked;
