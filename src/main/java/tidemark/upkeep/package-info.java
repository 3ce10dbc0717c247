/** Looks after what is there: health. */
@NullMarked
package tidemark.upkeep;

import org.jspecify.annotations.NullMarked;
