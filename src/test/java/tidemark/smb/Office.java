package tidemark.smb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import tidemark.share.Pace;
import tidemark.testing.Fleet;
import tidemark.testing.SettablePace;
import tidemark.testing.SmbMount;
import tidemark.testing.SmbServer;
import tidemark.testing.Wait;
import tidemark.testing.Workstation;

/** A server and the workstations of a team, each with a mount of its own. */
final class Office implements AutoCloseable {
  private final Path folder;
  private final Fleet fleet;
  private final SmbServer server;
  private final SettablePace pace = new SettablePace();

  /** Waits for a real server, and ages leases when a test says so. */
  private final Pace aging =
      new Pace() {
        @Override
        public long nanos() {
          return pace.nanos();
        }

        @Override
        public void pause(long millis) {
          Pace.REAL.pause(millis);
        }
      };

  private final List<AutoCloseable> open = new ArrayList<>();

  Office(Path folder) throws Exception {
    this.folder = folder;
    this.fleet = new Fleet(folder);
    this.server = new SmbServer(Files.createDirectories(folder.resolve("server")), fleet.share());
    open.add(server);
  }

  Workstation workstation(String name) throws Exception {
    SmbMount mount = new SmbMount(server, Files.createDirectories(folder.resolve("pc-" + name)));
    open.add(mount);
    Workstation workstation = fleet.workstation(name, mount.share());
    workstation.pace = aging;
    return workstation.startDaemon(); // only who goes on looking can tell a dead lease
  }

  /** Time that passes when a test says so. */
  SettablePace pace() {
    return pace;
  }

  SmbServer server() {
    return server;
  }

  Fleet fleet() {
    return fleet;
  }

  /** The ledger's folder, as it lies on the server. */
  Path ledger() {
    return fleet.share().resolve("server.db-ledger");
  }

  /** What depends on the master can fail now and then where the mount says what no longer is. */
  void repeat(Runnable work, BooleanSupplier done) {
    Wait.until(
        "the work to be done",
        () -> {
          work.run();
          return done.getAsBoolean();
        });
  }

  /**
   * Leases of the dead run out, everybody syncs, and all have the same, in a master that is well.
   */
  void comeToRest() {
    fleet.comeToRest(pace).assertSame();
    assertThat(fleet.master().value("PRAGMA integrity_check")).isEqualTo("ok");
  }

  @Override
  public void close() throws Exception {
    Collections.reverse(open);
    for (AutoCloseable one : open) {
      one.close();
    }
  }
}
