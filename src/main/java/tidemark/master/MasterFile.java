package tidemark.master;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Pattern;
import tidemark.change.Failure;
import tidemark.change.Position;
import tidemark.change.Token;
import tidemark.jdbc.FileHeader;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.ledger.Ledger;
import tidemark.replica.DatabaseFile;
import tidemark.replica.Replica;
import tidemark.run.Plan;
import tidemark.share.Removal;
import tidemark.share.ShareFiles;

/**
 * The master as a file: was it touched, put it in its place, set it aside. A master that is whole
 * is never replaced, and none is ever deleted.
 */
public final class MasterFile {
  /** So long for another program that writes it. */
  public static final Duration BUSY = Duration.ofMillis(800);

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private static final String NEW = ".new-";

  /** What a look at whether a folder can be written leaves where it is cut off. */
  private static final String PROBE = "\\.tidemark-[0-9a-f-]{36}\\.test";

  private static final long LATE = 5_000;

  private static final List<String> ITS_JOURNALS = List.of("-journal", "-wal", "-shm");

  private static final int PIECE = 1 << 20;

  private final Path master;
  private final ShareFiles share;
  private final String correction;

  public MasterFile(Plan plan) {
    this.master = plan.master();
    this.share = plan.share();
    this.correction = "correct databases." + plan.name() + ".master in the config, or move it away";
  }

  public boolean exists() {
    try {
      return holdsSomething(master);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /**
   * Asked in two ways: a client may remember for seconds that a file was not found, and a master
   * beside which a ledger was begun without it is one that nobody knows.
   */
  public boolean existsSurely() {
    return exists() || (isListed() && exists());
  }

  private boolean isListed() {
    try {
      return share.list(master.resolveSibling("")).contains(master);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private boolean holdsSomething(Path file) throws IOException {
    try {
      BasicFileAttributes there = share.stat(file);
      if (there.isDirectory()) {
        throw new Failure(Failure.REFUSED, file + " is a folder, not a database", correction);
      }
      return there.size() > 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** What is there may be somebody else's: no ledger is begun beside a file that is no database. */
  public void requireDatabase() {
    if (!exists()) {
      return;
    }
    try {
      countTables();
    } catch (Failure e) {
      if (!e.isDamage()) {
        throw e;
      }
      countTables(); // a read that failed but once looks like damage
    }
  }

  private long countTables() {
    return share.reach("look into the master", master, this::tables);
  }

  private long tables() {
    try (Sql sql = Sql.open(master, OpenMode.READ, Duration.ofSeconds(5))) {
      return sql.number("SELECT count(*) FROM sqlite_master");
    }
  }

  /**
   * An empty database that tells applications the version of their data which the master tells:
   * read from the file's header, past all locks.
   */
  public void createAlike(Path file) {
    FileHeader header = header();
    DatabaseFile.create(file, header.userVersion(), header.applicationId());
  }

  /** Zero where it is missing, or says nothing. */
  public int applicationId() {
    return header().applicationId();
  }

  private FileHeader header() {
    try (InputStream in = share.open(master)) {
      return FileHeader.of(in);
    } catch (NoSuchFileException e) {
      return FileHeader.NONE;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** What the share refused, unless it is plain that it never can be one. */
  public Failure explained(Failure refused) {
    for (Path folder : List.of(master.resolveSibling(""), Path.of(master + "-ledger"))) {
      try {
        if (share.stat(folder).isRegularFile()) {
          return new Failure(
              Failure.REFUSED, folder + " is a file, not a folder", correction, refused);
        }
      } catch (IOException e) {
        return refused;
      }
    }
    return refused;
  }

  private Failure unreachable(IOException e) {
    return new Failure(
        Failure.OFFLINE,
        master + " cannot be reached: " + e,
        "check the connection to the share",
        e);
  }

  /**
   * Nobody wrote it since the last fold, as far as can be told past all locks. It is SQLite's own
   * count of changes that tells, but in WAL mode, which only others set. The time is for what went
   * past SQLite; a share may be two seconds coarse in it, or set it only seconds after the last
   * fold's end.
   */
  boolean isAsLeft(Ledger.MasterState state) {
    try {
      BasicFileAttributes now = share.stat(master);
      long later = now.lastModifiedTime().toMillis() - state.modified();
      if (now.size() != state.size() || Math.abs(later) > LATE) {
        return false;
      }
      FileHeader header = header();
      return header.changes() == state.changes() && !header.isWal();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  Ledger.MasterState asLeft(Position position, long now, List<Ledger.HeldBack> held) {
    try {
      BasicFileAttributes attributes = share.stat(master);
      return new Ledger.MasterState(
          position,
          attributes.size(),
          attributes.lastModifiedTime().toMillis(),
          header().changes(),
          now,
          held);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /**
   * The commit point is the rename of a whole, flushed copy to a name nobody has. The journal of a
   * master that is gone would be taken for the new one's, and spoil it.
   */
  public void publish(Path made, long now) throws IOException {
    publish(
        made,
        () -> {
          if (holdsSomething(master)) {
            throw new Failure(
                Failure.BUSY, master + " has appeared in the meantime", "the next run uses it");
          }
          setAside(ITS_JOURNALS, now);
        });
  }

  /** The same in place of a damaged one, which is set aside once the new one stands beside it. */
  void replace(Path made, long now) throws IOException {
    publish(
        made,
        () -> {
          setAside(ITS_JOURNALS, now);
          setAside(List.of(""), now);
        });
  }

  private void publish(Path made, ShareFiles.Step makeRoom) throws IOException {
    Path staged = master.resolveSibling(master.getFileName() + NEW + Token.fresh());
    try {
      try (InputStream in = Files.newInputStream(made);
          OutputStream out = new BufferedOutputStream(share.create(staged), PIECE)) {
        in.transferTo(out);
      }
      makeRoom.run();
      share.rename(staged, master);
    } finally {
      share.delete(staged);
    }
  }

  /** Deletes what was never finished beside it, once it is too old to be anybody's. */
  void sweep(long writtenBefore) {
    String left = Pattern.quote(master.getFileName() + NEW) + "[0-9a-f]{16}|" + PROBE;
    share.reach(
        "sweep the master's folder",
        master,
        () -> {
          new Removal(share, left).sweepBeside(master, name -> name.matches(left), writtenBefore);
          return master;
        });
  }

  /** Where one that is set aside at this moment goes. */
  Path aside(long now) {
    return Path.of(master + suffix(now));
  }

  private static String suffix(long now) {
    return ".damaged-" + STAMP.format(Instant.ofEpochMilli(now));
  }

  /** With its journal, without which it would be worth less. */
  void setAside(long now) {
    try {
      setAside(ITS_JOURNALS, now);
      setAside(List.of(""), now);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private void setAside(List<String> parts, long now) throws IOException {
    for (String part : parts) {
      Path from = Path.of(master + part);
      if (!share.absent(from)) {
        share.rename(from, Path.of(master + suffix(now) + part));
      }
    }
  }

  /** To be written by whoever holds the fold lease. */
  public static Replica open(Plan plan) {
    Replica master = Replica.openMaster(plan.master(), BUSY, plan.rules(), plan.selection());
    master.sql().attendedBy(plan.share()::isWaitedFor);
    return master;
  }
}
