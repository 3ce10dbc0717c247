package tidemark.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a server lends this config's places to others.
 *
 * @param pem certificate and key; where there is none, {@code tls} says what instead
 * @param rest whether programs that are not Tidemark are answered
 * @param keys where the keys' hashes are kept
 */
public record ServeSettings(Listen listen, Tls tls, Optional<Pem> pem, boolean rest, Path keys) {

  /** Where it listens. */
  public record Listen(String host, int port) {
    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** What protects what goes over the network. */
  public enum Tls {
    /** A certificate that it makes itself. */
    OWN,
    /** Something in front of it. */
    PROXY,
    /** Nothing: for this machine alone. */
    OFF
  }

  /** PEM files, which are read again once they are renewed. */
  public record Pem(Path certificate, Path key) {}
}
