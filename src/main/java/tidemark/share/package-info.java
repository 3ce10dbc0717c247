/** Files on a share that may be slow, hang, lie or be gone: the one way to reach them. */
@NullMarked
package tidemark.share;

import org.jspecify.annotations.NullMarked;
