package tidemark.alert;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;

/** A web address that gets each message as JSON. */
final class WebhookWay implements Way {
  private final URI address;
  private final Duration patience;

  WebhookWay(URI address, Duration patience) {
    this.address = address;
    this.patience = patience;
  }

  @Override
  public String name() {
    return "alert.webhook";
  }

  @Override
  public void send(Alert alert) {
    HttpClient client = HttpClient.newBuilder().connectTimeout(patience).build();
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(patience)
            .header("Content-Type", "application/json; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofString(alert.json()))
            .build();
    try {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status < 200 || status > 299) {
        throw failed("answers " + status, null);
      }
    } catch (IOException e) {
      throw failed("cannot be reached: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("was not waited for, since the daemon ends", e);
    }
  }

  /** The path may hold what lets one in. */
  private Failure failed(String how, @Nullable Exception cause) {
    return new Failure(
        Failure.INCOMPLETE,
        "the webhook at " + address.getHost() + " " + how,
        "Check `alert.webhook`, then try `tidemark doctor --test-alert`.",
        cause);
  }
}
