package tidemark.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import tidemark.change.Failure;
import tidemark.change.OwnerAlone;
import tidemark.config.Settings;
import tidemark.config.Surroundings;

/**
 * Who this machine is among the workstations.
 *
 * <p>A random id kept in the state folder, mixed with host and login name: a cloned machine gets
 * another name, a copied profile stands on another host, and several users of a terminal server
 * have logins of their own.
 */
final class Machine {
  private static final String FILE = "machine";

  private Machine() {}

  static String id(Settings settings, Surroundings surroundings) {
    String who =
        surroundings.hostName() + "\n" + surroundings.loginName() + "\n" + kept(settings.state());
    return UUID.nameUUIDFromBytes(who.getBytes(UTF_8)).toString();
  }

  private static String kept(Path state) {
    Path file = state.resolve(FILE);
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      return made(state);
    } catch (IOException e) {
      throw unusable(state, e);
    }
  }

  /** Whole or not at all: of two processes that start at once, the second takes the first's. */
  private static String made(Path state) {
    Path file = state.resolve(FILE);
    String id = UUID.randomUUID().toString();
    try {
      Files.createDirectories(state);
      Path aside = Files.writeString(OwnerAlone.fresh(state.resolve(FILE + "." + id)), id);
      try {
        Files.createLink(file, aside);
      } catch (FileAlreadyExistsException e) {
        return Files.readString(file).strip();
      } catch (IOException | UnsupportedOperationException e) { // a disk without links
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(aside);
      }
      return id;
    } catch (IOException e) {
      throw unusable(state, e);
    }
  }

  private static Failure unusable(Path state, IOException e) {
    return new Failure(
        Failure.INCOMPLETE,
        "the state folder " + state + " cannot be used: " + e,
        "Make it writable for this user, or name another one under `state:` in the config.",
        e);
  }
}
