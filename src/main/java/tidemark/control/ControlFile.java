package tidemark.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.change.JsonObject;
import tidemark.say.Fields;

/**
 * control.json: where the running daemon listens, and the token that proves that somebody is its
 * user.
 *
 * <p>Guarantee: nobody but this user can read it, not even while it is written.
 */
public record ControlFile(int port, String token, long pid, String version, String config) {
  private static final Logger LOG = LoggerFactory.getLogger(ControlFile.class);
  private static final String NAME = "control.json";

  void write(Path state) {
    String text =
        new JsonObject()
            .put("port", port)
            .put("token", token)
            .put("pid", pid)
            .put("version", version)
            .put("config", config)
            .text();
    OwnersFile.write(state.resolve(NAME), text + "\n");
  }

  /** Empty where no daemon has left one, or it cannot be understood. */
  public static Optional<ControlFile> read(Path state) {
    try {
      Fields said = new Fields(Json.object(Files.readString(state.resolve(NAME), UTF_8)));
      String token = said.text("token");
      return token == null
          ? Optional.empty()
          : Optional.of(
              new ControlFile(
                  (int) said.number("port"),
                  token,
                  said.number("pid"),
                  said.text("version", ""),
                  said.text("config", "")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      throw new Failure(
          Failure.REFUSED,
          state.resolve(NAME) + " cannot be read: " + e.getReason(),
          "It belongs to the daemon of another user; name another folder under `state:`.",
          e);
    } catch (IOException | Failure e) {
      return Optional.empty();
    }
  }

  /** As it may stand in a log. */
  @Override
  public String toString() {
    return "port " + port + " of process " + pid;
  }

  /** Nobody listens here any more; what another daemon has written since is left alone. */
  void withdraw(Path state) {
    try {
      if (read(state).filter(there -> there.token.equals(token)).isPresent()) {
        delete(state);
      }
    } catch (Failure e) {
      LOG.debug("control.json is another's: {}", e.whatFailed());
    }
  }

  /** Nobody listens, or not any more. */
  public static void delete(Path state) {
    try {
      Files.deleteIfExists(state.resolve(NAME));
    } catch (IOException e) {
      // it names a port at which nobody answers, which readers of it know to bear
      LOG.debug("control.json stays behind: {}", e.toString());
    }
  }
}
