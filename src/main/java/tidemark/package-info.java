/** The program's entry. */
@NullMarked
package tidemark;

import org.jspecify.annotations.NullMarked;
