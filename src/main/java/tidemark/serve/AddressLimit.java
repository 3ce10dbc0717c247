package tidemark.serve;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.SelectorManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * So many connections for one address, so that nobody takes those of all others; what comes above
 * that is closed before anything is read of it. Of IPv6 a whole network of 64 bits counts as one,
 * since that is what one subscriber has. Threading: any.
 */
final class AddressLimit implements SelectorManager.AcceptListener {
  private static final Logger LOG = LoggerFactory.getLogger(AddressLimit.class);
  private static final int NETWORK = 8;

  private final int most;
  private final Map<SelectableChannel, InetAddress> open = new ConcurrentHashMap<>();
  private final Map<InetAddress, Integer> counts = new ConcurrentHashMap<>();

  AddressLimit(int most) {
    this.most = most;
  }

  @Override
  public void onAccepting(SelectableChannel channel) {
    InetAddress who = who(channel);
    if (who == null) {
      return;
    }
    open.put(channel, who);
    if (counts.merge(who, 1, Integer::sum) > most) {
      LOG.debug("{} has {} connections already", who.getHostAddress(), most);
      close(channel);
    }
  }

  private static @Nullable InetAddress who(SelectableChannel channel) {
    try {
      return channel instanceof SocketChannel socket
              && socket.getRemoteAddress() instanceof InetSocketAddress from
          ? network(from.getAddress())
          : null;
    } catch (IOException e) {
      return null; // gone already
    }
  }

  static InetAddress network(InetAddress address) throws IOException {
    if (!(address instanceof Inet6Address)) {
      return address;
    }
    byte[] bytes = address.getAddress();
    Arrays.fill(bytes, NETWORK, bytes.length, (byte) 0);
    return InetAddress.getByAddress(bytes);
  }

  private static void close(SelectableChannel channel) {
    try {
      channel.close(); // Jetty finds it closed, and says so below
    } catch (IOException e) {
      LOG.debug("a connection above the limit could not be closed", e);
    }
  }

  @Override
  public void onAcceptFailed(SelectableChannel channel, Throwable why) {
    forget(channel);
  }

  @Override
  public void onClosed(SelectableChannel channel) {
    forget(channel);
  }

  private void forget(SelectableChannel channel) {
    InetAddress who = open.remove(channel);
    if (who != null) {
      counts.computeIfPresent(who, (address, count) -> count > 1 ? count - 1 : null);
    }
  }
}
