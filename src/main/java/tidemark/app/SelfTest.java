package tidemark.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import tidemark.change.Failure;
import tidemark.config.DatabaseSettings;
import tidemark.config.Settings;
import tidemark.jdbc.OpenMode;
import tidemark.jdbc.Sql;
import tidemark.upkeep.health.Finding;

/**
 * Tries on a real machine what cannot be tried where Tidemark is built: Java, the SQLite library,
 * and what the share's file system does with databases, locks, renames and long paths.
 *
 * <p>Guarantee: works in folders of its own beside the masters and in `state`, and removes them;
 * touches no database. Threading: one thread.
 */
public final class SelfTest {
  private static final Duration AT_ONCE = Duration.ofMillis(200);
  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final int LONG_PATH = 300;
  private static final long NOTABLE_SKEW = 60_000;

  private final Path state;
  private final Set<Path> shares = new LinkedHashSet<>();
  private final Clock clock;
  private final List<String> holding;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param holding the command that starts a second process as a {@link LockHolder}
   */
  public SelfTest(Settings settings, Clock clock, List<String> holding) {
    this.state = settings.state();
    this.clock = clock;
    this.holding = List.copyOf(holding);
    for (DatabaseSettings database : settings.databases().values()) {
      database
          .place()
          .file()
          .ifPresent(master -> shares.add(master.toAbsolutePath().resolveSibling("")));
    }
  }

  /** What can fail, in the words of whoever it fails for. */
  private interface Step {
    String run() throws IOException;
  }

  public List<Finding> run() {
    step("java", SelfTest::java, "Install a 64-bit Java 17 or newer, or the version with its own.");
    step("sqlite", SelfTest::sqlite, "AppLocker or a virus scanner may keep the library away.");
    inFolder("state", state, this::tryDisk);
    for (Path share : shares) {
      inFolder("share " + share, share, this::tryShare);
    }
    byHand();
    return List.copyOf(findings);
  }

  private static String java() {
    return Stream.of("java.version", "java.vendor", "os.name", "os.version", "os.arch", "java.home")
        .map(name -> System.getProperty(name, "?"))
        .reduce((all, value) -> all + ", " + value)
        .orElse("");
  }

  private static String sqlite() {
    try (Sql sql = Sql.inMemory()) {
      return "SQLite "
          + sql.first("SELECT sqlite_version()", c -> c.string(1)).orElse("?")
          + ", its library from "
          + System.getProperty("org.sqlite.lib.path", "the temporary folder");
    }
  }

  private interface Trial {
    void in(String where, Path folder);
  }

  private void inFolder(String where, Path place, Trial trial) {
    Path folder = place.resolve(".tidemark-selftest-" + UUID.randomUUID());
    step(
        where,
        () -> {
          Files.createDirectories(folder);
          return "folders can be made in " + place;
        },
        "Connect the share; give this user the right to create and delete there.");
    if (Files.isDirectory(folder)) {
      trial.in(where, folder);
      step(
          where,
          () -> {
            delete(folder);
            return "what was made can be deleted";
          },
          "Something keeps " + folder + " open; delete it by hand.");
    }
  }

  private void tryDisk(String where, Path folder) {
    step(where, () -> longPath(folder), "Keep `state` in a folder with a shorter path.");
    step(where, () -> locks(folder), "The disk's locks do not work; see the log.");
  }

  private void tryShare(String where, Path folder) {
    step(where, () -> database(folder), "SQLite cannot write there: the master would stay behind.");
    step(
        where,
        () -> locks(folder),
        "Locks do not reach other machines: switch off whatever caches or emulates them.");
    step(
        where,
        () -> renameFolder(folder),
        "Entries of the ledger appear by such a rename: nothing works without.");
    step(where, () -> replaceOpenFile(folder), "Files in use are replaced at the next run.");
    step(where, () -> longPath(folder), "Keep the master in a folder with a shorter path.");
    step(where, () -> clock(folder), "Set the clock that is wrong.");
  }

  private static String database(Path folder) {
    Path file = folder.resolve("try.db");
    try (Sql sql = Sql.open(file, OpenMode.CREATE, PATIENT)) {
      sql.execute("CREATE TABLE t(a)");
      sql.update("INSERT INTO t VALUES(1)");
      sql.inTransaction(() -> sql.update("UPDATE t SET a = a + 1"));
      String verdict = sql.first("PRAGMA integrity_check", c -> c.string(1)).orElse("");
      require(verdict.equals("ok") && sql.number("SELECT a FROM t") == 2, "read back: " + verdict);
    }
    return "a database can be made, written and read";
  }

  private String locks(Path folder) throws IOException {
    Path file = folder.resolve("locked.db");
    try (Sql sql = Sql.open(file, OpenMode.CREATE, PATIENT)) {
      sql.execute("CREATE TABLE t(a)");
    }
    try (LockHolder holder = LockHolder.start(holding, file)) {
      require(!canWrite(file, AT_ONCE), "two processes could write at once");
    }
    require(canWrite(file, PATIENT), "the lock stayed although its owner let go");
    try (LockHolder killed = LockHolder.start(holding, file)) {
      killed.kill();
      require(canWrite(file, PATIENT), "the lock stayed although its owner was killed");
    }
    return "one process's lock keeps another out, and goes with its owner, killed ones too";
  }

  private static boolean canWrite(Path file, Duration patience) {
    try (Sql sql = Sql.open(file, OpenMode.WRITE, patience)) {
      sql.inTransaction(() -> sql.update("INSERT INTO t VALUES(1)"));
      return true;
    } catch (Failure e) {
      if (e.exitCode() != Failure.BUSY) {
        throw e;
      }
      return false;
    }
  }

  private static String renameFolder(Path folder) throws IOException {
    Path staged = Files.createDirectory(folder.resolve("staged"));
    Files.writeString(staged.resolve("entry"), "1");
    Path there = folder.resolve("entry-1");
    Files.move(staged, there, StandardCopyOption.ATOMIC_MOVE);
    Path late = Files.createDirectory(folder.resolve("late"));
    Files.writeString(late.resolve("entry"), "2");
    try {
      Files.move(late, there, StandardCopyOption.ATOMIC_MOVE);
      require(false, "a second folder took the place of the first");
    } catch (FileSystemException expected) {
      require(Files.readString(there.resolve("entry")).equals("1"), "the first one was changed");
    }
    return "a folder appears by one rename, and only for the first who does it";
  }

  private static String replaceOpenFile(Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("read"), "old");
    Path next = Files.writeString(folder.resolve("next"), "new");
    try (InputStream reader = Files.newInputStream(file)) {
      require(reader.read() == 'o', "it cannot be read");
      try {
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        return "a file can be replaced while somebody reads it";
      } catch (FileSystemException refused) {
        require(Files.readString(file).equals("old"), "the refused rename did damage");
        return "a file is not replaced while somebody reads it, and stays whole: "
            + refused.getReason();
      }
    }
  }

  private static String longPath(Path folder) throws IOException {
    Path deep = folder.toAbsolutePath();
    while (deep.toString().length() < LONG_PATH) {
      deep = deep.resolve("a-folder-with-a-name-of-fifty-letters-or-nearly-so");
    }
    Files.createDirectories(deep);
    Path file = Files.writeString(deep.resolve("file"), "x");
    require(Files.readString(file).equals("x"), "a file was not read back");
    return "paths of " + file.toString().length() + " letters work";
  }

  private String clock(Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("now"), "");
    long skew = clock.millis() - Files.getLastModifiedTime(file).toMillis();
    require(Math.abs(skew) < NOTABLE_SKEW, "the clocks differ by " + skew + " ms");
    return "this machine's clock and the share's differ by " + Math.abs(skew) + " ms";
  }

  /** What no program can try on itself. */
  private void byHand() {
    findings.add(
        Finding.warning(
            "logoff",
            "not tried: Windows ends programs at logoff without asking",
            "By hand: edit rows, log off while `tidemark sync` runs, log on; `tidemark doctor` must be well and nothing missing."));
    findings.add(
        Finding.warning(
            "login",
            "not tried: whether the daemon is started",
            "By hand: `tidemark service install`, log off and on, `tidemark status`."));
  }

  private void step(String check, Step step, String todo) {
    try {
      findings.add(Finding.well(check, step.run()));
    } catch (IOException | Failure | UnsatisfiedLinkError | SecurityException e) {
      findings.add(Finding.bad(check, String.valueOf(e.getMessage()), todo));
    }
  }

  private static void require(boolean so, String otherwise) {
    if (!so) {
      throw new Failure(Failure.INCOMPLETE, otherwise, "");
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
