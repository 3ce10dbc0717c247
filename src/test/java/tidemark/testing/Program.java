package tidemark.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;

/** A program that is not Tidemark, with a key of its own. */
public final class Program {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI server;
  private final String secret;

  public Program(LentShare server, String secret) {
    this.server = server.address();
    this.secret = secret;
  }

  /** With a key of this user's. */
  public static Program of(LentShare server, String user) {
    return new Program(server, server.secret(user));
  }

  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** What it was answered. */
  public record Answer(int status, String text, Map<String, List<String>> headers) {
    public Map<String, @Nullable Object> json() {
      return Json.object(text);
    }

    public @Nullable Object get(String name) {
      return json().get(name);
    }

    /** Of a member that is an object. */
    @SuppressWarnings("unchecked")
    public Map<String, @Nullable Object> in(String name) {
      return (Map<String, @Nullable Object>) Objects.requireNonNull(get(name));
    }

    @SuppressWarnings("unchecked")
    public List<Map<String, @Nullable Object>> list(String name) {
      return (List<Map<String, @Nullable Object>>) Objects.requireNonNull(get(name));
    }

    public @Nullable String header(String name) {
      return headers.entrySet().stream()
          .filter(one -> one.getKey().equalsIgnoreCase(name))
          .map(one -> one.getValue().get(0))
          .findFirst()
          .orElse(null);
    }
  }

  /**
   * Asks.
   *
   * @param headers name, value, name, value, …
   */
  public Answer ask(String method, String path, @Nullable String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://" + server.getHost() + ":" + server.getPort() + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!List.of(headers).contains("x-api-key") && !secret.isEmpty()) {
      request.header("Authorization", "Bearer " + secret);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body(), answer.headers().map());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public Answer get(String path) {
    return ask("GET", path, null);
  }

  public Answer post(String path, Object body) {
    return ask("POST", path, body instanceof String text ? text : Json.treeText(body));
  }

  public Answer delete(String path) {
    return ask("DELETE", path, null);
  }

  public static Map<String, @Nullable Object> record(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> record = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      record.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return record;
  }
}
