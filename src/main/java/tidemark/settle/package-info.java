/** One local transaction: what came in is decided, written, and what is to be posted is said. */
@NullMarked
package tidemark.settle;

import org.jspecify.annotations.NullMarked;
