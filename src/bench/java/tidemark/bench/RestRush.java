package tidemark.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.commons.io.FileUtils;
import tidemark.change.Place;

/**
 * Programs that read and write single rows by REST, over TLS, at a server that is a process of its
 * own and shares the processors with them; each has a connection and a key of its own. Tells how
 * many a second, each with its target. Arguments: rows there are (10000), who reads (16), who
 * writes (100), seconds (15).
 */
public final class RestRush {
  private final Path folder;
  private final int rows;
  private final int seconds;
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  private RestRush(Path folder, int rows, int seconds) {
    this.folder = folder;
    this.rows = rows;
    this.seconds = seconds;
  }

  public static void main(String[] args) throws Exception {
    int[] wanted = {10_000, 16, 100, 15};
    for (int i = 0; i < args.length && i < wanted.length; i++) {
      wanted[i] = Integer.parseInt(args[i]);
    }
    Path folder = Files.createTempDirectory("tidemark-bench");
    try {
      new RestRush(folder, wanted[0], wanted[3]).run(wanted[1], wanted[2]);
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private void run(int readers, int writers) throws Exception {
    List<String> statements =
        List.of(
            "CREATE TABLE customers(code TEXT PRIMARY KEY, name TEXT, phone TEXT, updated_at TEXT)",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<"
                + rows
                + ") INSERT INTO customers(code,name,phone) SELECT 'K'||i, 'name '||i, '555' FROM n");
    try (ServedPlace place = new ServedPlace(folder, statements)) {
      System.out.println("| | a second | ms (median) | target |");
      System.out.println("| --- | ---: | ---: | --- |");
      tell("single rows read", rush(place, readers, false), "at least 1,000");
      tell("single rows written, each in the ledger", rush(place, writers, true), "at least 300");
      System.out.println("server: " + place.peak() + " MB at most");
    }
    failures.stream().limit(3).forEach(failure -> System.out.println("failed: " + failure));
  }

  private record Rush(double aSecond, double median) {}

  private static void tell(String what, Rush rush, String target) {
    System.out.printf(
        Locale.ROOT, "| %s | %,.0f | %.1f | %s |%n", what, rush.aSecond(), rush.median(), target);
  }

  /** The first third warms up and is not counted. */
  private Rush rush(ServedPlace place, int many, boolean writes) throws Exception {
    List<Place.Server> own = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      own.add(place.place((writes ? "writer" : "reader") + i));
    }
    Thread.sleep(1_500); // a server that runs takes new keys up within a second
    long begin = System.nanoTime();
    long counted = begin + seconds * 1_000_000_000L / 3;
    long end = begin + seconds * 1_000_000_000L;
    AtomicLong done = new AtomicLong();
    ConcurrentLinkedQueue<Double> took = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                try (Connection connection = new Connection(own.get(number))) {
                  for (int n = 0; System.nanoTime() < end; n++) {
                    long from = System.nanoTime();
                    String row = "K" + (1 + (number * 7_919 + n * 31) % rows);
                    connection.ask(
                        writes ? post(row, number + "/" + n) : "GET /api/customers/" + row, writes);
                    if (from > counted) {
                      done.incrementAndGet();
                      took.add((System.nanoTime() - from) / 1e6);
                    }
                  }
                } catch (Exception e) {
                  failures.add(e);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    List<Double> sorted = took.stream().sorted().toList();
    double median = sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    return new Rush(done.get() * 1e9 / (end - counted), median);
  }

  private static String post(String row, String name) {
    return "{\"code\":\"" + row + "\",\"name\":\"" + name + "\"}";
  }

  /** By hand, since clients are machines of their own. */
  private static final class Connection implements AutoCloseable {
    private final SSLSocket socket;
    private final InputStream in;
    private final String key;

    Connection(Place.Server place) throws Exception {
      SSLContext trust = Crowd.trusting(place.trust().orElseThrow());
      URI address = place.address();
      this.socket =
          (SSLSocket) trust.getSocketFactory().createSocket(address.getHost(), address.getPort());
      socket.setTcpNoDelay(true);
      this.in = new BufferedInputStream(socket.getInputStream());
      this.key = place.key();
    }

    void ask(String what, boolean writes) throws IOException {
      String head = writes ? "POST /api/customers" : what;
      String body = writes ? what : "";
      String request =
          head
              + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
              + key
              + "\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      String status = line();
      int length = 0;
      for (String line = line(); !line.isEmpty(); line = line()) {
        if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(15).strip());
        }
      }
      String answer = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      if (!status.contains(" 200")) {
        throw new IOException(status + " " + answer);
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("the server closed the connection");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
