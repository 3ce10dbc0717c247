package tidemark.ledger.http;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Place;
import tidemark.change.Position;
import tidemark.ledger.Arrival;
import tidemark.ledger.Author;
import tidemark.ledger.DamagedEntryException;
import tidemark.ledger.Draft;
import tidemark.ledger.Entry;
import tidemark.ledger.EntryFile;
import tidemark.ledger.KeptEntries;
import tidemark.ledger.Lease;
import tidemark.ledger.Ledger;
import tidemark.share.Bandwidth;
import tidemark.share.Pace;
import tidemark.share.Patience;
import tidemark.share.ShareFiles;

/**
 * The ledger that a server lends.
 *
 * <p>Guarantees and failures are those of {@link Ledger}: entries come as the bytes they are and
 * are checked here, so that the server can keep back what it has, and change nothing of it. Commit
 * point of an append: the server's own, which the answer tells of; where that is lost, the same
 * entry is offered again, and is what it was the first time. Threading: may be shared.
 */
public final class HttpLedger implements Ledger {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final Duration LONGEST_UPLOAD = Duration.ofHours(6);

  private final Place.Server place;
  private final Calls calls;

  /** For what is answered only when there is something to say. */
  private final Calls waiting;

  private final KeptEntries kept;
  private final Downloads downloads;
  private final Clock clock;
  private final Lease free = new FreeLease();

  private volatile @Nullable Seen seen;

  /** Nothing was read since: what comes after the head is known not to be there. */
  private volatile boolean headIsNew;

  /** The clock there was not asked for since. */
  private volatile boolean skewIsNew;

  private volatile long skew;

  private final ReadAhead ahead;
  private final HttpArrival arrival;

  public HttpLedger(
      Place.Server place,
      KeptEntries kept,
      Path scratch,
      Calls.Sending sending,
      Duration timeout,
      Clock clock,
      Pace pace,
      Bandwidth bandwidth) {
    this.place = place;
    this.calls =
        new Calls(
            place, sending, timeout, new Patience(timeout, pace, "the server"), pace, bandwidth);
    this.waiting =
        new Calls(
            place,
            sending,
            timeout.plus(LONGEST_WAIT),
            Patience.ENDLESS,
            pace,
            Bandwidth.UNLIMITED);
    this.ahead = new ReadAhead(calls);
    Calls uploads =
        new Calls(place, sending, LONGEST_UPLOAD, Patience.ENDLESS, pace, Bandwidth.UNLIMITED);
    this.arrival = new HttpArrival(place, calls, uploads);
    this.kept = kept;
    this.downloads = new Downloads(calls, scratch);
    this.clock = clock;
  }

  /**
   * What the server said of the ledger.
   *
   * @param user whose the key is
   * @param skew of the clock there
   */
  private record Seen(
      Info info, Position floor, Position head, String user, boolean write, long skew) {}

  // ---- the ledger itself

  @Override
  public Optional<Info> info() {
    long[] before = new long[1];
    Optional<Seen> now =
        calls.call(
            "look at the ledger",
            "GET",
            "/ledger",
            BodyPublishers.noBody(),
            () -> {
              before[0] = clock.millis();
              return Map.of();
            },
            answer -> seen(answer, before[0]));
    ahead.forget();
    seen = now.orElse(null);
    headIsNew = true;
    skewIsNew = true;
    return now.map(Seen::info);
  }

  private Optional<Seen> seen(Calls.Answer answer, long asked) throws IOException {
    if (answer.status() == 404) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> said = answer.object();
    if (said.get("id") instanceof String id
        && said.get("format") instanceof Long format
        && said.get("floor") instanceof Long floor
        && said.get("head") instanceof Long head
        && said.get("may") instanceof String may) {
      if (format > EntryFile.FORMAT) {
        throw new Failure(
            Failure.REFUSED,
            "the ledger at " + place + " is of format " + format,
            "Upgrade Tidemark on this machine.");
      }
      return Optional.of(
          new Seen(
              new Info(
                  id,
                  format.intValue(),
                  floor,
                  said.get("movedTo") instanceof String place ? place : null),
              new Position(floor, text(said, "floorHash")),
              new Position(head, text(said, "headHash")),
              text(said, "user"),
              may.equals("write"),
              said.get("now") instanceof Long now ? now - asked : 0));
    }
    throw new IOException("the server does not say what its ledger is");
  }

  private static String text(Map<String, @Nullable Object> said, String name) {
    return said.get(name) instanceof String text ? text : "";
  }

  @Override
  public boolean wasHere() {
    return kept.any();
  }

  @Override
  public Info create() {
    Seen begun =
        calls
            .call(
                "begin a ledger",
                "POST",
                "/ledger",
                BodyPublishers.noBody(),
                Map.of(),
                answer -> seen(answer, clock.millis()))
            .orElseThrow(() -> notFound("begin a ledger"));
    seen = begun;
    return begun.info();
  }

  @Override
  public Arrival arrival() {
    return arrival;
  }

  @Override
  public long last(long known) {
    info();
    Seen now = seen;
    return now == null ? 0 : now.head().number();
  }

  // ---- entries

  @Override
  public @Nullable Entry read(long number) {
    if (number < 1) {
      return null;
    }
    Seen now = seen;
    if (now != null && headIsNew && number == now.head().number() + 1) {
      headIsNew = false;
      return null;
    }
    byte[] packed = ahead.take(number);
    return packed == null ? null : checked(number, packed);
  }

  private Entry checked(long number, byte[] packed) {
    Entry entry;
    try {
      entry = EntryFile.decode(packed);
    } catch (DamagedEntryException e) {
      ahead.forget();
      throw new Failure(
          Failure.REFUSED,
          "entry " + number + " of the ledger is damaged: " + e.getMessage(),
          "Ask whoever runs the server at " + place + " to run `tidemark verify` there.",
          e);
    }
    if (entry.number() != number) {
      ahead.forget();
      throw new Failure(
          Failure.REFUSED,
          place + " gave entry " + entry.number() + " for entry " + number,
          "Ask whoever runs the server: this is not what a Tidemark server does.");
    }
    kept.keep(entry.position(), packed, FileTime.fromMillis(entry.at()));
    kept.settled(entry.position());
    return entry;
  }

  @Override
  public boolean holds(Position position) {
    Seen now = seen;
    if (position.number() == 0
        || (now != null && (position.equals(now.floor()) || position.equals(now.head())))) {
      return true;
    }
    Boolean named = isNamedByTheNext(position);
    return named != null
        ? named
        : calls.get(
            "look for entry " + position.number(),
            "/entries/" + position.number() + "/hash",
            answer -> answer.status() == 200 && answer.text().strip().equals(position.hash()));
  }

  /** Which is most likely asked for next. Null where there is none. */
  private @Nullable Boolean isNamedByTheNext(Position position) {
    Seen now = seen;
    if (now == null || position.number() >= now.head().number()) {
      return null;
    }
    ahead.readsOnAfter(position.number());
    byte[] packed = ahead.peek(position.number() + 1);
    try {
      return packed == null
          ? null
          : (Boolean) EntryFile.decode(packed).previous().equals(position.hash());
    } catch (DamagedEntryException e) {
      return null; // whoever reads it complains
    }
  }

  @Override
  public void requireEnd(long last) {
    calls.get("look for entries after " + last, "/end?after=" + last, answer -> true);
  }

  @Override
  public List<Long> missing(long from, long to) {
    return calls.get(
        "look for missing entries",
        "/missing?from=" + from + "&to=" + to,
        answer -> numbers(answer.object().get("missing")));
  }

  private static List<Long> numbers(@Nullable Object list) throws IOException {
    if (!(list instanceof List<?> all)) {
      throw new IOException("the answer lists nothing");
    }
    return all.stream().filter(Long.class::isInstance).map(Long.class::cast).toList();
  }

  @Override
  public @Nullable Entry append(Position after, Author author, Draft draft) {
    requireRightToWrite();
    EntryFile.Packed packed =
        EntryFile.encode(
            after.number() + 1,
            ShareFiles.random(),
            after.hash(),
            clock.millis() + skew,
            author,
            draft);
    Position position = packed.entry().position();
    kept.offer(position, packed.bytes(), FileTime.fromMillis(packed.entry().at()));
    boolean first;
    try {
      first =
          calls.call(
              "write entry " + position.number(),
              "POST",
              "/entries",
              bytes(packed.bytes()),
              Map.of(
                  "Content-Type",
                  Wire.ENTRY,
                  Wire.EXPECT_HEAD,
                  after.number() + " " + after.hash()),
              answer -> isFirst(answer));
    } catch (Failure e) {
      if (e.exitCode() != Failure.OFFLINE && e.exitCode() != Failure.BUSY) {
        kept.withdraw(position); // it was looked at and refused
      }
      throw e;
    }
    if (first) {
      kept.settled(position);
      return packed.entry();
    }
    kept.withdraw(position);
    return null;
  }

  private boolean isFirst(Calls.Answer answer) {
    if (answer.status() == 404) {
      throw notFound("write an entry");
    }
    return answer.status() == 201;
  }

  private void requireRightToWrite() {
    Seen now = seen;
    if (now != null && !now.write()) {
      throw new Failure(
          Failure.OFFLINE,
          "the key for " + place + " may only read",
          "Ask for a key that may write; edits stay here until then.");
    }
  }

  private static BodyPublisher bytes(byte[] bytes) {
    return BodyPublishers.ofByteArray(bytes);
  }

  @Override
  public boolean putBack(Position entry) {
    byte[] packed = kept.bytes(entry);
    return packed != null
        && calls.call(
            "put entry " + entry.number() + " back",
            "PUT",
            "/entries/" + entry.number(),
            bytes(packed),
            Map.of("Content-Type", Wire.ENTRY),
            answer -> answer.status() == 200);
  }

  @Override
  public @Nullable Entry kept(Position entry) {
    return kept.entry(entry);
  }

  @Override
  public Optional<Entry> offered() {
    return Optional.ofNullable(kept.offered());
  }

  @Override
  public @Nullable Long writtenAt(long number) {
    Entry entry = read(number);
    return entry == null ? null : entry.at();
  }

  // ---- the server

  @Override
  public Beginning beginning() {
    return calls.get(
        "ask for what a database begins with",
        "/beginning",
        answer -> {
          Map<String, @Nullable Object> said = answer.object();
          return said.get("userVersion") instanceof Long version
                  && said.get("applicationId") instanceof Long whose
              ? new Beginning(version.intValue(), whose.intValue())
              : new Beginning(0, 0);
        });
  }

  @Override
  public boolean tells() {
    return true;
  }

  @Override
  public OptionalLong awaitAfter(long last, Duration most) {
    return waiting.get(
        "wait for entries",
        "/head?after=" + last + "&wait=" + most.toSeconds(),
        answer ->
            answer.status() == 200 && answer.object().get("head") instanceof Long head
                ? OptionalLong.of(head)
                : OptionalLong.empty());
  }

  @Override
  public long clockSkew() {
    Seen now = seen;
    if (now != null && skewIsNew) {
      skewIsNew = false;
      skew = now.skew();
      return skew;
    }
    long[] before = new long[1];
    long there =
        calls.get(
            "read the server's clock",
            "/clock",
            answer -> {
              before[0] = clock.millis();
              return answer.object().get("now") instanceof Long told ? told : clock.millis();
            });
    skew = there - before[0];
    return skew;
  }

  /** Whose the key is, as the server said at the last look; empty where it was not said. */
  public String user() {
    Seen now = seen;
    return now == null ? "" : now.user();
  }

  @Override
  public boolean canOnlyBeRead() {
    Seen now = seen;
    return now != null && !now.write();
  }

  @Override
  public Lease appendLease() {
    return free;
  }

  @Override
  public Lease foldLease() {
    return free;
  }

  // ---- snapshots

  @Override
  public List<Long> snapshots() {
    return calls.get(
        "list the snapshots",
        "/snapshots",
        answer -> answer.status() == 404 ? List.of() : numbers(answer.object().get("snapshots")));
  }

  @Override
  public Optional<Snapshot> snapshot(Path into, long atMost) {
    List<Long> numbers = snapshots().stream().filter(number -> number <= atMost).toList();
    return downloads.firstOf(numbers, into);
  }

  // ---- what workstations tell of themselves

  @Override
  public void publish(String workstationId, String json) {
    if (canOnlyBeRead()) {
      return; // nobody is told of who may only look
    }
    calls.call(
        "publish this workstation's state",
        "PUT",
        "/workstations/" + workstationId,
        BodyPublishers.ofString(json),
        Map.of("Content-Type", Wire.JSON),
        answer -> true);
  }

  @Override
  public @Nullable String published(String workstationId) {
    Optional<String> told =
        calls.get(
            "read a workstation's state",
            "/workstations/" + workstationId,
            answer ->
                answer.status() == 404 ? Optional.<String>empty() : Optional.of(answer.text()));
    return told.orElse(null);
  }

  @Override
  public boolean unpublish(String workstationId) {
    return calls.call(
        "forget a workstation",
        "DELETE",
        "/workstations/" + workstationId,
        BodyPublishers.noBody(),
        Map.of(),
        answer -> answer.status() == 200);
  }

  @Override
  public Map<String, String> published(long since) {
    return calls.get(
        "read the workstations' states",
        "/workstations" + (since == Long.MIN_VALUE ? "" : "?since=" + since),
        answer -> {
          Map<String, String> states = new LinkedHashMap<>();
          answer.object().forEach((id, text) -> states.put(id, String.valueOf(text)));
          return states;
        });
  }

  // ---- the server's own affairs

  @Override
  public Optional<MasterState> masterState() {
    return Optional.empty();
  }

  @Override
  public void masterState(MasterState state) {
    throw serversAffair();
  }

  @Override
  public Optional<Path> setAside() {
    throw serversAffair();
  }

  @Override
  public void addSnapshot(Position position, Path database) {
    throw serversAffair();
  }

  @Override
  public void retire(long upTo) {
    throw serversAffair();
  }

  @Override
  public void sweep(long writtenBefore) {
    throw serversAffair();
  }

  @Override
  public void sweepKept(long writtenBefore) {
    kept.sweep(writtenBefore);
  }

  private Failure serversAffair() {
    return new Failure(
        Failure.USAGE,
        "the ledger at " + place + " is looked after by its server",
        "do this at the server, in whose config the master is a path");
  }

  private Failure notFound(String doing) {
    return new Failure(
        Failure.OFFLINE,
        "cannot " + doing + ": there is no ledger at " + place + " yet",
        "It is begun by the server's first sync.");
  }

  @Override
  public String toString() {
    return "ledger at " + place;
  }
}
