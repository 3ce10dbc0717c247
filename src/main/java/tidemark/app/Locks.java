package tidemark.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;

/**
 * Who may do what at a time on this machine: one daemon for a user's state folder, one daemon for a
 * local database, and one run for a local database, whichever users and configs there are.
 */
public final class Locks {
  private static final Duration MOMENT = Duration.ofSeconds(1); // somebody may just be looking
  private static final String DAEMON = "daemon.lock";

  private static final String RUNS = "-tidemark.lock";
  private static final String LOOKS_AFTER = "-tidemark-daemon.lock";

  private final Path state;
  private final String owner;

  /**
   * @param owner the user, as others shall read it
   */
  public Locks(Path state, String owner) {
    this.state = state;
    this.owner = owner;
  }

  /** Who is this user's daemon; empty: nobody. */
  Optional<String> daemon() {
    return OwnedLock.owner(state.resolve(DAEMON));
  }

  public OwnedLock beDaemon() {
    makeState();
    Path file = state.resolve(DAEMON);
    return OwnedLock.take(file, OwnedLock.Takers.OWNER, owner, MOMENT)
        .orElseThrow(
            () ->
                new Failure(
                    Failure.BUSY,
                    "the daemon is running already" + ownerOf(file),
                    "Look at it with `tidemark status`, end it with `tidemark stop`."));
  }

  /** Two daemons on one file would do no harm, but everything twice. */
  public @Nullable OwnedLock lookAfter(String name, Path local) {
    Path file = beside(local, LOOKS_AFTER);
    if (!Files.isWritable(file.resolveSibling(""))) {
      return null; // not there, or read-only: the first run says what is wrong
    }
    return OwnedLock.take(file, OwnedLock.Takers.ALL, owner, MOMENT)
        .orElseThrow(
            () ->
                new Failure(
                    Failure.BUSY,
                    "another daemon syncs " + local + ownerOf(file),
                    "One workstation's file has one daemon: end that one, or take "
                        + name
                        + " out of this config."));
  }

  /** For a run: what is kept beside the state, such as the entry offered last, belongs to one. */
  public Taken run(String name, Path folder, Path local, Duration patience) {
    List<OwnedLock> taken = new ArrayList<>();
    try {
      makeState();
      Files.createDirectories(folder);
      taken.add(runLock(name, folder.resolve("run.lock"), OwnedLock.Takers.OWNER, patience));
      Path beside = beside(local, RUNS);
      if (isThere(beside.getParent())) {
        taken.add(runLock(name, beside, OwnedLock.Takers.ALL, patience));
      }
    } catch (IOException e) {
      throw stateUnusable(e);
    } catch (RuntimeException e) {
      taken.forEach(OwnedLock::close);
      throw e;
    }
    return new Taken(taken);
  }

  /** What a run holds until it is over. */
  public record Taken(List<OwnedLock> locks) implements AutoCloseable {
    @Override
    public void close() {
      locks.forEach(OwnedLock::close);
    }
  }

  private OwnedLock runLock(String name, Path file, OwnedLock.Takers takers, Duration patience) {
    return OwnedLock.take(file, takers, owner, patience)
        .orElseThrow(
            () ->
                new Failure(
                    Failure.BUSY,
                    "another run on "
                        + name
                        + ownerOf(file)
                        + " is under way and did not finish in time",
                    "Wait until it has finished; its rows are carried by it."));
  }

  private static String ownerOf(Path file) {
    return OwnedLock.owner(file).orElse("");
  }

  /** Whatever way a config names the file, it is the same place. */
  private static Path beside(Path local, String ending) {
    Path file = local.toAbsolutePath();
    try {
      file = file.toRealPath();
    } catch (IOException e) {
      // the application has not made it yet
    }
    return file.resolveSibling(file.getFileName() + ending);
  }

  private static boolean isThere(@Nullable Path folder) {
    return folder != null && Files.isDirectory(folder);
  }

  private void makeState() {
    try {
      Files.createDirectories(state);
    } catch (IOException e) {
      throw stateUnusable(e);
    }
  }

  private Failure stateUnusable(IOException e) {
    return new Failure(
        Failure.INCOMPLETE,
        "the state folder " + state + " cannot be used: " + e,
        "Make it writable for this user, or name another one under `state:` in the config.",
        e);
  }
}
