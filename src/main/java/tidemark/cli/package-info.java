/** The commands: what a person or a script types, and what it reads. */
@NullMarked
package tidemark.cli;

import org.jspecify.annotations.NullMarked;
