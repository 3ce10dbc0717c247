/** Old rows moved to files of their own, and back. */
@NullMarked
package tidemark.upkeep.archive;

import org.jspecify.annotations.NullMarked;
