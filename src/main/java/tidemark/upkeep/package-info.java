/** Looks after what is there: backups, health, room, the archive, reports, and ways back. */
@NullMarked
package tidemark.upkeep;

import org.jspecify.annotations.NullMarked;
