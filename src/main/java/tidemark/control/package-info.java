/**
 * How programs talk to the running daemon: the loopback endpoint and its client. What is said here
 * is done by the daemon.
 */
@NullMarked
package tidemark.control;

import org.jspecify.annotations.NullMarked;
