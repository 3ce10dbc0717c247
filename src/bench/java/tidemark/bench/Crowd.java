package tidemark.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import tidemark.change.Place;

/**
 * Many who wait at a server for news, each with a connection and a key of their own, and then ask
 * for the ledger and the next entry as a workstation does. By hand, HTTP/1.1 over TLS, since
 * workstations are machines of their own, and five hundred of the JDK's clients on this one would
 * be measured rather than the server. Threading: a thread for each.
 */
final class Crowd implements AutoCloseable {
  private static final Pattern HEAD = Pattern.compile("\"head\":(\\d+)");

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final ConcurrentLinkedQueue<IOException> failures = new ConcurrentLinkedQueue<>();
  private final ConcurrentHashMap<Long, ConcurrentLinkedQueue<Double>> arrivals =
      new ConcurrentHashMap<>();
  private volatile boolean over;

  /**
   * @param places one for each
   */
  Crowd(List<Place.Server> places) throws Exception {
    SSLContext trust = trusting(places.get(0).trust().orElseThrow());
    for (Place.Server place : places) {
      Thread thread = new Thread(() -> member(place, trust), "crowd-" + threads.size());
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  static SSLContext trusting(Path pem) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(pem)) {
      store.setCertificateEntry(
          "tide", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private void member(Place.Server place, SSLContext trust) {
    try (Asking asking = new Asking(place, trust)) {
      long last = head(asking.get("ledger"));
      while (!over) {
        waiting.incrementAndGet();
        String news = asking.get("head?after=" + last + "&wait=30");
        waiting.decrementAndGet();
        if (!news.isEmpty()) {
          long head = head(asking.get("ledger"));
          asking.get("entries?after=" + last + "&limit=256");
          last = head;
          arrivals
              .computeIfAbsent(head, entry -> new ConcurrentLinkedQueue<>())
              .add(System.nanoTime() / 1e6);
        }
      }
    } catch (IOException failure) {
      if (!over) {
        failures.add(failure);
      }
    }
  }

  private static long head(String ledger) throws IOException {
    Matcher head = HEAD.matcher(ledger);
    if (!head.find()) {
      throw new IOException(ledger);
    }
    return Long.parseLong(head.group(1));
  }

  int waiting() {
    return waiting.get();
  }

  /** At how many this entry is. */
  int have(long number) {
    ConcurrentLinkedQueue<Double> found = arrivals.get(number);
    return found == null ? 0 : found.size();
  }

  /** When it was at each of them, in milliseconds. */
  List<Double> arrivals(long number) {
    ConcurrentLinkedQueue<Double> found = arrivals.get(number);
    return found == null ? List.of() : found.stream().sorted().toList();
  }

  /** The first thing that went wrong with any of them. */
  @Nullable IOException failure() {
    return failures.peek();
  }

  @Override
  public void close() {
    over = true;
  }

  /** One connection, one request after the other. */
  private static final class Asking implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    private final SSLSocket socket;
    private final InputStream in;
    private final String root;
    private final String headers;

    Asking(Place.Server place, SSLContext trust) throws IOException {
      this.socket =
          (SSLSocket)
              trust
                  .getSocketFactory()
                  .createSocket(place.address().getHost(), place.address().getPort());
      this.in = new BufferedInputStream(socket.getInputStream());
      this.root = "GET /v1" + place.address().getPath() + "/";
      this.headers = " HTTP/1.1\r\nHost: tide\r\nAuthorization: Bearer " + place.key() + "\r\n\r\n";
    }

    /** The body of the answer. */
    String get(String what) throws IOException {
      socket.getOutputStream().write((root + what + headers).getBytes(StandardCharsets.US_ASCII));
      String status = line();
      if (!status.matches("HTTP/1.1 20[04].*")) {
        throw new IOException(status);
      }
      long length = 0;
      for (String header = line(); !header.isEmpty(); header = line()) {
        Matcher said = LENGTH.matcher(header);
        length = said.matches() ? Long.parseLong(said.group(1)) : length;
        length = header.matches("(?i)transfer-encoding: chunked") ? -1 : length;
      }
      return new String(
          length < 0 ? chunks() : in.readNBytes((int) length), StandardCharsets.ISO_8859_1);
    }

    private byte[] chunks() throws IOException {
      byte[] all = new byte[0];
      for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
        all = in.readNBytes(size);
        line();
      }
      line();
      return all;
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int one = in.read(); one != '\n'; one = in.read()) {
        if (one < 0) {
          throw new IOException("the server hung up");
        }
        line.append((char) one);
      }
      return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
