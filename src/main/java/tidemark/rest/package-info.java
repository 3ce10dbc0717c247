/** REST for programs that are not Tidemark: they read a server's own copy, and edit it. */
@NullMarked
package tidemark.rest;

import org.jspecify.annotations.NullMarked;
