package tidemark.daemon;

import java.nio.file.Path;
import java.time.Duration;
import tidemark.app.Locks;

/** A process that takes what only one may have, and keeps it until it is killed. */
public final class Holder {
  private Holder() {}

  /** Arguments: daemon, looks or run; the state folder; the local database; the user. */
  public static void main(String[] args) throws Exception {
    Path state = Path.of(args[1]);
    Path local = Path.of(args[2]);
    Locks locks = new Locks(state, args[3]);
    try (AutoCloseable held = take(locks, args[0], state, local)) {
      System.out.println("holds " + held);
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  private static AutoCloseable take(Locks locks, String what, Path state, Path local) {
    return switch (what) {
      case "daemon" -> locks.beDaemon();
      case "looks" -> locks.lookAfter("server", local);
      default -> locks.run("server", state.resolve("server"), local, Duration.ZERO);
    };
  }
}
