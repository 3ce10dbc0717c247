package tidemark.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.EventsHandler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.share.Pace;

/**
 * Ends connections whose requests trickle in: Jetty counts how long nothing comes at all, and
 * whoever sends a byte now and then would stay for ever.
 *
 * <p>Guarantee: a request has come up to its body, TLS included, so long after its first byte, and
 * the first one so long after the connection began; its body comes at this rate on the average.
 * What takes its time is never the server's own work. Of HTTP/2, where one connection carries many
 * requests, it is the first request and every body. Threading: any.
 */
final class SlowClients {
  private static final Logger LOG = LoggerFactory.getLogger(SlowClients.class);
  private static final String BODY = SlowClients.class.getName();
  private static final double SECOND = 1e9;

  private final Duration most;
  private final long bytesASecond;
  private final Pace pace;
  private final Set<Watched> connections = ConcurrentHashMap.newKeySet();
  private final Set<Body> bodies = ConcurrentHashMap.newKeySet();

  /**
   * @param most until a request is there up to its body; of a body, until its rate counts
   */
  SlowClients(Duration most, long bytesASecond, Pace pace) {
    this.most = most;
    this.bytesASecond = bytesASecond;
    this.pace = pace;
  }

  /** A connection, to be made by the connector. */
  SocketChannelEndPoint watched(
      SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
    return new Watched(channel, selector, key, scheduler);
  }

  /** The handler, which is to be the first there is. */
  Handler watching(Handler handler) {
    return new Watching(handler);
  }

  /** To be called now and then: ends those that are too slow. */
  void look() {
    long now = pace.nanos();
    connections.stream().filter(one -> one.isTooSlow(now)).forEach(SlowClients::end);
    bodies.stream()
        .filter(one -> one.isTooSlow(now))
        .map(Body::connection)
        .forEach(SlowClients::end);
  }

  /** Of bodies that are still coming, those that are here. */
  long bytes() {
    return bodies.stream().mapToLong(one -> one.bytes.get()).sum();
  }

  private static void end(EndPoint connection) {
    LOG.debug("{} sends too slowly", connection.getRemoteSocketAddress());
    connection.close(new TimeoutException("the request comes too slowly"));
  }

  /** What comes over the network, TLS and all. */
  private final class Watched extends SocketChannelEndPoint {
    /** Since when a request is on its way that nobody handles yet. */
    private @Nullable Long since = pace.nanos();

    private int handled;
    private boolean many;

    Watched(
        SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
      super(channel, selector, key, scheduler);
    }

    @Override
    public void onOpen() {
      connections.add(this);
      super.onOpen();
    }

    @Override
    public void onClose(@Nullable Throwable why) {
      connections.remove(this);
      super.onClose(why);
    }

    @Override
    public int fill(ByteBuffer into) throws IOException {
      int came = super.fill(into);
      if (came > 0) {
        came();
      }
      return came;
    }

    private synchronized void came() {
      if (handled == 0 && since == null && !many) {
        since = pace.nanos();
      }
    }

    synchronized void begins(boolean oneOfMany) {
      handled++;
      many |= oneOfMany;
      since = null;
    }

    synchronized void ends() {
      handled--;
    }

    synchronized boolean isTooSlow(long now) {
      return since != null && now - since > most.toNanos();
    }
  }

  /** What still comes of a request. */
  private final class Body {
    private final Watched connection;
    private final long began = pace.nanos();
    private final AtomicLong bytes = new AtomicLong();

    Body(Watched connection) {
      this.connection = connection;
    }

    EndPoint connection() {
      return connection;
    }

    void came(Content.@Nullable Chunk chunk) {
      if (chunk == null) {
        return;
      }
      bytes.addAndGet(chunk.remaining());
      if (chunk.isLast()) {
        bodies.remove(this);
      }
    }

    boolean isTooSlow(long now) {
      double seconds = (now - began - most.toNanos()) / SECOND;
      return seconds > 0 && bytes.get() < seconds * bytesASecond;
    }
  }

  private final class Watching extends EventsHandler {
    Watching(Handler handler) {
      super(handler);
    }

    @Override
    protected void onBeforeHandling(Request request) {
      if (connection(request) instanceof Watched watched) {
        watched.begins(
            request.getConnectionMetaData().getHttpVersion().compareTo(HttpVersion.HTTP_1_1) > 0);
      }
    }

    @Override
    protected void onRequestRead(Request request, Content.@Nullable Chunk chunk) {
      if (request.getAttribute(BODY) instanceof Body body) {
        body.came(chunk);
      } else if (connection(request) instanceof Watched watched
          && (chunk == null || !chunk.isLast())) {
        Body body = new Body(watched); // only now, since nobody waits before that
        request.setAttribute(BODY, body);
        bodies.add(body);
        body.came(chunk);
      }
    }

    @Override
    protected void onComplete(
        Request request, int status, HttpFields headers, @Nullable Throwable failure) {
      if (request.getAttribute(BODY) instanceof Body body) {
        bodies.remove(body);
      }
      if (connection(request) instanceof Watched watched) {
        watched.ends();
      }
    }

    private static EndPoint connection(Request request) {
      EndPoint connection = request.getConnectionMetaData().getConnection().getEndPoint();
      while (connection instanceof EndPoint.Wrapper wrapper) {
        connection = wrapper.unwrap();
      }
      return connection;
    }
  }
}
