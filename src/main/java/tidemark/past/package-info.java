/** Ways back: what changed, how rows were then, and one's choice between versions. */
@NullMarked
package tidemark.past;

import org.jspecify.annotations.NullMarked;
