package tidemark.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tidemark.change.Failure;
import tidemark.change.OwnerAlone;

/**
 * A certificate with those that vouch for it, and its key, in the PEM files that authorities and
 * their programs write.
 *
 * <p>What is read fits together and is valid, or it is a failure that names the file. Whoever
 * renews them writes two files one after the other: between the two, reading fails.
 *
 * <p>Threading: any.
 */
public final class PemFiles implements CertificateSource {
  private static final Duration SOON = Duration.ofDays(14);

  /** Far more than any chain; a file of another kind is not read whole. */
  private static final long MOST = 1 << 20;

  private final Path certificate;
  private final Path key;
  private final Clock clock;

  public PemFiles(Path certificate, Path key, Clock clock) {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
  }

  @Override
  public Credential read() {
    List<X509Certificate> chain = chain(PemBlock.all(certificate, text(certificate)));
    PrivateKey read = PrivateKeys.of(key, PemBlock.all(key, text(key)));
    checkFit(chain, read);
    checkOrder(chain);
    Credential credential = new Credential(read, chain);
    credential.checkValid(
        clock.instant(),
        "the certificate in " + certificate,
        "Renew it and put the new one there, with its key in " + key + ".");
    return credential;
  }

  private List<X509Certificate> chain(List<PemBlock> blocks) {
    List<X509Certificate> chain = new ArrayList<>();
    for (PemBlock block : blocks) {
      if (block.label().equals("CERTIFICATE")) {
        chain.add(decoded(block));
      }
    }
    if (chain.isEmpty()) {
      throw new Failure(
          Failure.USAGE,
          certificate + " holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)",
          "Name the file with the certificate and those above it under `tls: certificate:`; of a"
              + " binary one, `openssl x509 -inform DER -in FILE` makes PEM.");
    }
    return chain;
  }

  private X509Certificate decoded(PemBlock block) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.der()));
    } catch (CertificateException e) {
      throw new Failure(
          Failure.USAGE,
          certificate + " is damaged: a certificate in it cannot be read",
          "Copy it anew, as text, from whoever made it.",
          e);
    }
  }

  private void checkFit(List<X509Certificate> chain, PrivateKey read) {
    if (Credential.belongTogether(read, chain.get(0).getPublicKey())) {
      return;
    }
    boolean further =
        chain.stream().anyMatch(each -> Credential.belongTogether(read, each.getPublicKey()));
    if (further) {
      throw new Failure(
          Failure.USAGE,
          certificate + " does not begin with the certificate of the key in " + key,
          "Put that one first, then the one that signed it, and so on.");
    }
    throw new Failure(
        Failure.USAGE,
        "the key in " + key + " does not belong to the certificate in " + certificate,
        "Name two files that were made together, under `tls:`.");
  }

  private void checkOrder(List<X509Certificate> chain) {
    for (int i = 1; i < chain.size(); i++) {
      X509Certificate below = chain.get(i - 1);
      X509Certificate above = chain.get(i);
      if (!signed(above, below)) {
        throw new Failure(
            Failure.USAGE,
            "in %s certificate %d (%s) did not sign the one before it (%s)"
                .formatted(
                    certificate,
                    i + 1,
                    above.getSubjectX500Principal(),
                    below.getSubjectX500Principal()),
            "The server's own comes first, then the one that signed it, and so on, no other.");
      }
    }
  }

  private static boolean signed(X509Certificate above, X509Certificate below) {
    try {
      below.verify(above.getPublicKey());
      return below.getIssuerX500Principal().equals(above.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public List<String> warnings(Credential credential) {
    List<String> warnings = new ArrayList<>();
    Instant now = clock.instant();
    Instant end = credential.validUntil();
    if (now.isAfter(end.minus(SOON))) {
      warnings.add(
          "the certificate in %s %s on %s. Renew it; the new files are taken up by themselves."
              .formatted(
                  certificate, now.isAfter(end) ? "expired" : "expires", Credential.day(end)));
    }
    if (!credential.namesAHost()) {
      warnings.add(
          "the certificate in "
              + certificate
              + " has no subjectAltName: browsers and workstations refuse it. Have it made with"
              + " the server's name in one.");
    }
    if (OwnerAlone.isOpenToOthers(key)) {
      warnings.add(
          "others can read the private key in %s. Let only the server's user: `chmod 600 %s`."
              .formatted(key, key));
    }
    return warnings;
  }

  /** Of what they hold, since copies may keep their times, and sizes are alike. */
  @Override
  public String stamp() {
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      hash.update(bytes(certificate));
      hash.update((byte) 0);
      return HexFormat.of().formatHex(hash.digest(bytes(key)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has SHA-256
    }
  }

  @Override
  public boolean namesAreKnown() {
    return true;
  }

  /** PEM is ASCII; other letters may stand around. */
  private static String text(Path file) {
    return new String(bytes(file), ISO_8859_1);
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > MOST) {
        throw new Failure(
            Failure.USAGE,
            file + " is too large for a PEM file",
            "Name the right file under `tls:`.");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "is not there", "Name the right file under `tls:`.", e);
    } catch (AccessDeniedException e) {
      throw unreadable(file, "cannot be read: access denied", "Let the server's user read it.", e);
    } catch (IOException e) {
      throw unreadable(file, "cannot be read: " + e.getMessage(), "Look at that file.", e);
    }
  }

  private static Failure unreadable(Path file, String what, String whatToDo, IOException cause) {
    return new Failure(Failure.USAGE, file + " " + what, whatToDo, cause);
  }
}
