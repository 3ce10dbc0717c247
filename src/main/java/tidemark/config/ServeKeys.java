package tidemark.config;

import java.nio.file.Path;
import java.util.List;

/** The keys of a server, which lends this config's places to others. */
final class ServeKeys {
  static final Key<ServeSettings.Listen> LISTEN =
      Key.standard(
          "serve.listen",
          listen(),
          "0.0.0.0:8743",
          "where `tidemark serve` lends these databases to other workstations");
  static final Key<ServeSettings.Tls> TLS =
      Key.standard(
          "serve.tls",
          ValueType.oneOf(ServeSettings.Tls.values()),
          "own",
          "a certificate made and kept in state; proxy; off (loopback only); or"
              + " { certificate: fullchain.pem, key: privkey.pem }");
  static final Key<Boolean> REST =
      Key.standard(
          "serve.rest",
          ValueType.yesNo(),
          "on",
          "REST for programs that are not Tidemark, with the same keys");
  static final Key<Path> KEYS =
      Key.optional(
          "serve.keys",
          ValueType.path(),
          "keys.json",
          "hashes of the keys; default: in state; several servers share one");

  /** In place of a word. */
  static final Key<Path> CERTIFICATE =
      Key.optional(
          "serve.tls.certificate", ValueType.path(), "", "the chain as PEM, read when renewed");

  static final Key<Path> CERTIFICATE_KEY =
      Key.optional("serve.tls.key", ValueType.path(), "", "its private key as PEM");

  static final List<Key<?>> ALL = List.of(LISTEN, TLS, REST, KEYS);
  static final List<Key<?>> MORE = List.of(CERTIFICATE, CERTIFICATE_KEY);

  private ServeKeys() {}

  private static ValueType<ServeSettings.Listen> listen() {
    return new ValueType<>(
        "an address and a port like 0.0.0.0:8743",
        List.of(),
        Form.like("\\S+:\\d{1,5}"),
        value -> {
          String text = value.text();
          int colon = text.lastIndexOf(':');
          String port = text.substring(colon + 1);
          if (colon < 1 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new BadValue("is no address with a port");
          }
          String host = text.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
          return new ServeSettings.Listen(host, Integer.parseInt(port));
        });
  }
}
