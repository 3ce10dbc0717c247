/** The ledger as a server lends it: entries as their bytes, which are checked here. */
@NullMarked
package tidemark.ledger.http;

import org.jspecify.annotations.NullMarked;
