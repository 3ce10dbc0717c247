package tidemark.serve;

import java.time.Duration;

/**
 * How much anybody may take of a server by being connected to it.
 *
 * @param idle how long a connection may say nothing
 * @param ofOneAddress connections; five hundred workstations may sit behind the one address of an
 *     office, each of which has at most two
 * @param inAll connections; who comes after that waits until another one ends
 * @param request how long a request may take to come, up to its body
 * @param bytesASecond how fast its body has to come after that
 */
record Limits(Duration idle, int ofOneAddress, int inAll, Duration request, long bytesASecond) {
  static final Limits USUAL =
      new Limits(Duration.ofSeconds(60), 1_000, 4_000, Duration.ofSeconds(20), 1_000);

  /** Behind a proxy all come from the one address, which is the proxy's. */
  Limits behindProxy() {
    return new Limits(idle, inAll, inAll, request, bytesASecond);
  }
}
