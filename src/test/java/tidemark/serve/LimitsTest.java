package tidemark.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tidemark.testing.SettablePace;
import tidemark.testing.Wait;

/** Whoever connects too often, or asks too slowly, is none of the others' concern. */
class LimitsTest {
  private static final Limits FEW =
      new Limits(Duration.ofMinutes(10), 3, 5, Duration.ofSeconds(20), 1_000);

  private static final int HANGS = 30_000;

  private final SettablePace pace = new SettablePace();
  private final List<Socket> sockets = new ArrayList<>();

  /** What waits is answered when the test says so. */
  private final ConcurrentLinkedQueue<Callback> waiting = new ConcurrentLinkedQueue<>();

  private Server server;
  private LimitedConnector connector;

  @BeforeEach
  void start() throws Exception {
    start(FEW);
  }

  private void start(Limits limits) throws Exception {
    server = new Server();
    connector = new LimitedConnector(server, limits, pace, new HttpConnectionFactory());
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(connector.slow().watching(new Answering()));
    server.start();
  }

  @AfterEach
  void end() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    waiting.forEach(Callback::succeeded);
    server.stop();
  }

  private final class Answering extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws IOException {
      if (request.getHttpURI().getPath().equals("/wait")) {
        waiting.add(callback);
        return true;
      }
      int length = Content.Source.asInputStream(request).readAllBytes().length;
      response.write(true, ByteBuffer.wrap(("<" + length + ">").getBytes(US_ASCII)), callback);
      return true;
    }
  }

  private Socket from(String address) throws IOException {
    Socket socket =
        new Socket(
            InetAddress.getByName("127.0.0.1"),
            connector.getLocalPort(),
            InetAddress.getByName(address),
            0);
    socket.setSoTimeout(HANGS);
    sockets.add(socket);
    return socket;
  }

  private static Socket send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    return socket;
  }

  /** All that comes until the server hangs up or has answered. */
  private static String answer(Socket socket) throws IOException {
    StringBuilder answer = new StringBuilder();
    try {
      for (int one = socket.getInputStream().read();
          one >= 0 && one != '>';
          one = socket.getInputStream().read()) {
        answer.append((char) one);
      }
    } catch (SocketException reset) {
      return answer.toString();
    }
    return answer.toString();
  }

  private static boolean isAnswered(Socket socket) throws IOException {
    return answer(send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")).contains("<0");
  }

  private static boolean isHungUp(Socket socket) {
    try {
      return answer(socket).isEmpty();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void one_address_has_so_many_connections_and_another_one_its_own() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "127.0.0.2 is here on Linux alone");
    for (int i = 0; i < 3; i++) {
      assertThat(isAnswered(from("127.0.0.1"))).isTrue();
    }
    assertThat(isHungUp(from("127.0.0.1"))).isTrue();
    assertThat(isAnswered(from("127.0.0.2"))).isTrue();
    assertThat(isAnswered(sockets.get(0))).as("who was there goes on").isTrue();
  }

  @Test
  void who_leaves_makes_room() throws Exception {
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 3; i++) {
        Wait.until("room", () -> isAnswered(from("127.0.0.1")));
      }
      assertThat(isHungUp(from("127.0.0.1"))).isTrue();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void of_all_there_are_so_many_and_the_next_one_waits_for_room() throws Exception {
    end();
    start(FEW.behindProxy());
    for (int i = 0; i < 5; i++) {
      assertThat(isAnswered(from("127.0.0.1"))).as("behind a proxy, all are one").isTrue();
    }
    Socket sixth = send(from("127.0.0.1"), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    sixth.setSoTimeout(1);
    assertThat(isSilent(sixth)).isTrue();
    sockets.get(0).close();
    sixth.setSoTimeout(HANGS);
    assertThat(answer(sixth)).contains("<0");
  }

  private static boolean isSilent(Socket socket) throws IOException {
    try {
      socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  /** As often as the server does, while time passes. */
  private void pass(Duration time) {
    pace.pass(time);
    connector.slow().look();
  }

  @Test
  void a_request_that_trickles_in_is_ended() throws Exception {
    Socket slow = send(from("127.0.0.1"), "GET / HT");
    for (int i = 0; i < 4; i++) {
      Wait.until("it is there", () -> connector.getConnectedEndPoints().size() == 1);
      send(slow, "T");
      pass(Duration.ofSeconds(6));
    }
    assertThat(isHungUp(slow)).isTrue();
  }

  @Test
  void so_is_one_that_begins_well_and_trickles_at_the_second_request() throws Exception {
    Socket slow = from("127.0.0.1");
    assertThat(isAnswered(slow)).isTrue();
    pass(Duration.ofMinutes(5));
    assertThat(isAnswered(slow)).as("it was idle, which it may").isTrue();
    send(slow, "GET / HT");
    Wait.until(
        "it is ended",
        () -> {
          pass(Duration.ofSeconds(21));
          return connector.getConnectedEndPoints().isEmpty();
        });
    assertThat(isHungUp(slow)).isTrue();
  }

  @Test
  void who_waits_for_the_answer_may_wait() throws Exception {
    Socket patient = send(from("127.0.0.1"), "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    Wait.until("it waits", () -> !waiting.isEmpty());
    pass(Duration.ofMinutes(5));
    waiting.remove().succeeded();
    assertThat(isAnswered(patient)).isTrue();
  }

  @Test
  void a_body_that_trickles_in_is_ended_and_a_steady_one_is_not() throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";
    Socket steady = send(from("127.0.0.1"), head);
    Socket slow = send(from("127.0.0.1"), head);
    send(steady, "x".repeat(90_000));
    send(slow, "x".repeat(9_000));
    Wait.until("both are read", () -> connector.slow().bytes() == 99_000);
    pass(Duration.ofSeconds(28));
    assertThat(connector.getConnectedEndPoints()).hasSize(2);
    pass(Duration.ofSeconds(2));
    assertThat(isHungUp(slow)).isTrue();
    send(steady, "x".repeat(10_000));
    assertThat(answer(steady)).contains("<100000");
    pass(Duration.ofMinutes(5));
    assertThat(isAnswered(steady)).isTrue();
  }

  @Test
  void a_body_that_never_comes_is_not_waited_for() throws Exception {
    Socket silent =
        send(from("127.0.0.1"), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
    Wait.until("it is there", () -> !connector.getConnectedEndPoints().isEmpty());
    Wait.until(
        "it is ended",
        () -> {
          pass(Duration.ofSeconds(21));
          return connector.getConnectedEndPoints().isEmpty();
        });
    assertThat(isHungUp(silent)).isTrue();
  }

  @Test
  void a_network_of_ipv6_counts_as_one_address() throws Exception {
    InetAddress one = InetAddress.getByName("2001:db8:1:2::1");
    assertThat(AddressLimit.network(one))
        .isEqualTo(AddressLimit.network(InetAddress.getByName("2001:db8:1:2:ffff::9")))
        .isNotEqualTo(AddressLimit.network(InetAddress.getByName("2001:db8:1:3::1")));
  }
}
