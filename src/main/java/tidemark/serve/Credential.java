package tidemark.serve;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import tidemark.change.Failure;

/**
 * What the server shows who it is with: a key and the certificates for it, its own first.
 *
 * <p>Threading: any; it never changes.
 */
public record Credential(PrivateKey key, List<X509Certificate> chain) {
  static final String ALIAS = "tidemark";

  /** Of stores that only their owner can read, or that are never written: it guards nothing. */
  static final String PASSWORD = "tidemark";

  public Credential {
    chain = List.copyOf(chain);
  }

  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** SHA-256 as it is shown everywhere: {@code AA:BB:...}. */
  public String fingerprint() {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate().getEncoded());
      return HexFormat.ofDelimiter(":").withUpperCase().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has SHA-256, and it was decoded before
    }
  }

  /** The certificate alone, as PEM. */
  String pem() {
    try {
      byte[] lineEnd = {'\n'};
      String body = Base64.getMimeEncoder(64, lineEnd).encodeToString(certificate().getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e); // it was decoded before
    }
  }

  /** In memory alone. */
  KeyStore store() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(ALIAS, key, PASSWORD.toCharArray(), chain.toArray(new X509Certificate[0]));
    return store;
  }

  Instant validFrom() {
    return certificate().getNotBefore().toInstant();
  }

  Instant validUntil() {
    return certificate().getNotAfter().toInstant();
  }

  static LocalDate day(Instant moment) {
    return LocalDate.ofInstant(moment, ZoneOffset.UTC);
  }

  /** Without one, browsers and Java refuse it, whatever its subject says. */
  boolean namesAHost() {
    try {
      Collection<List<?>> names = certificate().getSubjectAlternativeNames();
      return names != null && !names.isEmpty();
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  /** Whether the key can sign what the public key takes for signed. */
  static boolean belongTogether(PrivateKey key, PublicKey toThat) {
    String kind = key.getAlgorithm();
    String how =
        switch (kind) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] word = {'t', 'i', 'd', 'e'};
    try {
      Signature signing = Signature.getInstance(how);
      signing.initSign(key);
      signing.update(word);
      byte[] signed = signing.sign();
      Signature verifying = Signature.getInstance(how);
      verifying.initVerify(toThat);
      verifying.update(word);
      return verifying.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // of two kinds, or two curves
    }
  }

  /** Refuses one that is not valid at this moment. */
  void checkValid(Instant now, String where, String whatToDo) {
    if (now.isAfter(validUntil())) {
      throw new Failure(
          Failure.USAGE,
          where + " expired on " + day(validUntil()) + ", nobody takes it",
          whatToDo);
    }
    if (now.isBefore(validFrom())) {
      throw new Failure(
          Failure.USAGE,
          where + " is valid from " + day(validFrom()) + " on, and today is " + day(now),
          "Set this machine's clock right, or use a certificate that is valid already.");
    }
  }
}
