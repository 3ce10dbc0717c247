package tidemark.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.Place;
import tidemark.share.ShareFiles;

/**
 * The place to which this workstation followed a database's ledger by itself, in `followed.json` of
 * the database's state folder.
 *
 * <p>Guarantee: it holds only for the place that the config names now; whoever names another one
 * there has the last word. Commit point: one rename. Threading: whoever runs the database.
 */
final class Followed {
  private final Path file;

  Followed(Path state) {
    this.file = state.resolve("followed.json");
  }

  /** Where the ledger of the place that the config names is now; empty where it is there. */
  Optional<String> from(Place configured) {
    Map<String, @Nullable Object> said;
    try {
      said = Json.object(Files.readString(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | Failure e) {
      return Optional.empty(); // it is told once more by the former place
    }
    return said.get("to") instanceof String to && configured.toString().equals(said.get("from"))
        ? Optional.of(to)
        : Optional.empty();
  }

  /** Whoever named another place in the config meanwhile meant it, also should he go back. */
  void keepOnlyFor(Place configured) {
    if (Files.exists(file) && from(configured).isEmpty()) {
      forget();
    }
  }

  private void forget() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  void remember(Place configured, String to) {
    if (configured.toString().equals(to)) {
      forget(); // it came back
      return;
    }
    try {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("from", configured.toString());
      fields.put("to", to);
      Files.createDirectories(file.resolveSibling(""));
      Path aside = ShareFiles.aside(file);
      Files.writeString(aside, Json.objectText(fields));
      Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private Failure unusable(IOException e) {
    return new Failure(
        Failure.INCOMPLETE,
        file + " cannot be written: " + e,
        "Make the state folder writable for this user, or set the new place as `master:` in the config.",
        e);
  }
}
