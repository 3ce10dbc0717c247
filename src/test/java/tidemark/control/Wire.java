package tidemark.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;

/** A connection to the endpoint on which every byte is the test's. */
final class Wire implements AutoCloseable {
  private static final int PATIENCE = 90_000;

  private final Socket socket;
  private final InputStream in;

  Wire(int port) throws IOException {
    this(port, new Socket());
  }

  private Wire(int port, Socket socket) throws IOException {
    this.socket = socket;
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(PATIENCE);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** One that takes little of an answer that nobody reads. */
  static Wire narrow(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4 << 10);
    return new Wire(port, socket);
  }

  /** What came back. */
  record Answer(int status, String head, String body) {
    Map<String, Object> json() {
      return Json.object(body);
    }

    Map<?, ?> error() {
      return (Map<?, ?>) json().get("error");
    }
  }

  Wire send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** Nothing more will be sent. */
  Wire end() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Null where nothing comes any more. */
  @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    if (next < 0) {
      return null;
    }
    while (next >= 0 && next != '\n') {
      line.write(next);
      next = in.read();
    }
    return line.toString(UTF_8).stripTrailing();
  }

  /** Lines until one begins so. */
  @Nullable String lineThat(String start) throws IOException {
    String line;
    do {
      line = line();
    } while (line != null && !line.startsWith(start));
    return line;
  }

  Answer answer() throws IOException {
    String first = line();
    StringBuilder head = new StringBuilder();
    int length = 0;
    for (String line = line(); line != null && !line.isEmpty(); line = line()) {
      head.append(line).append('\n');
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    String body = new String(in.readNBytes(length), UTF_8);
    int status = first == null ? 0 : Integer.parseInt(first.split(" ")[1]);
    return new Answer(status, head.toString(), body);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
