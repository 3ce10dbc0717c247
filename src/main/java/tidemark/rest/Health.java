package tidemark.rest;

import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import tidemark.change.Failure;
import tidemark.change.JsonObject;
import tidemark.serve.RefusedException;
import tidemark.serve.Reply;
import tidemark.share.Pace;

/**
 * Whether the server can work. It is looked at now and then, whoever asks: a share that hangs holds
 * up whoever looks, and that must not be those who ask, who need no key.
 *
 * <p>Threading: any; one looks.
 */
final class Health {
  private static final long STALE_NANOS = 60_000_000_000L;

  private final Collection<RestDatabase> databases;
  private final Clock clock;
  private final Pace pace;
  private volatile Seen seen;

  /**
   * What was seen.
   *
   * @param wrong empty where all is well
   */
  private record Seen(String wrong, long at) {}

  Health(Collection<RestDatabase> databases, Clock clock, Pace pace) {
    this.databases = databases;
    this.clock = clock;
    this.pace = pace;
    this.seen = new Seen("the server has only just begun", pace.nanos());
  }

  void look() {
    StringBuilder wrong = new StringBuilder();
    for (RestDatabase database : databases) {
      String why = wrong(database);
      wrong.append(why.isEmpty() ? "" : (wrong.isEmpty() ? "" : "; ") + database + ": " + why);
    }
    seen = new Seen(wrong.toString(), pace.nanos());
  }

  private static String wrong(RestDatabase database) {
    try {
      database.readers().read(view -> true);
      var unused = database.stock().floor();
      return "";
    } catch (Failure failure) {
      return failure.whatFailed();
    } catch (RefusedException refused) {
      return refused.failure().whatFailed();
    }
  }

  void tell(Reply reply) throws IOException {
    Seen now = seen;
    boolean stale = pace.nanos() - now.at() > STALE_NANOS;
    String wrong = stale ? "the place has not answered for a minute" : now.wrong();
    reply.json(
        wrong.isEmpty() ? 200 : 503,
        new JsonObject()
            .put("status", wrong.isEmpty() ? "ok" : "error")
            .put("message", wrong.isEmpty() ? "the server works" : wrong)
            .time("timestamp", clock.millis()));
  }
}
