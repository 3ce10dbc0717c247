package tidemark.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import tidemark.change.Json;

/** A connection to the endpoint on which every byte is the test's. */
final class Wire implements AutoCloseable {
  private static final int PATIENCE = 30_000;

  private final Socket socket;
  private final BufferedReader in;

  Wire(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
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

  String line() throws IOException {
    return in.readLine();
  }

  /** Lines until one begins so. */
  String lineThat(String start) throws IOException {
    String line;
    do {
      line = in.readLine();
    } while (line != null && !line.startsWith(start));
    return line;
  }

  Answer answer() throws IOException {
    String first = in.readLine();
    StringBuilder head = new StringBuilder();
    int length = 0;
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      head.append(line).append('\n');
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    char[] body = new char[length];
    int read = 0;
    while (read < length) {
      int more = in.read(body, read, length - read);
      if (more < 0) {
        break;
      }
      read += more;
    }
    int status = first == null ? 0 : Integer.parseInt(first.split(" ")[1]);
    return new Answer(status, head.toString(), new String(body, 0, read));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
