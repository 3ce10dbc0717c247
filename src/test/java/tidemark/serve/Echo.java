package tidemark.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.function.Function;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** A server that says what it was asked, and by whom. */
final class Echo implements AutoCloseable {
  private final Server server = new Server();
  private final int port;

  Echo(Function<Server, ServerConnector> listening) {
    ServerConnector connector = listening.apply(server);
    port = connector.getLocalPort();
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            String said =
                String.join(
                    " ",
                    request.getConnectionMetaData().getProtocol(),
                    request.getHttpURI().getScheme(),
                    Request.getRemoteAddr(request),
                    request.getHttpURI().getPath());
            response.write(true, ByteBuffer.wrap(said.getBytes(UTF_8)), callback);
            return true;
          }
        });
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
