package tidemark.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.eclipse.jetty.io.Content;
import tidemark.change.JsonObject;
import tidemark.change.Position;
import tidemark.ledger.Arrival;
import tidemark.ledger.EntryFile;
import tidemark.ledger.SnapshotFile;

/**
 * How a ledger comes in that is carried to a server: into a place where there is none, and only
 * until it is opened.
 *
 * <p>Guarantee: entries are everybody's who signed them; what stands here was proven by the chain,
 * and nothing gets in by this door once others may meet. Threading: one request at a time.
 */
final class ArrivalDoor {
  private static final String ID = "[0-9A-Za-z-]{1,64}";
  private static final String HASH = "([0-9a-f]{64})?";

  private final Arrival arrival;

  ArrivalDoor(Arrival arrival) {
    this.arrival = arrival;
  }

  /** False where nothing is answered there. */
  synchronized boolean answer(Question asked, Reply reply) throws IOException {
    switch (asked.method() + " " + asked.word(3)) {
      case "PUT " -> {
        Arrival.State state =
            arrival.begin(text(asked, "id", ID), new Position(number(asked, "floor"), hash(asked)));
        reply.json(
            200,
            new JsonObject()
                .put("open", state.open())
                .put("head", state.head().number())
                .put("headHash", state.head().hash()));
      }
      case "PUT entries" -> {
        EntryFile.Packed packed =
            SentEntry.of(asked, null, Question.numberOf(asked.word(4), "an entry"));
        arrival.put(packed);
        reply.json(200, new JsonObject().put("there", true));
      }
      case "PUT snapshots" -> {
        long number = Question.numberOf(asked.word(4), "a snapshot");
        SnapshotFile description =
            new SnapshotFile(
                new Position(number, hash(asked)),
                number(asked, "size"),
                text(asked, "sha256", HASH));
        try (InputStream in = Content.Source.asInputStream(asked.request())) {
          arrival.put(description, () -> in);
          in.transferTo(OutputStream.nullOutputStream()); // of one that is here already
        }
        reply.json(200, new JsonObject().put("there", true));
      }
      case "POST " -> {
        arrival.open(new Position(number(asked, "head"), hash(asked)));
        reply.json(200, new JsonObject().put("open", true));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static String hash(Question asked) {
    return text(asked, "hash", HASH);
  }

  private static long number(Question asked, String name) {
    long number = asked.number(name, null);
    if (number < 0) {
      throw RefusedException.wrong(name + " is below zero", "As in 42.");
    }
    return number;
  }

  private static String text(Question asked, String name, String form) {
    String text = asked.parameter(name).orElse("");
    if (!text.matches(form)) {
      throw RefusedException.wrong("this is no " + name, "As Tidemark makes them.");
    }
    return text;
  }
}
