package tidemark.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Entries as anybody can write them who may write to the share and knows docs/LEDGER.md. */
public final class Forgery {
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, (byte) 0xff};

  /** {"sha256":"64 digits"} and a line feed. */
  private static final int TRAILER = 78;

  private Forgery() {}

  public static byte[] unpacked(byte[] gzip) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of an entry, without the check sum at their end. */
  public static byte[] lines(byte[] packed) {
    byte[] all = unpacked(packed);
    return Arrays.copyOf(all, all.length - TRAILER);
  }

  public static String text(byte[] lines) {
    return new String(lines, StandardCharsets.UTF_8);
  }

  public static byte[] bytes(String lines) {
    return lines.getBytes(StandardCharsets.UTF_8);
  }

  /** An entry of these lines, with the check sum that fits them. */
  public static byte[] sealed(byte[] lines) {
    return sealed(lines, HexFormat.of().formatHex(sha256(lines)));
  }

  public static byte[] sealed(byte[] lines, String sum) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(lines);
    all.writeBytes(bytes("{\"sha256\":\"" + sum + "\"}\n"));
    return packed(all.toByteArray());
  }

  public static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Entries begin alike on every system. */
  public static byte[] packed(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] packed = bytes.toByteArray();
    System.arraycopy(HEADER, 0, packed, 0, HEADER.length);
    return packed;
  }

  /** As accidents leave it, or as somebody wrote it on purpose, with a check sum that fits. */
  public static byte[] mutated(byte[] packed, Mutator mutator) {
    if (mutator.chance(4)) {
      return mutator.bytes(packed);
    }
    byte[] lines = lines(packed);
    for (int i = mutator.few(); i > 0; i--) {
      lines = mutator.chance(5) ? mutator.bytes(lines) : bytes(mutator.lines(text(lines)));
    }
    return mutator.chance(5) ? sealed(lines, "0".repeat(64)) : sealed(lines);
  }
}
