/** Looks after what is there: health. */
@NullMarked
package tidemark.upkeep.archive;

import org.jspecify.annotations.NullMarked;
