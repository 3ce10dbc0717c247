/** SQL on one SQLite connection, with the statement and the file in every error. */
@NullMarked
package tidemark.jdbc;

import org.jspecify.annotations.NullMarked;
