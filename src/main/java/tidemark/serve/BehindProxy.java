package tidemark.serve;

import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Whom a proxy asks for, as the last {@code X-Forwarded-For} says, and by which scheme.
 *
 * <p>A proxy adds to what its client sent: whatever stands before the last one, and every other
 * header of the kind, may be the client's invention, and who counts or trusts addresses would be
 * told lies.
 */
final class BehindProxy {
  private BehindProxy() {}

  static List<HttpConfiguration.Customizer> customizers() {
    ForwardedRequestCustomizer forwarded = new ForwardedRequestCustomizer();
    forwarded.setForwardedHeader(null);
    forwarded.setForwardedHostHeader(null);
    forwarded.setForwardedServerHeader(null);
    forwarded.setForwardedPortHeader(null);
    forwarded.setForwardedHttpsHeader(null);
    forwarded.setForwardedCipherSuiteHeader(null);
    forwarded.setForwardedSslSessionIdHeader(null);
    return List.of((request, answer) -> new LastAlone(request), forwarded);
  }

  private static final class LastAlone extends Request.Wrapper {
    private final HttpFields headers;

    LastAlone(Request request) {
      super(request);
      List<String> hops = request.getHeaders().getCSV(HttpHeader.X_FORWARDED_FOR, false);
      this.headers =
          hops.size() < 2
              ? request.getHeaders()
              : HttpFields.build(request.getHeaders())
                  .put(HttpHeader.X_FORWARDED_FOR, hops.get(hops.size() - 1));
    }

    @Override
    public HttpFields getHeaders() {
      return headers;
    }
  }
}
