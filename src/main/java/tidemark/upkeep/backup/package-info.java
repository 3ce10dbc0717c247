/** Copies of the databases, whole and checked. */
@NullMarked
package tidemark.upkeep.backup;

import org.jspecify.annotations.NullMarked;
