package tidemark.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tidemark.change.Failure;
import tidemark.change.Place;

/** Addresses on the web: of a page that takes messages, of what a server lends. */
final class WebAddress {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private WebAddress() {}

  private static final Pattern SERVER = Pattern.compile("(?i)[a-z][a-z0-9+.:-]+://.*");

  /** A path, or what a server lends; its key is said apart. */
  static ValueType<Place> orPath() {
    return new ValueType<>(
        "a path, or an address like https://tide.example.com/server",
        List.of(),
        Form.path(),
        value -> {
          String text = value.text();
          return SERVER.matcher(text).matches()
              ? new Place.Server(server(text), "", Optional.empty())
              : new Place.Folder(value.path());
        });
  }

  static Failure wrong(String text, BadValue why) {
    return new Failure(
        Failure.USAGE,
        "'" + text + "' " + why.reason(),
        "Accepted: a path, or an address like https://tide.example.com/server.",
        why);
  }

  static URI server(String text) throws BadValue {
    try {
      URI address = new URI(text);
      boolean plain = "http".equalsIgnoreCase(address.getScheme());
      if (plain && !LOOPBACK.contains(String.valueOf(address.getHost()))) {
        throw new BadValue("would carry rows and key unprotected");
      }
      if (!plain && !"https".equalsIgnoreCase(address.getScheme())) {
        throw new BadValue("is no place that this version knows");
      }
      if (address.getHost() == null
          || address.getRawUserInfo() != null
          || address.getRawQuery() != null
          || address.getRawFragment() != null
          || !address.getPath().matches("(/[\\p{L}0-9_-]+)+/?")) {
        throw new BadValue("does not name a server and what it lends");
      }
      return address;
    } catch (URISyntaxException noAddress) {
      throw new BadValue("is no web address: " + noAddress.getReason());
    }
  }

  static ValueType<URI> type() {
    return new ValueType<>(
        "an address like https://chat.example.com/hooks/it",
        List.of(),
        Form.like("https?://\\S+"),
        value -> {
          try {
            URI address = new URI(value.text());
            if (address.getHost() != null
                && ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))) {
              return address;
            }
          } catch (URISyntaxException noAddress) {
            throw new BadValue("is no web address: " + noAddress.getReason());
          }
          throw new BadValue("is no web address");
        });
  }
}
