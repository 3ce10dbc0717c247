package tidemark.ledger.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Place;
import tidemark.share.Bandwidth;
import tidemark.share.Pace;
import tidemark.share.Patience;
import tidemark.share.Pieces;

/**
 * Requests to a server, each of which may be made again: nothing that is asked of a place happens
 * twice.
 *
 * <p>Guarantee: what the server refuses is told in its own words; a server that is silent is given
 * up after `shareTimeout`; one that breaks off is asked again, with growing pauses. Threading: may
 * be shared.
 */
public final class Calls {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
  private static final int TRIES = 3;
  private static final long FIRST_PAUSE = 150;
  private static final long LONGEST_PAUSE = 5_000;

  /** Refusals that say something: it is not there, somebody was first, there is no more of it. */
  private static final Set<Integer> ANSWERS = Set.of(404, 409, 416);

  private static final int MOST_WORDS = 64 << 10;

  private final Place.Server place;
  private final String root;
  private final Sending sending;
  private final Duration patienceEnds;
  private final Patience patience;
  private final Pace pace;
  private final Bandwidth bandwidth;

  Calls(
      Place.Server place,
      Sending sending,
      Duration timeout,
      Patience patience,
      Pace pace,
      Bandwidth bandwidth) {
    this.place = place;
    this.root = root(place.address());
    this.sending = sending;
    this.patienceEnds = timeout;
    this.patience = patience;
    this.pace = pace;
    this.bandwidth = bandwidth;
  }

  /** The name of what is lent comes after what every place begins with. */
  private static String root(URI address) {
    String text = address.toString().replaceAll("/$", "");
    int name = text.lastIndexOf('/');
    return text.substring(0, name) + Wire.ROOT + text.substring(name + 1);
  }

  /** The way to the server; a test breaks it. */
  @FunctionalInterface
  public interface Sending {
    HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException;

    static Sending by(HttpClient client) {
      return request -> client.send(request, BodyHandlers.ofInputStream());
    }
  }

  /** An answer that is no refusal. */
  record Answer(int status, java.net.http.HttpHeaders headers, InputStream body) {
    String text() throws IOException {
      byte[] bytes = body.readNBytes(64 << 20);
      return new String(bytes, StandardCharsets.UTF_8);
    }

    Map<String, @Nullable Object> object() throws IOException {
      try {
        return Json.object(text());
      } catch (Failure e) {
        throw new IOException("the answer is no JSON object: " + e.whatFailed(), e);
      }
    }
  }

  @FunctionalInterface
  interface Reading<T extends @Nullable Object> {
    T read(Answer answer) throws IOException;
  }

  <T extends @Nullable Object> T get(String doing, String path, Reading<T> reading) {
    return call(doing, "GET", path, BodyPublishers.noBody(), Map.of(), reading);
  }

  <T extends @Nullable Object> T call(
      String doing,
      String method,
      String path,
      BodyPublisher body,
      Map<String, String> headers,
      Reading<T> reading) {
    return call(doing, method, path, body, () -> headers, reading);
  }

  /**
   * The same.
   *
   * @param headers as they are at each try
   */
  <T extends @Nullable Object> T call(
      String doing,
      String method,
      String path,
      BodyPublisher body,
      Supplier<Map<String, String>> headers,
      Reading<T> reading) {
    return tried(
        doing,
        () -> {
          HttpRequest.Builder request =
              HttpRequest.newBuilder(URI.create(root + path))
                  .method(method, body)
                  .timeout(patienceEnds)
                  .header("Authorization", "Bearer " + place.key());
          headers.get().forEach(request::header);
          return request.build();
        },
        reading);
  }

  private <T extends @Nullable Object> T tried(
      String doing, Supplier<HttpRequest> request, Reading<T> reading) {
    long pause = FIRST_PAUSE;
    for (int tries = 1; ; tries++) {
      try {
        return patience.await(() -> once(request.get(), reading));
      } catch (BusyException e) {
        if (tries == TRIES) {
          throw new Failure(
              Failure.BUSY, "cannot " + doing + ": " + e.getMessage(), "Try again in a minute.", e);
        }
        pause = Math.max(pause, Math.min(LONGEST_PAUSE, e.seconds * 1000));
      } catch (IOException e) {
        if (isUntrusted(e)) {
          throw untrusted(doing, e);
        }
        if (tries == TRIES || patience.hangs()) {
          throw offline(doing, e);
        }
        LOG.debug("{} is tried again: {}", doing, e.toString());
      }
      pace.pause(pause);
      pause *= 3;
    }
  }

  private <T extends @Nullable Object> T once(HttpRequest request, Reading<T> reading)
      throws IOException {
    HttpResponse<InputStream> response;
    try {
      response = sending.send(request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Failure.BUSY, "stopped while waiting for the server", "", e);
    }
    try (InputStream body = bandwidth.slowed(Pieces.of(response.body(), patience), pace)) {
      Answer answer = new Answer(response.statusCode(), response.headers(), body);
      requireOurs(answer);
      if (answer.status == 429) {
        OptionalLong seconds = response.headers().firstValueAsLong("Retry-After");
        throw new BusyException(seconds.orElse(1));
      }
      if (answer.status >= 400 && !ANSWERS.contains(answer.status)) {
        throw refused(answer);
      }
      return reading.read(answer);
    }
  }

  private static void requireOurs(Answer answer) throws IOException {
    if (answer.headers.firstValue(Wire.SIGN).isEmpty()) {
      throw new IOException(
          answer.status >= 500
              ? "the server answers with " + answer.status
              : "what answers there is no Tidemark server");
    }
  }

  /** In the server's own words, and of the kind that it says. */
  private Failure refused(Answer answer) throws IOException {
    String text = new String(answer.body.readNBytes(MOST_WORDS), StandardCharsets.UTF_8);
    Map<String, @Nullable Object> said;
    try {
      said = Json.object(text);
    } catch (Failure e) {
      throw new IOException("the server answers with " + answer.status, e);
    }
    if (said.get("movedTo") instanceof String to) {
      return Failure.ofMove("ledger at " + place, to);
    }
    int code = said.get("code") instanceof Long number ? number.intValue() : Failure.REFUSED;
    return new Failure(
        code,
        String.valueOf(said.getOrDefault("error", "the server answers with " + answer.status)),
        String.valueOf(said.getOrDefault("hint", "")));
  }

  /** More was asked than the server lets this key ask. */
  private static final class BusyException extends IOException {
    private static final long serialVersionUID = 1;

    private final long seconds;

    BusyException(long seconds) {
      super("the server is asked too much at once");
      this.seconds = seconds;
    }
  }

  private Failure offline(String doing, IOException e) {
    return new Failure(
        Failure.OFFLINE,
        "cannot " + doing + ": " + place + ": " + reason(e),
        "Check the way to " + place.address().getHost() + "; edits stay here until then.",
        e);
  }

  /** The JDK's client says these by the names of its classes alone. */
  private static String reason(IOException e) {
    if (e instanceof ConnectException) {
      return e.getCause() instanceof ConnectException because
              && because.getCause() instanceof UnresolvedAddressException
          ? "this name is not known"
          : "nobody answers there";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Who is reached, but does not prove who it is; a way that broke off is an SSLException, too. */
  private static boolean isUntrusted(IOException e) {
    return Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
        .anyMatch(GeneralSecurityException.class::isInstance);
  }

  private Failure untrusted(String doing, IOException e) {
    return new Failure(
        Failure.REFUSED,
        "cannot "
            + doing
            + ": "
            + place.address().getHost()
            + " does not prove who it is: "
            + e.getMessage(),
        "Where the server has a certificate of its own, put that at `trust:`, after comparing its fingerprint with the one that the server prints.",
        e);
  }
}
