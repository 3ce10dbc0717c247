package tidemark.serve;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** A certificate as an authority makes it, in no time, for any key, name and time. */
record Issued(KeyPair keys, X509Certificate certificate) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final HexFormat HEX = HexFormat.of();

  /** What a certificate is to say. */
  record Wish(String kind, String name, boolean san, Instant from, Instant until) {
    static Wish of(String kind, String name) {
      Instant now = Instant.now();
      return new Wish(
          kind, name, true, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(90)));
    }

    Wish between(Instant from, Instant until) {
      return new Wish(kind, name, san, from, until);
    }

    Wish withoutNames() {
      return new Wish(kind, name, false, from, until);
    }
  }

  /** Signed by itself. */
  static Issued self(Wish wish) {
    return issue(wish, null);
  }

  static Issued self(String kind, String name) {
    return self(Wish.of(kind, name));
  }

  Issued issues(Wish wish) {
    return issue(wish, this);
  }

  private static Issued issue(Wish wish, @Nullable Issued by) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(wish.kind());
      if (!wish.kind().equals("Ed25519")) {
        generator.initialize(wish.kind().equals("RSA") ? 2048 : 256);
      }
      KeyPair keys = generator.generateKeyPair();
      PrivateKey signer = by == null ? keys.getPrivate() : by.keys.getPrivate();
      byte[] issuer =
          by == null ? name(wish.name()) : by.certificate.getSubjectX500Principal().getEncoded();
      byte[] body = body(wish, keys, issuer, algorithm(signer));
      Signature signature = Signature.getInstance(signing(signer));
      signature.initSign(signer);
      signature.update(body);
      byte[] signed = signature.sign();
      byte[] whole = der(0x30, body, algorithm(signer), der(3, new byte[] {0}, signed));
      return new Issued(
          keys,
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(whole)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] body(Wish wish, KeyPair keys, byte[] issuer, byte[] algorithm) {
    byte[] validity = der(0x30, time(wish.from()), time(wish.until()));
    byte[] serial = new byte[8];
    new java.security.SecureRandom().nextBytes(serial);
    serial[0] = 1;
    byte[] names = der(0x30, der(0x82, ascii("localhost")), der(0x87, new byte[] {127, 0, 0, 1}));
    byte[] san = der(0x30, HEX.parseHex("0603551d11"), der(4, names));
    byte[] authority = der(0x30, HEX.parseHex("0603551d13"), der(4, HEX.parseHex("30030101ff")));
    byte[] extensions = wish.san() ? der(0x30, authority, san) : der(0x30, authority);
    return der(
        0x30,
        HEX.parseHex("a003020102"),
        der(2, serial),
        algorithm,
        issuer,
        validity,
        name(wish.name()),
        keys.getPublic().getEncoded(),
        der(0xa3, extensions));
  }

  private static byte[] name(String name) {
    return new X500Principal("CN=" + name).getEncoded();
  }

  private static byte[] time(Instant moment) {
    return der(0x18, ascii(TIME.format(moment)));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String signing(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> "EdDSA";
    };
  }

  private static byte[] algorithm(PrivateKey key) {
    return HEX.parseHex(
        switch (key.getAlgorithm()) {
          case "RSA" -> "300d06092a864886f70d01010b0500";
          case "EC" -> "300a06082a8648ce3d040302";
          default -> "300506032b6570";
        });
  }

  static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    int length = content.size();
    if (length >= 0x80 && length < 0x100) {
      whole.write(0x81);
    } else if (length >= 0x100) {
      whole.write(0x82);
      whole.write(length >> 8);
    }
    whole.write(length & 0xff);
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }

  static String pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  String certificatePem() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String keyPem() {
    return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }
}
