/** What an admin tunes: reads, checks and writes tidemark.yml. */
@NullMarked
package tidemark.config;

import org.jspecify.annotations.NullMarked;
