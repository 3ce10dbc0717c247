/** The icon beside the clock: one look tells how it stands, one click opens the page. */
@NullMarked
package tidemark.tray;

import org.jspecify.annotations.NullMarked;
