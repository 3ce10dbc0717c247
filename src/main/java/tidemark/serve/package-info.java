/** The server: lends a config's places to others over HTTP. */
@NullMarked
package tidemark.serve;

import org.jspecify.annotations.NullMarked;
