/** What keeps a local file small and quick. */
@NullMarked
package tidemark.upkeep.maintain;

import org.jspecify.annotations.NullMarked;
