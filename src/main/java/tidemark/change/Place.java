package tidemark.change;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where workstations meet: what `master:` names. As text it is as in the config. */
public sealed interface Place {

  /** A SQLite file that others can read, with the ledger's folder beside it. */
  record Folder(Path master) implements Place {
    @Override
    public String toString() {
      return master.toString();
    }
  }

  /**
   * What a server lends.
   *
   * @param key what opens it; empty where the config has none
   * @param trust a certificate, or authority, of one's own; else the system's
   */
  record Server(URI address, String key, Optional<Path> trust) implements Place {
    /** Without the key, which is nobody's to read. */
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /** Where the master's file is; empty where that is the server's affair. */
  default Optional<Path> file() {
    return this instanceof Folder folder ? Optional.of(folder.master()) : Optional.empty();
  }
}
