package tidemark.serve;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.change.Position;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;
import tidemark.ledger.Ledger;
import tidemark.ledger.LentLedger;
import tidemark.ledger.SnapshotFile;
import tidemark.ledger.http.Wire;

/**
 * The place over HTTP: what a workstation asks of a ledger, answered by the ledger itself.
 *
 * <p>Guarantee: an entry is checked as every reader checks it before it is written, and is its
 * key's user's. Threading: any.
 */
final class PlaceDoor {
  private static final int MOST_OF_A_STATE = 1 << 20;
  private static final long MOST_NUMBERS = 1_000_000;
  private static final int PIECE = 256 << 10;

  private final LentPlace place;
  private final LentLedger ledger;
  private final Runnable written;
  private final ArrivalDoor arrival;

  /**
   * For one place.
   *
   * @param written is told of each entry
   */
  PlaceDoor(LentPlace place, Runnable written) {
    this.place = place;
    this.ledger = place.ledger();
    this.arrival = new ArrivalDoor(ledger.arrival());
    this.written = written;
  }

  LentPlace place() {
    return place;
  }

  /**
   * Answers, for who holds this key. The words of the question are `v1`, NAME and what is asked.
   */
  void answer(Question asked, AccessKey key, Reply reply) throws IOException {
    String what = asked.method() + " " + asked.word(2) + (asked.words().size() > 3 ? "/" : "");
    boolean writes = !asked.method().equals("GET") && !asked.method().equals("HEAD");
    if (writes && !key.mayWrite()) {
      throw RefusedException.forbidden("this key may only read", "Ask for one that may write.");
    }
    switch (what) {
      case "GET ledger" -> ledger(key, reply);
      case "POST ledger" -> {
        ledger.create();
        ledger(key, reply);
      }
      case "GET head" -> head(asked, reply);
      case "GET entries" -> entries(asked, reply);
      case "POST entries" -> append(asked, key, reply);
      case "GET entries/" -> hash(asked, reply);
      case "PUT entries/" -> putBack(asked, reply);
      case "PUT arrival", "PUT arrival/", "POST arrival" -> {
        if (!arrival.answer(asked, reply)) {
          throw RefusedException.notThere("nothing is answered there");
        }
        place.forgetHead();
        if (asked.method().equals("POST")) {
          written.run(); // so that the master is made, too
        }
      }
      case "GET end" -> {
        ledger.requireEnd(asked.number("after", null));
        reply.json(200, new JsonObject().put("end", true));
      }
      case "GET missing" -> missing(asked, reply);
      case "GET beginning" -> {
        Ledger.Beginning beginning = ledger.beginning();
        reply.json(
            200,
            new JsonObject()
                .put("userVersion", beginning.userVersion())
                .put("applicationId", beginning.applicationId()));
      }
      case "GET clock" -> reply.json(200, new JsonObject().put("now", place.now()));
      case "GET snapshots" -> {
        place.info();
        reply.json(200, Reply.numbers("snapshots", ledger.snapshots()));
      }
      case "GET snapshots/" -> snapshot(asked, reply);
      case "GET workstations" -> {
        JsonObject all = new JsonObject();
        ledger.published(asked.number("since", Long.MIN_VALUE)).forEach(all::put);
        reply.json(200, all);
      }
      case "GET workstations/" -> published(asked, reply);
      case "PUT workstations/" -> publish(asked, reply);
      case "DELETE workstations/" -> {
        boolean gone = ledger.unpublish(id(asked));
        reply.json(gone ? 200 : 404, new JsonObject().put("gone", gone));
      }
      default -> throw RefusedException.notThere("nothing is answered there");
    }
  }

  private void ledger(AccessKey key, Reply reply) throws IOException {
    Ledger.Info info = place.info();
    Position head = place.head();
    Position floor = ledger.floor();
    reply.json(
        200,
        new JsonObject()
            .put("id", info.id())
            .put("format", info.format())
            .put("floor", floor.number())
            .put("floorHash", floor.hash())
            .put("head", head.number())
            .put("headHash", head.hash())
            .put("now", place.now())
            .put("user", key.user())
            .put("may", key.may().word())
            .putIfAny("movedTo", info.movedTo()));
  }

  private void head(Question asked, Reply reply) throws IOException {
    Position head = place.head();
    String movedTo = place.info().movedTo();
    if (movedTo != null) {
      throw Failure.ofMove("ledger of " + place.name(), movedTo); // nothing comes here any more
    }
    if (head.number() > asked.number("after", -1L)) {
      reply.json(200, new JsonObject().put("head", head.number()).put("headHash", head.hash()));
    } else {
      reply.nothing(204);
    }
  }

  // ---- entries

  private void entries(Question asked, Reply reply) throws IOException {
    long after = asked.number("after", null);
    int most =
        (int)
            Math.max(1, Math.min(Wire.MOST_ENTRIES, asked.number("limit", 1L * Wire.MOST_ENTRIES)));
    byte[] packed = after < 0 ? null : ledger.packed(after + 1);
    if (packed == null) {
      reply.nothing(204);
      return;
    }
    try (OutputStream out = reply.stream(200, Wire.ENTRIES)) {
      long bytes = 0;
      for (int count = 1; packed != null; count++) {
        Wire.write(out, packed);
        bytes += packed.length;
        packed = count < most && bytes < Wire.MOST_BYTES ? ledger.packed(after + 1 + count) : null;
      }
    }
  }

  private void hash(Question asked, Reply reply) throws IOException {
    Entry entry = ledger.read(Question.numberOf(asked.word(3), "an entry"));
    if (entry == null || !asked.word(4).equals("hash")) {
      throw RefusedException.notThere("there is no such entry");
    }
    reply.text(200, "text/plain", entry.hash());
  }

  private void missing(Question asked, Reply reply) throws IOException {
    long from = asked.number("from", null);
    long to = asked.number("to", null);
    if (to - from > MOST_NUMBERS) {
      throw RefusedException.wrong(
          "more than " + MOST_NUMBERS + " entries cannot be looked for at once",
          "Ask for a part of them.");
    }
    reply.json(200, Reply.numbers("missing", ledger.missing(from, to)));
  }

  private void append(Question asked, AccessKey key, Reply reply) throws IOException {
    EntryFile.Packed packed = SentEntry.of(asked, key, null);
    Entry entry = packed.entry();
    String expected = asked.request().getHeaders().get(Wire.EXPECT_HEAD);
    if (expected != null
        && !expected.strip().equals((entry.number() - 1 + " " + entry.previous()).strip())) {
      throw RefusedException.wrong(
          "the entry does not follow the head that is expected",
          "Say in " + Wire.EXPECT_HEAD + " what the entry names as the one before it.");
    }
    requirePredecessor(entry);
    boolean first = place.append(packed);
    if (first) {
      written.run();
    }
    Position head = place.head();
    reply.json(
        first ? 201 : 409,
        new JsonObject().put("head", head.number()).put("headHash", head.hash()));
  }

  /** What does not follow the last entry would be refused by every reader. */
  private void requirePredecessor(Entry entry) {
    if (entry.number() > 1 && !ledger.holds(new Position(entry.number() - 1, entry.previous()))) {
      throw new Failure(
          Failure.REFUSED,
          "entry " + entry.number() + " does not follow what the ledger has",
          "Sync again: the ledger goes on from its own last entry.");
    }
  }

  private void putBack(Question asked, Reply reply) throws IOException {
    long number = Question.numberOf(asked.word(3), "an entry");
    EntryFile.Packed packed = SentEntry.of(asked, null, number);
    boolean there = ledger.putBack(packed.entry().position(), packed.bytes());
    place.forgetHead();
    reply.json(there ? 200 : 409, new JsonObject().put("there", there));
  }

  // ---- snapshots

  private void snapshot(Question asked, Reply reply) throws IOException {
    long number = Question.numberOf(asked.word(3), "a snapshot");
    Optional<SnapshotFile> file = ledger.snapshotFile(number);
    if (file.isEmpty() || asked.words().size() > 5) {
      throw RefusedException.notThere("there is no snapshot " + number);
    }
    if (asked.word(4).equals("description")) {
      reply.bytes(200, Wire.JSON, file.get().bytes());
      return;
    }
    try (SeekableByteChannel in = ledger.openSnapshot(number)) {
      long size = in.size();
      long from = from(asked);
      if (from > 0 && from >= size) {
        reply.header(HttpHeader.CONTENT_RANGE.asString(), "bytes */" + size);
        reply.refuse(416, "the snapshot has " + size + " bytes", "Begin anew.");
        return;
      }
      if (from > 0) {
        reply.header(
            HttpHeader.CONTENT_RANGE.asString(), "bytes " + from + "-" + (size - 1) + "/" + size);
      }
      reply.header(HttpHeader.CONTENT_LENGTH.asString(), Long.toString(size - from));
      in.position(from);
      try (OutputStream out = reply.stream(from > 0 ? 206 : 200, Wire.ENTRY)) {
        copy(in, out);
      }
    }
  }

  /** Where to go on; ranges of other forms are answered with all of it, as they may be. */
  private static long from(Question asked) {
    String range = asked.request().getHeaders().get(HttpHeader.RANGE);
    return range != null && range.matches("bytes=\\d{1,18}-")
        ? Long.parseLong(range.substring(6, range.length() - 1))
        : 0;
  }

  private static void copy(SeekableByteChannel in, OutputStream out) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE);
    while (in.read(piece) >= 0) {
      out.write(piece.array(), 0, piece.position());
      piece.clear();
    }
  }

  // ---- what workstations tell of themselves

  private static String id(Question asked) {
    String id = asked.word(3);
    if (!id.matches("[A-Za-z0-9_-]{1,80}")) {
      throw RefusedException.wrong("a workstation's id is a plain word", "As in its config.");
    }
    return id;
  }

  private void published(Question asked, Reply reply) throws IOException {
    String text = ledger.published(id(asked));
    if (text == null) {
      throw RefusedException.notThere("there is no such workstation");
    }
    reply.text(200, Wire.JSON, text);
  }

  private void publish(Question asked, Reply reply) throws IOException {
    String text = new String(asked.body(MOST_OF_A_STATE), StandardCharsets.UTF_8);
    Map<String, @Nullable Object> told = Json.object(text);
    ledger.publish(id(asked), text);
    reply.json(200, new JsonObject().put("fields", told.size()));
  }
}
