package tidemark.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** The address of a page that takes messages. */
final class WebAddress {
  private WebAddress() {}

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
