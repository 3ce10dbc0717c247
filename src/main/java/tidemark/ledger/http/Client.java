package tidemark.ledger.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Place;

/**
 * The JDK's own client for one server: by the proxy that the surroundings name, and trusting whom
 * the config says. Threading: no state.
 */
public final class Client {
  private Client() {}

  /**
   * Makes it.
   *
   * @param variables of the surroundings, for HTTPS_PROXY and NO_PROXY
   */
  public static HttpClient of(
      Place.Server place, Duration timeout, Function<String, Optional<String>> variables) {
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(new Proxies(variables));
    place.trust().ifPresent(file -> client.sslContext(trusting(file)));
    return client.build();
  }

  private static SSLContext trusting(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("trusted" + number++, one);
      }
      if (number == 0) {
        throw wrong(file, "it holds no certificate", null);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (NoSuchFileException e) {
      throw wrong(file, "it is not there", e);
    } catch (IOException | GeneralSecurityException e) {
      throw wrong(file, e.toString(), e);
    }
  }

  private static Failure wrong(Path file, String why, @Nullable Throwable cause) {
    return new Failure(
        Failure.USAGE,
        "what `trust:` names cannot be used: " + file + ": " + why,
        "Name the server's certificate, or its authority's, as PEM.",
        cause);
  }

  /** As curl reads the variables. */
  private static final class Proxies extends ProxySelector {
    private final Function<String, Optional<String>> variables;

    Proxies(Function<String, Optional<String>> variables) {
      this.variables = variables;
    }

    @Override
    public List<Proxy> select(URI address) {
      String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
      return variable(address.getScheme() + "_proxy")
          .filter(proxy -> !isSpared(host))
          .flatMap(Proxies::proxy)
          .map(List::of)
          .orElse(List.of(Proxy.NO_PROXY));
    }

    private Optional<String> variable(String name) {
      return variables
          .apply(name.toUpperCase(Locale.ROOT))
          .or(() -> variables.apply(name.toLowerCase(Locale.ROOT)))
          .filter(value -> !value.isBlank());
    }

    private boolean isSpared(String host) {
      return host.equals("localhost")
          || host.startsWith("127.")
          || variable("no_proxy").stream()
              .flatMap(all -> Arrays.stream(all.split("[,\\s]+")))
              .map(one -> one.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
              .filter(one -> !one.isEmpty())
              .anyMatch(one -> one.equals("*") || host.equals(one) || host.endsWith("." + one));
    }

    private static Optional<Proxy> proxy(String text) {
      URI proxy = URI.create(text.contains("://") ? text : "http://" + text);
      int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
      return proxy.getHost() == null
          ? Optional.empty()
          : Optional.of(
              new Proxy(
                  Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port)));
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException why) {
      // whoever connects is told
    }
  }
}
