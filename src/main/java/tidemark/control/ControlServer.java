package tidemark.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;

/**
 * The daemon's endpoint: HTTP on loopback, for those who know the token in control.json.
 *
 * <p>Guarantee: it listens on 127.0.0.1 alone, at the config's port or the next free one, at last
 * at any. Threading: threads of its own, so that no request waits for another.
 */
public final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
  private static final int PORTS_TRIED = 100;

  /** More than listen to events. */
  static final int THREADS = 2 * Events.LISTENERS;

  /**
   * How many seconds a request may take to arrive, so that nobody can keep a thread by dawdling.
   */
  private static final String REQUEST_TIME = "sun.net.httpserver.maxReqTime";

  private static final int TOKEN_BYTES = 32;

  private final Path state;
  private final HttpServer server;
  private final RequestThreads threads = new RequestThreads(THREADS);
  private final ControlFile file;

  private ControlServer(Path state, HttpServer server, Routes routes, ControlFile file) {
    this.state = state;
    this.server = server;
    this.file = file;
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, routes));
  }

  /** What listens: which version, and by which config. */
  public record Program(String version, String config) {}

  /**
   * Begins to listen, and says where in control.json.
   *
   * @param port the first to try; 0: any
   */
  public static ControlServer start(Path state, int port, Program program, Services services) {
    HttpServer server = bound(port);
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    ControlFile file =
        new ControlFile(
            server.getAddress().getPort(),
            HexFormat.of().formatHex(random),
            ProcessHandle.current().pid(),
            program.version(),
            program.config());
    Sessions sessions = new Sessions(state, services.clock());
    Guard guard = new Guard(file.port(), file.token(), sessions);
    Routes routes = new Routes(services, guard, sessions, "http://127.0.0.1:" + file.port());
    ControlServer started = new ControlServer(state, server, routes, file);
    server.start();
    file.write(state);
    return started;
  }

  /**
   * The one place where a server is made: the JDK reads how long a request may take once in a
   * process, when the first server is.
   */
  public static HttpServer listening(InetSocketAddress address) throws IOException {
    System.setProperty(REQUEST_TIME, System.getProperty(REQUEST_TIME, "10"));
    return HttpServer.create(address, 0);
  }

  /** On a terminal server every user has a daemon, and all have the same config. */
  private static HttpServer bound(int port) {
    for (int next = port; ; next++) {
      boolean last = port == 0 || next == port + PORTS_TRIED || next > 65535;
      try {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        return listening(new InetSocketAddress(loopback, last ? 0 : next));
      } catch (BindException e) {
        if (last) {
          throw new Failure(
              Failure.INCOMPLETE,
              "no port is free on this machine: " + e.getMessage(),
              "`control: port: off` in the config does without.",
              e);
        }
      } catch (IOException e) {
        throw new Failure(
            Failure.INCOMPLETE,
            "cannot listen on this machine's loopback address: " + e,
            "`control: port: off` in the config does without.",
            e);
      }
    }
  }

  public int port() {
    return file.port();
  }

  /** To send an answer, and to read what is left of a request, is to wait for the other end. */
  private void answer(HttpExchange exchange, Routes routes) throws IOException {
    try (exchange) {
      exchange.setStreams(threads.waitedFor(exchange.getRequestBody()), null);
      Optional<Reply> reply = threads.undisturbed(() -> routes.answer(exchange));
      if (reply.isPresent()) {
        reply.get().send(exchange);
      }
    } catch (IOException e) {
      LOG.debug("whoever asked is gone: {}", e.toString());
    }
  }

  /** Whoever is being answered is not waited for. */
  @Override
  public void close() {
    file.withdraw(state);
    server.stop(0);
    threads.close();
  }
}
