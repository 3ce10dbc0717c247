package tidemark.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tidemark.change.Direction;
import tidemark.change.Place;
import tidemark.ledger.Author;
import tidemark.ledger.KeptEntries;
import tidemark.ledger.LentLedger;
import tidemark.ledger.folder.ShareLedger;
import tidemark.rest.RestDoor;
import tidemark.serve.AccessKey;
import tidemark.serve.AccessKeys;
import tidemark.serve.PlaceServer;
import tidemark.serve.Programs;
import tidemark.share.Pace;
import tidemark.share.ShareFiles;

/** A share that a server lends, in this process, over real sockets; it looks after the master. */
public final class LentShare implements AutoCloseable {
  public static final String NAME = "server";
  private static final Map<Path, LentShare> OPEN = new HashMap<>();

  private final Workstation own;
  private final AccessKeys keys;
  private final Map<String, String> secrets = new HashMap<>();
  private PlaceServer server;
  private boolean programs;
  private final int port;
  private final Path folder;
  private final Path master;

  /** Whether tests are to meet at a server instead of a folder: `-Dplace=server`. */
  public static boolean isWanted() {
    return System.getProperty("place", "folder").equals("server");
  }

  /** The server in front of this master, started where there is none yet. */
  public static synchronized LentShare of(Path master) {
    return OPEN.computeIfAbsent(master, LentShare::new);
  }

  public static synchronized void closeAll() {
    OPEN.values().forEach(LentShare::close);
    OPEN.clear();
  }

  public LentShare(Path master) {
    this(master, "the-server");
  }

  /** Another server in front of the same master, with the same keys. */
  public LentShare beside(String name) {
    return new LentShare(master, name);
  }

  private LentShare(Path master, String name) {
    this.master = master;
    this.folder = master.resolveSibling("").resolveSibling(name);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.own = Workstation.ofServer(folder, master);
    Path all = master.resolveSibling("").resolveSibling("the-server").resolve("keys.json");
    this.keys = new AccessKeys(all, Clock.systemUTC());
    this.server = start(0);
    this.port = server.port();
  }

  /** The ledger as the server reaches it. */
  public LentLedger lent() {
    return new ShareLedger(
        master,
        new KeptEntries(folder.resolve("lent")),
        new Author(NAME, "PC-server", "machine-server"),
        Duration.ofSeconds(30),
        Clock.systemUTC(),
        new ShareFiles(ShareFiles.Tap.NONE, Pace.REAL));
  }

  private PlaceServer start(int port) {
    return PlaceServer.start(
        new PlaceServer.At(new InetSocketAddress("127.0.0.1", port), null, false),
        Map.of(NAME, lent()),
        programs ? new RestDoor(List.of(new OwnStock(own)), own.clock(), () -> {}) : Programs.NONE,
        keys,
        Clock.systemUTC(),
        () -> {});
  }

  /** From here on it answers programs that are not Tidemark, too. */
  public LentShare answersPrograms() {
    looksAfterTheMaster();
    programs = true;
    restart();
    return this;
  }

  /** Where the ledger lies that it lends. */
  public Path ledgerFolder() {
    return master.resolveSibling(master.getFileName() + "-ledger");
  }

  /** The server's own workstation. */
  public Workstation own() {
    return own;
  }

  /** As the process ends and another one begins. */
  public void restart() {
    server.close();
    server = start(port);
  }

  /** How many wait for the next entry. */
  public int waiting() {
    return server.waiting();
  }

  public AccessKeys keys() {
    return keys;
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + port + "/" + NAME);
  }

  /** The same place, as this user may use it. */
  public Place place(String user) {
    return new Place.Server(address(), secret(user), Optional.empty());
  }

  /** From now on this user has another key than before. */
  public void give(String user, AccessKey.Right may) {
    secrets.put(user, keys.create(user, may, Set.of(), Set.of(), null).text());
  }

  /** From now on this user comes with what somebody else was given. */
  public void lend(String user, String secret) {
    secrets.put(user, secret);
  }

  public void revokeAll() {
    keys.list().forEach(key -> keys.revoke(key.id()));
  }

  public String secret(String user) {
    return secrets.computeIfAbsent(
        user, name -> keys.create(name, AccessKey.Right.WRITE, Set.of(), Set.of(), null).text());
  }

  /** IT has the server make its own copy anew. */
  public void losesItsCopy() {
    own.loseLocalDatabase();
  }

  /** As the daemon of the server does now and then. */
  public void looksAfterTheMaster() {
    synchronized (own) {
      own.sync(Direction.BOTH);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
