/** The words all packages share: what a change, a key, a position and a moment are. */
@NullMarked
package tidemark.change;

import org.jspecify.annotations.NullMarked;
