package tidemark.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real SMB server, Samba's smbd, that shares one folder: with a configuration of its own and on a
 * loopback address of its own, where it disturbs nobody.
 *
 * <p>Only processes it started are ever touched. It ends when its input is closed, so also when the
 * test's process is killed.
 */
public final class SmbServer implements AutoCloseable {
  static final String SHARE = "office";
  private static final int PORT = 445;
  private static final int PATIENCE_MILLIS = 20_000;

  private final Path folder;
  private final String address;
  private Process smbd;

  /** Listens when this returns. */
  public SmbServer(Path folder, Path shared) throws IOException, InterruptedException {
    this.folder = folder;
    this.address = freeAddress();
    configure(shared);
    start();
  }

  public String address() {
    return address;
  }

  /** Nobody else serves SMB there. */
  private static String freeAddress() throws IOException {
    long first = ProcessHandle.current().pid(); // tests in another process look elsewhere first
    for (int i = 0; i < 253; i++) {
      String candidate = "127.0.0." + (2 + (first + i) % 253);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getByName(candidate), PORT));
        return candidate;
      } catch (IOException e) {
        continue; // somebody's
      }
    }
    throw new IOException("no loopback address has its port 445 free");
  }

  private void configure(Path shared) throws IOException {
    Files.createDirectories(shared);
    Path own = Files.createDirectories(folder.resolve("own"));
    for (String name : List.of("private", "lock", "state", "cache", "pid", "rpc", "log")) {
      Files.createDirectories(own.resolve(name));
    }
    String text =
        """
        [global]
        server role = standalone server
        interfaces = ${address}/8
        bind interfaces only = yes
        smb ports = 445
        disable netbios = yes
        private dir = ${own}/private
        lock directory = ${own}/lock
        state directory = ${own}/state
        cache directory = ${own}/cache
        pid directory = ${own}/pid
        ncalrpc dir = ${own}/rpc
        log file = ${own}/log/smbd.log
        rpc start on demand helpers = no
        map to guest = bad user
        guest account = root
        load printers = no
        disable spoolss = yes
        printcap name = /dev/null
        [${share}]
        path = ${shared}
        guest ok = yes
        read only = no
        force user = root
        """
            .replace("${address}", address)
            .replace("${own}", own.toString())
            .replace("${share}", SHARE)
            .replace("${shared}", shared.toString());
    Files.writeString(folder.resolve("smb.conf"), text);
  }

  private void start() throws IOException, InterruptedException {
    smbd =
        new ProcessBuilder(
                "smbd",
                "--foreground",
                "--configfile=" + folder.resolve("smb.conf"),
                "--log-basename=" + folder.resolve("own/log"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("smbd.out").toFile())
            .start();
    Wait.until(smbd, "smbd listens on " + address, this::listens);
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, PORT), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The server hangs: it is there, and answers nothing. */
  public void stop() throws IOException, InterruptedException {
    signal("STOP", everyProcess());
  }

  /** It goes on where it was stopped. */
  public void cont() throws IOException, InterruptedException {
    signal("CONT", everyProcess());
  }

  /** Cuts every connection, in the middle of whatever it was doing. */
  public void killConnections() throws IOException, InterruptedException {
    signal("KILL", connections());
  }

  /** All at once, as when the power goes. */
  public void kill() throws IOException, InterruptedException {
    signal("KILL", everyProcess());
    smbd.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** After it was killed. */
  public void startAgain() throws IOException, InterruptedException {
    start();
  }

  private List<ProcessHandle> everyProcess() {
    return Stream.concat(smbd.descendants(), Stream.of(smbd.toHandle())).toList();
  }

  private List<ProcessHandle> connections() {
    return smbd.children().filter(SmbServer::servesAClient).toList();
  }

  /** The others are its own helpers: smbd-notifyd, cleanupd. */
  private static boolean servesAClient(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/comm")).startsWith("smbd[");
    } catch (IOException e) {
      return false; // it ended just now
    }
  }

  private static void signal(String name, List<ProcessHandle> processes)
      throws IOException, InterruptedException {
    for (ProcessHandle process : processes) {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    kill();
  }
}
