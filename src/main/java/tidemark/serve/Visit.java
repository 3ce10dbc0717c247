package tidemark.serve;

import java.io.IOException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;

/**
 * A request, its answer, and its line in the log of requests.
 *
 * <p>Threading: one at a time, not always the same.
 */
public final class Visit {
  private static final Logger LOG = LoggerFactory.getLogger(Visit.class);
  private static final long LITTLE = 64 << 10;
  private static final Logger REQUESTS = LoggerFactory.getLogger("tidemark.requests");

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final Reply reply;
  private final Tally tally;
  private final long began = System.nanoTime();
  private String who = "-";

  Visit(Request request, Response response, Callback callback, Tally tally) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.reply = new Reply(response);
    this.tally = tally;
  }

  /** What is to be answered; false where it is answered later. */
  @FunctionalInterface
  public interface Answering {
    boolean run() throws IOException;
  }

  public Question question() {
    return Question.of(request);
  }

  public Reply reply() {
    return reply;
  }

  /** From this machine. */
  public boolean isFromHere() {
    return Request.getRemoteAddr(request).matches("127\\..*|\\[?(0:){7}1]?|\\[?::1]?");
  }

  /** Whose it is, for the log. */
  public void isOf(String user) {
    who = user;
  }

  /** Answers, or says why not. */
  public void answered(Answering answering) {
    try {
      if (!answering.run()) {
        return;
      }
      callback.succeeded();
    } catch (IOException | RuntimeException e) {
      try {
        refused(e);
        callback.succeeded();
      } catch (IOException | RuntimeException broken) {
        callback.failed(broken); // whoever asked is gone, or was answered in part
      }
    }
    int status = response.getStatus();
    tally.count(status, System.nanoTime() - began);
    REQUESTS.info(
        "{} {} {} {} {}",
        Request.getRemoteAddr(request),
        who,
        request.getMethod(),
        String.valueOf(request.getHttpURI().getPath()).replaceAll("[\\p{Cntrl}]", "?"),
        status);
  }

  /**
   * A connection with something unread in it is closed, and the next request on it lost. For who
   * has no key no thread waits.
   */
  private void readTheRest() throws IOException {
    if (!who.equals("-") && request.getLength() > 0 && request.getLength() <= LITTLE) {
      Content.Source.asInputStream(request).readNBytes((int) LITTLE);
    }
  }

  private void refused(Exception e) throws IOException {
    if (reply.isBegun()) {
      LOG.debug("an answer broke off", e);
      throw new IOException(e);
    }
    readTheRest();
    if (e instanceof RefusedException refused) {
      refused.headers().forEach(reply::header);
      reply.refuse(refused.status(), refused.failure());
    } else if (e instanceof Failure failure) {
      reply.refuse(failure);
    } else if (e instanceof IOException broken) {
      throw broken;
    } else {
      LOG.error("a request ended unforeseen", e);
      reply.refuse(500, new Failure(Failure.BUG, "the server has a fault", "Its log says more."));
    }
  }
}
