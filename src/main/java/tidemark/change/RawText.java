package tidemark.change;

import java.util.Arrays;

/** A TEXT value whose bytes are not valid UTF-8 and so cannot be a String without loss. */
public record RawText(byte[] bytes) {
  @Override
  public boolean equals(Object other) {
    return other instanceof RawText that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
