/**
 * How programs talk to the running daemon: the loopback endpoint, its client, and the shapes of
 * what they say. What is said here is done by the daemon.
 */
@NullMarked
package tidemark.control;

import org.jspecify.annotations.NullMarked;
