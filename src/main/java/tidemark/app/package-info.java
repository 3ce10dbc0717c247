/** Tidemark on this workstation and its databases: what every command and the daemon use. */
@NullMarked
package tidemark.app;

import org.jspecify.annotations.NullMarked;
