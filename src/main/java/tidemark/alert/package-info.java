/** Tells people outside of the program: by a command, a web address or e-mail. */
@NullMarked
package tidemark.alert;

import org.jspecify.annotations.NullMarked;
