package tidemark.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.OwnerAlone;

/**
 * The certificate that a server makes for itself and keeps, for where there is no authority to have
 * one from. Workstations are given {@code tide.pem}, which lies beside it.
 *
 * <p>Guarantee: made once; of two processes at once one makes it and both use it. Its key can be
 * read by nobody but the server's user. Its key stays when it is renewed, a month before its end or
 * for another name, so that workstations that trust an earlier one take the new one too. Commit
 * point: the rename of the store.
 *
 * <p>Threading: any; other threads of this process do not make it at the same time.
 */
public final class OwnCertificate implements CertificateSource {
  private static final int DAYS = 825; // some clients take no longer ones
  private static final Duration BEFORE_END = Duration.ofDays(30);
  private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

  private final Path folder;
  private final String host;
  private final HostNames names;
  private final Clock clock;
  private final KeyTool keyTool;

  private volatile Instant renewal = Instant.MAX;
  private volatile @Nullable String trouble;

  /**
   * @param folder for it alone; made where it is missing
   * @param host this machine's name
   * @param names by which the server is reached besides
   */
  public OwnCertificate(Path folder, String host, List<String> names, Clock clock) {
    this(folder, host, names, clock, new KeyTool(Path.of(System.getProperty("java.home"))));
  }

  OwnCertificate(Path folder, String host, List<String> names, Clock clock, KeyTool keyTool) {
    this.folder = folder;
    this.host = host;
    this.names = new HostNames(host, names);
    this.clock = clock;
    this.keyTool = keyTool;
  }

  /** What workstations name under {@code trust:}; there once it was read. */
  public Path forWorkstations() {
    return folder.resolve("tide.pem");
  }

  private Path store() {
    return folder.resolve("own.p12");
  }

  @Override
  public synchronized Credential read() {
    try {
      makeFolder();
      try (FileChannel channel =
          FileChannel.open(OwnerAlone.file(folder.resolve("own.lock")), StandardOpenOption.WRITE)) {
        awaitTurn(channel);
        Credential credential = current();
        renewal = credential.validUntil().minus(BEFORE_END);
        tell(credential);
        return credential;
      }
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          "the server's own certificate cannot be kept in " + folder + ": " + e,
          "Make that folder writable for this user, or name another one under `state:`.",
          e);
    }
  }

  /** It ends with the channel. */
  private static void awaitTurn(FileChannel channel) throws IOException {
    try {
      channel.lock();
    } catch (OverlappingFileLockException e) {
      throw new Failure(
          Failure.BUSY, "the server's own certificate is being made", "Try again.", e);
    }
  }

  private Credential current() throws IOException {
    Credential kept = kept(store());
    if (kept == null) {
      return fresh();
    }
    boolean due = clock.instant().isAfter(kept.validUntil().minus(BEFORE_END));
    return due || !names.coveredBy(kept.certificate()) ? renewed(kept) : kept;
  }

  private Credential fresh() throws IOException {
    Path scratch = scratch();
    keyTool.make(
        scratch, HostNames.isName(host) ? host : "tidemark", names.extension(), from(), DAYS);
    return publish(scratch);
  }

  private Credential renewed(Credential kept) throws IOException {
    Path scratch = scratch();
    try {
      Files.copy(store(), scratch);
      keyTool.makeAgain(scratch, names.extension(), from(), DAYS);
      Credential renewed = publish(scratch);
      trouble = null;
      return renewed;
    } catch (Failure e) {
      if (clock.instant().isAfter(kept.validUntil())) {
        throw e;
      }
      trouble = e.told(); // the old one still does
      return kept;
    }
  }

  private Instant from() {
    return clock.instant().minus(CLOCKS_DIFFER);
  }

  /** In a folder of its own, since keytool makes its file as the umask has it. */
  private Path scratch() throws IOException {
    Path making = folder.resolve("making");
    delete(making); // somebody may have been ended in the middle of it
    Files.createDirectory(making, ownersAlone(making));
    return making.resolve("own.p12");
  }

  private Credential publish(Path scratch) throws IOException {
    Credential made = kept(scratch);
    if (made == null) {
      throw KeyTool.failure("keytool wrote none", null);
    }
    replace(store(), Files.readAllBytes(scratch));
    delete(scratch.resolveSibling(""));
    return made;
  }

  /** Follows the store; whoever was ended between the two does it here the next time. */
  private void tell(Credential credential) throws IOException {
    String pem = credential.pem();
    if (!Files.exists(forWorkstations()) || !Files.readString(forWorkstations()).equals(pem)) {
      replace(forWorkstations(), pem.getBytes(US_ASCII));
    }
  }

  private static void replace(Path file, byte[] content) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".new");
    Files.write(OwnerAlone.fresh(aside), content);
    Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static @Nullable Credential kept(Path file) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return null;
    }
    try {
      char[] password = Credential.PASSWORD.toCharArray();
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(bytes), password);
      if (store.getKey(Credential.ALIAS, password) instanceof PrivateKey key
          && store.getCertificate(Credential.ALIAS) instanceof X509Certificate certificate) {
        return new Credential(key, List.of(certificate));
      }
      throw damaged(file, null);
    } catch (IOException | GeneralSecurityException e) {
      throw damaged(file, e);
    }
  }

  private static Failure damaged(Path file, @Nullable Exception cause) {
    return new Failure(
        Failure.USAGE,
        file + ", the server's own certificate, is damaged",
        "Restore it from a backup. Or delete it: a new one is made, and every workstation needs"
            + " the new tide.pem.",
        cause);
  }

  private void makeFolder() throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, ownersAlone(folder));
    }
  }

  private static FileAttribute<?>[] ownersAlone(Path folder) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** Also other once it is time for the next one. */
  @Override
  public String stamp() {
    try {
      String due = clock.instant().isAfter(renewal) ? " is due" : "";
      return Arrays.hashCode(Files.readAllBytes(store())) + due;
    } catch (IOException e) {
      return "none"; // reading it says what there is to say
    }
  }

  @Override
  public List<String> warnings(Credential credential) {
    String known = trouble;
    return known == null ? List.of() : List.of(known);
  }

  /** It is reached by whatever name its network has for it. */
  @Override
  public boolean namesAreKnown() {
    return false;
  }
}
