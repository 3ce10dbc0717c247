package tidemark.daemon.chore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.OwnerAlone;

/**
 * When this workstation did what last: the file `chores.json` in its state folder.
 *
 * <p>Guarantee: a file that is lost or spoilt means that everything is due, no more. Commit point:
 * the move of the new file over the old. Threading: one thread writes.
 */
public final class ChoreTimes {
  private static final Logger LOG = LoggerFactory.getLogger(ChoreTimes.class);

  private final Path file;

  public ChoreTimes(Path state) {
    this.file = state.resolve("chores.json");
  }

  public Optional<Instant> last(String what) {
    return Optional.ofNullable(all().get(what));
  }

  /** Never done, longer ago, or done in a future that was a wrong clock's. */
  public boolean isDue(String what, Duration every, Instant now) {
    return last(what)
        .map(last -> last.isAfter(now) || !now.isBefore(last.plus(every)))
        .orElse(true);
  }

  public void done(String what, Instant when) {
    Map<String, @Nullable Object> members = new TreeMap<>();
    all().forEach((name, time) -> members.put(name, time.toString()));
    members.put(what, when.toString());
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(OwnerAlone.fresh(fresh), Json.objectText(members) + "\n");
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Failure(
          Failure.INCOMPLETE,
          file + " cannot be written: " + e,
          "Make it writable for this user, or name another folder under `state:` in the config.",
          e);
    }
  }

  private Map<String, Instant> all() {
    Map<String, Instant> times = new TreeMap<>();
    try {
      Json.object(Files.readString(file, UTF_8))
          .forEach((name, time) -> times.put(name, Instant.parse(String.valueOf(time))));
    } catch (NoSuchFileException e) {
      return times;
    } catch (IOException | Failure | DateTimeParseException e) {
      LOG.warn("{} cannot be read, so all that it tells of is due: {}", file, e.toString());
    }
    return times;
  }
}
