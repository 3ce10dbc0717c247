/** The program's own log: where it goes, how much of it, and reading it again. */
@NullMarked
package tidemark.log;

import org.jspecify.annotations.NullMarked;
