package tidemark.serve;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tidemark.change.Failure;

/**
 * Reads a private key out of a PEM file: PKCS#8, which Java knows, and the older PKCS#1 (RSA) and
 * SEC1 (EC), which become PKCS#8 by what is put around them.
 */
final class PrivateKeys {
  private static final int SEQUENCE = 0x30;
  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int CURVE = 0xA0;
  private static final int LONG_FORM = 0x80;

  private static final byte[] VERSION = {INTEGER, 1, 0};

  /** 1.2.840.113549.1.1.1 and NULL. */
  private static final byte[] RSA = {
    6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };

  /** 1.2.840.10045.2.1, which the curve follows. */
  private static final byte[] EC = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private static final List<String> KINDS = List.of("RSA", "EC", "EdDSA");

  private PrivateKeys() {}

  /** The first key of these blocks. */
  static PrivateKey of(Path file, List<PemBlock> blocks) {
    PemBlock block =
        blocks.stream()
            .filter(PemBlock::isKey)
            .findFirst()
            .orElseThrow(
                () ->
                    new Failure(
                        Failure.USAGE,
                        file + " holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)",
                        "Name the file with the certificate's key under `tls: key:`; of a PKCS#12"
                            + " file, `openssl pkcs12 -in FILE -nocerts -nodes` makes one."));
    if (block.encrypted()) {
      throw new Failure(
          Failure.USAGE,
          "the private key in " + file + " is encrypted, and nobody is there to type its password",
          "Write it without one: `openssl pkey -in "
              + file
              + " -out NEW`, and let only the"
              + " server's user read that file.");
    }
    try {
      return key(pkcs8(block, blocks));
    } catch (GeneralSecurityException | IndexOutOfBoundsException e) {
      throw new Failure(
          Failure.USAGE,
          file
              + " holds a private key that cannot be read: it is damaged or of a kind unknown here",
          "Use an RSA, EC (P-256, P-384, P-521) or Ed25519 key, as text, from whoever made it.",
          e);
    }
  }

  private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
    InvalidKeySpecException unknown = new InvalidKeySpecException("none of " + KINDS);
    for (String kind : KINDS) {
      try {
        return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException e) {
        unknown.addSuppressed(e);
      }
    }
    throw unknown;
  }

  private static byte[] pkcs8(PemBlock block, List<PemBlock> blocks)
      throws GeneralSecurityException {
    return switch (block.label()) {
      case "PRIVATE KEY" -> block.der();
      case "RSA PRIVATE KEY" -> pkcs8(RSA, block.der());
      case "EC PRIVATE KEY" -> pkcs8(joined(EC, curve(block.der(), blocks)), block.der());
      default -> throw new InvalidKeySpecException(block.label());
    };
  }

  private static byte[] pkcs8(byte[] kind, byte[] key) {
    return der(SEQUENCE, joined(VERSION, der(SEQUENCE, kind), der(OCTETS, key)));
  }

  /** Of SEC1: sequence of version, number, and most often the curve; else it stands beside. */
  private static byte[] curve(byte[] sec1, List<PemBlock> blocks) throws GeneralSecurityException {
    byte[] parts = content(sec1, 0);
    for (int at = 0; at < parts.length; at = end(parts, at)) {
      if ((parts[at] & 0xff) == CURVE) {
        return content(parts, at);
      }
    }
    Optional<PemBlock> beside =
        blocks.stream().filter(block -> block.label().equals("EC PARAMETERS")).findFirst();
    return beside.orElseThrow(() -> new InvalidKeySpecException("no curve")).der();
  }

  private static byte[] content(byte[] der, int at) {
    int end = end(der, at);
    if (end > der.length) {
      throw new IndexOutOfBoundsException(end);
    }
    return Arrays.copyOfRange(der, start(der, at), end);
  }

  private static int start(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < LONG_FORM ? 0 : first - LONG_FORM);
  }

  private static int end(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    int length = first < LONG_FORM ? first : 0;
    for (int i = at + 2; i < start(der, at); i++) {
      length = (length << 8) + (der[i] & 0xff);
    }
    return Math.addExact(start(der, at), Math.max(length, 0));
  }

  private static byte[] der(int tag, byte[] content) {
    byte length = (byte) content.length;
    byte[] head;
    if (content.length < LONG_FORM) {
      head = new byte[] {(byte) tag, length};
    } else if (content.length < 2 * LONG_FORM) {
      head = new byte[] {(byte) tag, (byte) (LONG_FORM + 1), length};
    } else {
      head = new byte[] {(byte) tag, (byte) (LONG_FORM + 2), (byte) (content.length >> 8), length};
    }
    return joined(head, content);
  }

  private static byte[] joined(byte[]... parts) {
    byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
