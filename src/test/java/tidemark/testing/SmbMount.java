package tidemark.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One workstation's own way to the server: a mount by smbnetfs, which shares nothing with other
 * mounts, so neither locks nor what it has cached.
 *
 * <p>It ends when its input is closed, so also when the test's process is killed.
 */
public final class SmbMount implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final String MOUNT_UNTIL_INPUT_ENDS =
      """
      smbnetfs -f "$1" -o config="$2" </dev/null &
      read -r _
      fusermount -u -z "$1"
      wait
      """;

  private final Path mount;
  private final Path share;
  private final Process process;

  /** The share is there when this returns. */
  public SmbMount(SmbServer server, Path folder) throws IOException, InterruptedException {
    this.mount = Files.createDirectories(folder.resolve("mount"));
    this.share = mount.resolve(server.address()).resolve(SmbServer.SHARE);
    Path settings = configure(folder);
    ProcessBuilder builder =
        new ProcessBuilder(
                "sh", "-c", MOUNT_UNTIL_INPUT_ENDS, "mount", mount.toString(), settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("smbnetfs.out").toFile());
    builder.environment().put("HOME", folder.toString());
    this.process = builder.start();
    Wait.until(process, share + " is mounted", () -> Files.isDirectory(share));
  }

  private static Path configure(Path folder) throws IOException {
    Path home = Files.createDirectories(folder.resolve(".smb"));
    String client =
        """
        [global]
        disable netbios = yes
        client min protocol = SMB2
        lock directory = ${folder}
        state directory = ${folder}
        cache directory = ${folder}
        private dir = ${folder}
        """
            .replace("${folder}", folder.toString());
    String mounting =
        """
        auth "guest" ""
        use_libsecret "false"
        smb_query_browsers "false"
        neg_cache_timeout 1
        smb_timeout 3000
        reply_timeout 10
        """;
    Files.writeString(home.resolve("smb.conf"), client);
    Path settings = Files.writeString(home.resolve("smbnetfs.conf"), mounting);
    for (Path file : List.of(home.resolve("smb.conf"), settings)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    return settings;
  }

  /** The shared folder, as this workstation has it. */
  public Path share() {
    return share;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
