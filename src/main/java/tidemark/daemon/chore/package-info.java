/** What the daemon looks after besides syncing, each thing when it is due. */
@NullMarked
package tidemark.daemon.chore;

import org.jspecify.annotations.NullMarked;
