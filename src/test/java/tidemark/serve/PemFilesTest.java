package tidemark.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tidemark.change.Failure;
import tidemark.testing.SettableClock;
import tidemark.testing.Shell;

/** A certificate and its key as others write them. */
class PemFilesTest {
  /** Of P-256. */
  private static final byte[] CURVE = HexFormat.of().parseHex("06082a8648ce3d030107");

  private static Issued rsa;
  private static Issued ec;

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private Path certificate;
  private Path key;
  private PemFiles files;

  @BeforeAll
  static void issue() {
    rsa = Issued.self("RSA", "rsa");
    ec = Issued.self("EC", "ec");
  }

  @BeforeEach
  void name() {
    certificate = folder.resolve("fullchain.pem");
    key = folder.resolve("privkey.pem");
    files = new PemFiles(certificate, key, clock);
  }

  private void write(String certificates, String keys) {
    try {
      Files.writeString(certificate, certificates);
      Files.writeString(key, keys);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void reads(Issued issued, String keyPem) {
    write(issued.certificatePem(), keyPem);
    Credential read = files.read();
    assertThat(read.certificate()).isEqualTo(issued.certificate());
    assertThat(Credential.belongTogether(read.key(), issued.keys().getPublic())).isTrue();
  }

  private Failure refused() {
    Failure failure = catchThrowableOfType(Failure.class, () -> files.read());
    assertThat(failure).isNotNull();
    assertThat(failure.exitCode()).isEqualTo(Failure.USAGE);
    assertThat(failure.hint()).isNotBlank();
    return failure;
  }

  private void refused(String certificates, String keys, String what) {
    write(certificates, keys);
    assertThat(refused().whatFailed()).contains(what);
  }

  private static byte[] pkcs1() {
    byte[] pkcs8 = rsa.keys().getPrivate().getEncoded();
    return Arrays.copyOfRange(pkcs8, 26, pkcs8.length); // what says the kind takes that many
  }

  private static byte[] sec1(byte[]... further) {
    BigInteger number = ((ECPrivateKey) ec.keys().getPrivate()).getS();
    byte[] fixed = new byte[32];
    byte[] bytes = number.toByteArray();
    int length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
    byte[][] parts = new byte[2 + further.length][];
    parts[0] = new byte[] {2, 1, 1};
    parts[1] = Issued.der(4, fixed);
    System.arraycopy(further, 0, parts, 2, further.length);
    return Issued.der(0x30, parts);
  }

  @Test
  void keys_of_every_usual_kind_and_form_are_read() {
    reads(rsa, rsa.keyPem());
    reads(ec, ec.keyPem());
    Issued edwards = Issued.self("Ed25519", "edwards");
    reads(edwards, edwards.keyPem());
    reads(rsa, Issued.pem("RSA PRIVATE KEY", pkcs1()));
    reads(ec, Issued.pem("EC PRIVATE KEY", sec1(Issued.der(0xa0, CURVE))));
    reads(ec, Issued.pem("EC PARAMETERS", CURVE) + Issued.pem("EC PRIVATE KEY", sec1()));
  }

  @Test
  void what_stands_around_and_how_lines_end_does_not_matter() {
    reads(ec, "\uFEFFBag Attributes\r\n  name: \u00e4\r\n" + ec.keyPem().replace("\n", "\r\n"));
    write(ec.keyPem() + ec.certificatePem(), ec.certificatePem() + ec.keyPem());
    assertThat(files.read().chain()).containsExactly(ec.certificate());
  }

  @Test
  void what_openssl_writes_is_read() {
    assumeTrue(Shell.can("openssl", "version"));
    for (List<String> kind :
        List.of(
            List.of("genrsa", "-traditional", "-out", key.toString(), "2048"),
            List.of("ecparam", "-name", "secp384r1", "-genkey", "-out", key.toString()),
            List.of("genpkey", "-algorithm", "ed25519", "-out", key.toString()))) {
      openssl(kind);
      openssl(
          List.of(
              "req",
              "-x509",
              "-key",
              key.toString(),
              "-subj",
              "/CN=tide",
              "-days",
              "90",
              "-out",
              certificate.toString()));
      assertThat(files.read().chain()).hasSize(1);
    }
  }

  private static void openssl(List<String> arguments) {
    String[] command = new String[arguments.size() + 1];
    command[0] = "openssl";
    for (int i = 0; i < arguments.size(); i++) {
      command[i + 1] = arguments.get(i);
    }
    assertThat(Shell.can(command)).as(arguments.toString()).isTrue();
  }

  @Test
  void a_chain_is_read_in_its_order_and_refused_in_another() {
    Issued root = Issued.self("EC", "root");
    Issued middle = root.issues(Issued.Wish.of("EC", "middle"));
    Issued leaf = middle.issues(Issued.Wish.of("EC", "leaf"));
    write(leaf.certificatePem() + middle.certificatePem() + root.certificatePem(), leaf.keyPem());
    assertThat(files.read().chain())
        .containsExactly(leaf.certificate(), middle.certificate(), root.certificate());

    refused(
        leaf.certificatePem() + root.certificatePem(),
        leaf.keyPem(),
        "certificate 2 (CN=root) did not sign the one before it (CN=leaf)");
    refused(
        middle.certificatePem() + leaf.certificatePem(),
        leaf.keyPem(),
        certificate + " does not begin with the certificate of the key in " + key);
  }

  @Test
  void a_key_of_another_certificate_is_refused() {
    String sentence = "the key in " + key + " does not belong to the certificate in " + certificate;
    refused(ec.certificatePem(), Issued.self("EC", "other").keyPem(), sentence);
    refused(ec.certificatePem(), rsa.keyPem(), sentence);
  }

  @Test
  void one_that_is_not_valid_now_is_refused_with_its_day() {
    Instant start = Instant.parse("2020-01-01T00:00:00Z");
    Instant end = Instant.parse("2020-03-31T00:00:00Z");
    Issued old = Issued.self(Issued.Wish.of("EC", "old").between(start, end));
    refused(
        old.certificatePem(),
        old.keyPem(),
        "the certificate in " + certificate + " expired on 2020-03-31");

    clock.setError(Duration.ofDays(-3));
    refused(ec.certificatePem(), ec.keyPem(), "is valid from ");
  }

  @Test
  void one_that_expires_within_two_weeks_is_warned_of() {
    write(ec.certificatePem(), ec.keyPem());
    close(key);
    Credential read = files.read();
    assertThat(files.warnings(read)).isEmpty();

    clock.setError(Duration.ofDays(77));
    assertThat(files.warnings(read))
        .singleElement()
        .asString()
        .contains(certificate + " expires on " + Credential.day(read.validUntil()), "Renew it");
    clock.setError(Duration.ofDays(91));
    assertThat(files.warnings(read)).singleElement().asString().contains("expired on");
  }

  @Test
  void one_without_a_name_is_warned_of() {
    Issued nameless = Issued.self(Issued.Wish.of("EC", "nameless").withoutNames());
    write(nameless.certificatePem(), nameless.keyPem());
    close(key);
    assertThat(files.warnings(files.read())).singleElement().asString().contains("subjectAltName");
  }

  private static void close(Path file) {
    try {
      if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void a_key_that_others_can_read_is_warned_of() throws IOException {
    write(ec.certificatePem(), ec.keyPem());
    for (String rights : List.of("rw-r-----", "rw----r--")) {
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(rights));
      assertThat(files.warnings(files.read()))
          .singleElement()
          .asString()
          .contains("others can read the private key in " + key, "chmod 600");
    }
  }

  @Test
  void an_encrypted_key_is_refused_with_what_to_do() {
    String sentence = "the private key in " + key + " is encrypted";
    refused(ec.certificatePem(), Issued.pem("ENCRYPTED PRIVATE KEY", new byte[80]), sentence);
    String old =
        Issued.pem("RSA PRIVATE KEY", new byte[80])
            .replaceFirst(
                "\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899\n\n");
    refused(ec.certificatePem(), old, sentence);
    assertThat(refused().hint()).contains("openssl pkey -in " + key);
  }

  @Test
  void what_is_no_certificate_or_key_is_refused() throws IOException {
    refused("rubbish", ec.keyPem(), certificate + " holds no certificate");
    refused(ec.certificatePem(), ec.certificatePem(), key + " holds no private key");
    refused(ec.certificatePem(), "", key + " holds no private key");
    refused(
        Issued.pem("CERTIFICATE", new byte[80]), ec.keyPem(), "a certificate in it cannot be read");
    refused(
        ec.certificatePem().replace("-----END", ""), ec.keyPem(), certificate + " is cut short");
    refused("-----BEGIN ", ec.keyPem(), certificate + " is cut short");
    refused(
        "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----", ec.keyPem(), "is no base64");
    for (String label :
        List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY")) {
      for (int length : new int[] {0, 1, 2, 80}) {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) 0x84);
        refused(ec.certificatePem(), Issued.pem(label, content), "that cannot be read");
      }
    }
    Files.write(key, new byte[(1 << 20) + 1]);
    assertThat(refused().whatFailed()).isEqualTo(key + " is too large for a PEM file");
  }

  @Test
  void files_that_are_missing_or_no_files_are_named() throws IOException {
    assertThat(refused().whatFailed()).isEqualTo(certificate + " is not there");
    Files.writeString(certificate, ec.certificatePem());
    assertThat(refused().whatFailed()).isEqualTo(key + " is not there");
    Files.createDirectory(key);
    assertThat(refused().whatFailed()).startsWith(key + " cannot be read: ");
  }
}
