/** How things are told, in JSON, CSV and words: the same to programs, page and people. */
@NullMarked
package tidemark.say;

import org.jspecify.annotations.NullMarked;
