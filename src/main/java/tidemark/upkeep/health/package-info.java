/** What is looked after, and what is told of it. */
@NullMarked
package tidemark.upkeep.health;

import org.jspecify.annotations.NullMarked;
