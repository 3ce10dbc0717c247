/** Starting the daemon at login, by the means of each operating system. */
@NullMarked
package tidemark.service;

import org.jspecify.annotations.NullMarked;
