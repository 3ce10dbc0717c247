package tidemark.smb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tidemark.testing.Fleet;
import tidemark.testing.SettablePace;
import tidemark.testing.SmbMount;
import tidemark.testing.SmbServer;
import tidemark.testing.Workstation;

/** A server and the workstations of a team, each with a mount of its own. */
final class Office implements AutoCloseable {
  private final Path folder;
  private final Fleet fleet;
  private final SmbServer server;
  private final SettablePace pace = new SettablePace();
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
    workstation.pace = pace;
    return workstation;
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
