package tidemark.serve;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import tidemark.share.Pace;

/** A connector to which nobody can connect too often, or for too long without a whole request. */
final class LimitedConnector extends ServerConnector {
  private final SlowClients slow;

  LimitedConnector(Server server, Limits limits, Pace pace, ConnectionFactory... protocols) {
    super(server, 1, -1, protocols);
    this.slow = new SlowClients(limits.request(), limits.bytesASecond(), pace);
    setIdleTimeout(limits.idle().toMillis());
    addBean(new AddressLimit(limits.ofOneAddress()));
    server.addBean(new NetworkConnectionLimit(limits.inAll(), this));
  }

  /** It has to see the requests, and to look now and then. */
  SlowClients slow() {
    return slow;
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    SocketChannelEndPoint made = slow.watched(channel, selector, key, getScheduler());
    made.setIdleTimeout(getIdleTimeout());
    return made;
  }
}
