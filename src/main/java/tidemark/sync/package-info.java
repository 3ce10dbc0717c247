/** A whole run of one database, from the share's lease to the log; and how one begins anew. */
@NullMarked
package tidemark.sync;

import org.jspecify.annotations.NullMarked;
