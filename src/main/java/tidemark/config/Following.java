package tidemark.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import tidemark.change.Place;

/**
 * What a workstation does whose ledger was moved to another place.
 *
 * @param key what would open that place, were it a server's; empty where the config has none
 * @param trust its certificate, if at all
 */
public record Following(When when, String key, Optional<Path> trust) {
  /** What it says of itself is never the key. */
  @Override
  public String toString() {
    return when.toString();
  }

  /** Whether a person has to change the config first. */
  public enum When {
    /** It is told what to change, and waits. */
    ASK,
    /** It goes on there. */
    AUTO
  }

  /** What stands in a file that holds one key. */
  public static String key(Path file) {
    return KeyFile.read(file);
  }

  /** A place as a ledger names the one it went to, or as a command is told it. */
  public Place place(String text) {
    if (!text.contains("://")) {
      try {
        return new Place.Folder(Path.of(text));
      } catch (InvalidPathException e) {
        throw WebAddress.wrong(text, new BadValue("is no path on this machine"));
      }
    }
    try {
      return new Place.Server(WebAddress.server(text), key, trust);
    } catch (BadValue wrong) {
      throw WebAddress.wrong(text, wrong);
    }
  }

  /** Whether it may go on at that place without asking anybody. */
  public boolean leadsTo(String text) {
    return when == When.AUTO && (!text.contains("://") || !key.isEmpty());
  }
}
