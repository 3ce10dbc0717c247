/** The process that stays: what happens when, and what it answers. */
@NullMarked
package tidemark.daemon;

import org.jspecify.annotations.NullMarked;
