/** What a run is asked for, whose it is, and what it tells: the words of all that syncs. */
@NullMarked
package tidemark.run;

import org.jspecify.annotations.NullMarked;
