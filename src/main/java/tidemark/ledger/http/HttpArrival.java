package tidemark.ledger.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import tidemark.change.Failure;
import tidemark.change.Place;
import tidemark.change.Position;
import tidemark.ledger.Arrival;
import tidemark.ledger.EntryFile;
import tidemark.ledger.SnapshotFile;

/**
 * A ledger that is carried to a server.
 *
 * <p>Guarantees are those of {@link Arrival}, as the server keeps them. Threading: one carrier.
 */
final class HttpArrival implements Arrival {
  private final Place.Server place;
  private final Calls calls;

  /** With the patience that a whole database takes on its way. */
  private final Calls uploads;

  HttpArrival(Place.Server place, Calls calls, Calls uploads) {
    this.place = place;
    this.calls = calls;
    this.uploads = uploads;
  }

  @Override
  public State begin(String id, Position floor) {
    return call(
        calls,
        "begin a ledger",
        "PUT",
        "?id=" + id + "&floor=" + floor.number() + "&hash=" + floor.hash(),
        BodyPublishers.noBody(),
        answer -> {
          Map<String, ?> said = answer.object();
          if (said.get("open") instanceof Boolean open
              && said.get("head") instanceof Long head
              && said.get("headHash") instanceof String hash) {
            return new State(open, new Position(head, hash));
          }
          throw new IOException("the server does not say how far the ledger has arrived");
        });
  }

  @Override
  public void put(EntryFile.Packed next) {
    long number = next.entry().number();
    call(
        calls,
        "write entry " + number,
        "PUT",
        "/entries/" + number,
        BodyPublishers.ofByteArray(next.bytes()),
        answer -> true);
  }

  @Override
  public void put(SnapshotFile description, PackedSnapshot packed) {
    Position position = description.position();
    call(
        uploads,
        "write snapshot " + position.number(),
        "PUT",
        "/snapshots/"
            + position.number()
            + "?hash="
            + position.hash()
            + "&size="
            + description.size()
            + "&sha256="
            + description.sha256(),
        BodyPublishers.ofInputStream(() -> opened(packed)),
        answer -> true);
  }

  private static InputStream opened(PackedSnapshot packed) {
    try {
      return packed.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void open(Position head) {
    call(
        calls,
        "open the ledger",
        "POST",
        "?head=" + head.number() + "&hash=" + head.hash(),
        BodyPublishers.noBody(),
        answer -> true);
  }

  private <T> T call(
      Calls way,
      String doing,
      String method,
      String what,
      BodyPublisher body,
      Calls.Reading<T> reading) {
    return way.call(
        doing,
        method,
        "/arrival" + what,
        body,
        Map.of("Content-Type", Wire.ENTRY),
        answer -> {
          if (answer.status() == 404) {
            throw new Failure(
                Failure.REFUSED,
                "the server of " + place + " takes in no ledger",
                "Upgrade Tidemark there.");
          }
          return reading.read(answer);
        });
  }
}
