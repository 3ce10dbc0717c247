package tidemark.serve;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import tidemark.change.Failure;
import tidemark.change.JsonObject;
import tidemark.ledger.http.Wire;

/** An answer, written as it comes. Threading: that of its request. */
public final class Reply {
  private static final Map<Integer, Integer> STATUS =
      Map.of(
          Failure.USAGE, 400,
          Failure.OFFLINE, 503,
          Failure.BUSY, 503,
          Failure.REFUSED, 422);

  private final Response response;

  Reply(Response response) {
    this.response = response;
    response.getHeaders().put(Wire.SIGN, Wire.VERSION);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
  }

  public Reply header(String name, String value) {
    response.getHeaders().put(name, value);
    return this;
  }

  public void json(int status, JsonObject object) throws IOException {
    text(status, Wire.JSON, object.text());
  }

  public void text(int status, String type, String text) throws IOException {
    bytes(status, type, text.getBytes(StandardCharsets.UTF_8));
  }

  public void bytes(int status, String type, byte[] bytes) throws IOException {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      out.write(bytes);
    }
  }

  public void nothing(int status) throws IOException {
    response.setStatus(status);
    Content.Sink.asOutputStream(response).close();
  }

  /** To be closed by who writes. */
  public OutputStream stream(int status, String type) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    return Content.Sink.asOutputStream(response);
  }

  public boolean isBegun() {
    return response.isCommitted();
  }

  void refuse(int status, String error, String hint) throws IOException {
    refuse(status, new Failure(Failure.USAGE, error, hint));
  }

  void refuse(int status, Failure failure) throws IOException {
    json(
        status,
        new JsonObject()
            .put("error", failure.whatFailed())
            .put("hint", failure.hint())
            .put("code", failure.exitCode())
            .putIfAny("movedTo", failure.movedTo()));
  }

  /** By its kind. */
  void refuse(Failure failure) throws IOException {
    int status = failure.movedTo() == null ? STATUS.getOrDefault(failure.exitCode(), 500) : 410;
    refuse(status, failure);
  }

  /** Numbers as JSON. */
  static JsonObject numbers(String name, List<Long> numbers) {
    return new JsonObject().put(name, numbers);
  }
}
