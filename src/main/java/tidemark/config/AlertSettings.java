package tidemark.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Who is told when something is not well, in addition to `doctor` and `status`.
 *
 * @param command for the system's shell
 * @param email to whom; empty for nobody
 */
public record AlertSettings(
    Optional<String> command, Optional<URI> webhook, List<String> email, Optional<Smtp> smtp) {

  public AlertSettings {
    email = List.copyOf(email);
  }

  /** Whether anybody is. */
  public boolean any() {
    return command.isPresent() || webhook.isPresent() || !email.isEmpty();
  }

  /** The server that takes mail, as {@code host:port} or a host alone. */
  public record Smtp(
      String server, String from, Optional<String> user, Optional<String> password, Tls tls) {
    @Override
    public String toString() {
      return "Smtp[" + server + ", from " + from + "]"; // never the password
    }
  }

  /** How the connection to that server is kept secret. */
  public enum Tls {
    /** It begins in the open, and goes on only if it can be made secret. */
    STARTTLS,
    TLS,
    NONE
  }
}
