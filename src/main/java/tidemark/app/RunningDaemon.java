package tidemark.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tidemark.control.ControlClient;
import tidemark.control.ControlFile;
import tidemark.share.Pace;

/** The daemon of a state folder as other processes of its user see it. */
public final class RunningDaemon {
  private static final long LOOK_EVERY = 50;

  private final Path state;
  private final Locks locks;

  public RunningDaemon(Path state) {
    this.state = state;
    this.locks = new Locks(state, "");
  }

  /** Who it is, as in ` (anna, process 12, since ...)`; empty: none runs. */
  public Optional<String> who() {
    return locks.daemon();
  }

  /** Empty where none runs or it does not listen. */
  public Optional<ControlClient> client() {
    return listening().map(ControlClient::new);
  }

  /** The same, if it goes by this config: with another one it looks after other databases. */
  public Optional<ControlClient> client(Path config) {
    return listening()
        .filter(file -> file.config().equals(config.toString()))
        .map(ControlClient::new);
  }

  private Optional<ControlFile> listening() {
    return who().flatMap(who -> ControlFile.read(state));
  }

  /** One that has only just been started listens in a moment. */
  public Optional<ControlClient> clientWithin(Duration patience) {
    long until = Pace.REAL.nanos() + patience.toNanos();
    Optional<ControlClient> client = client();
    while (client.isEmpty() && who().isPresent() && Pace.REAL.nanos() - until < 0) {
      Pace.REAL.pause(LOOK_EVERY);
      client = client();
    }
    return client;
  }

  /** Waits for it to be gone. */
  public boolean endsWithin(Duration patience) {
    long until = Pace.REAL.nanos() + patience.toNanos();
    while (who().isPresent()) {
      if (Pace.REAL.nanos() - until > 0) {
        return false;
      }
      Pace.REAL.pause(LOOK_EVERY);
    }
    return true;
  }
}
