package tidemark.serve;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import tidemark.change.Failure;
import tidemark.share.Pace;

/**
 * Where a server listens: HTTP/2 and HTTP/1.1, over TLS or plain.
 *
 * <p>The port is open when these return; it is answered once the server starts. How many may come
 * is kept here; that none of them is too slow takes {@link SlowClients}, which the connector has.
 */
final class Listener {
  private static final int HEADERS = 8 * 1024;
  private static final int STREAMS = 128;

  /**
   * Keys of rows stand in paths and may hold anything. Nothing here becomes a file's name; who
   * routes must split the path before decoding it.
   */
  private static final UriCompliance KEYS_IN_PATHS =
      UriCompliance.DEFAULT.with(
          "keys",
          Violation.AMBIGUOUS_PATH_SEPARATOR,
          Violation.AMBIGUOUS_PATH_ENCODING,
          Violation.AMBIGUOUS_PATH_SEGMENT,
          Violation.AMBIGUOUS_EMPTY_SEGMENT,
          Violation.SUSPICIOUS_PATH_CHARACTERS);

  private Listener() {}

  /** HTTP/2 where the client can. */
  static LimitedConnector encrypted(
      Server server, InetSocketAddress address, Certificates certificates, Limits limits) {
    HttpConfiguration http = configuration(limits);
    // asked by a name that the certificate has not, a public server does not answer
    http.addCustomizer(new SecureRequestCustomizer(certificates.namesAreKnown()));
    HttpConnectionFactory one = new HttpConnectionFactory(http);
    HTTP2ServerConnectionFactory two = new HTTP2ServerConnectionFactory(http);
    limit(two, limits);
    ALPNServerConnectionFactory choice =
        new ALPNServerConnectionFactory(two.getProtocol(), one.getProtocol());
    choice.setDefaultProtocol(one.getProtocol());
    SslConnectionFactory tls =
        new SslConnectionFactory(certificates.factory(), choice.getProtocol());
    return open(server, address, limits, tls, choice, two, one);
  }

  /** Without TLS, for programs of this machine alone. */
  static LimitedConnector plain(Server server, InetSocketAddress address, Limits limits) {
    if (address.getAddress() == null || !address.getAddress().isLoopbackAddress()) {
      throw new Failure(
          Failure.USAGE,
          "without TLS everybody on the way could read keys and rows: `tls: off` is not for "
              + address.getHostString(),
          "Write `tls: own` or name a certificate, `listen: 127.0.0.1:PORT` for this machine"
              + " alone, or `tls: proxy` where a proxy in front of it does TLS.");
    }
    return unencrypted(server, address, limits, configuration(limits));
  }

  /** Behind a proxy that does TLS and says whom it asks for. */
  static LimitedConnector behindProxy(Server server, InetSocketAddress address, Limits limits) {
    HttpConfiguration http = configuration(limits);
    BehindProxy.customizers().forEach(http::addCustomizer);
    return unencrypted(server, address, limits.behindProxy(), http);
  }

  private static LimitedConnector unencrypted(
      Server server, InetSocketAddress address, Limits limits, HttpConfiguration http) {
    HTTP2CServerConnectionFactory two = new HTTP2CServerConnectionFactory(http);
    limit(two, limits);
    return open(server, address, limits, new HttpConnectionFactory(http), two);
  }

  private static HttpConfiguration configuration(Limits limits) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADERS);
    http.setIdleTimeout(limits.idle().toMillis());
    http.setUriCompliance(KEYS_IN_PATHS);
    return http;
  }

  private static void limit(AbstractHTTP2ServerConnectionFactory two, Limits limits) {
    two.setMaxConcurrentStreams(STREAMS);
    two.setStreamIdleTimeout(limits.idle().toMillis());
  }

  private static LimitedConnector open(
      Server server, InetSocketAddress address, Limits limits, ConnectionFactory... protocols) {
    LimitedConnector connector = new LimitedConnector(server, limits, Pace.REAL, protocols);
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    try {
      connector.open();
    } catch (IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new Failure(
          Failure.USAGE,
          "nothing can listen at %s:%d: %s"
              .formatted(address.getHostString(), address.getPort(), cause.getMessage()),
          "End the program that has that port, or name another one under `serve: listen:`.",
          e);
    }
    server.addConnector(connector);
    return connector;
  }
}
