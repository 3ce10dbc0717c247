/** The program put together: everything is built here, by hand, from the settings. */
@NullMarked
package tidemark.daemon;

import org.jspecify.annotations.NullMarked;
