package tidemark.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * What included files on a share said when they were last looked at.
 *
 * <p>Nobody waits for the share: a look is done elsewhere and its answer taken when it is there. A
 * share that hangs has one look waiting, not more. Threading: may be shared.
 */
final class FleetLook {
  private static final int LARGEST = 1_000_001; // a longer one is refused by whoever reads it

  private final Executor elsewhere;
  private final Map<Path, Answer> answers = new ConcurrentHashMap<>();
  private final Set<Path> underWay = new HashSet<>();

  FleetLook(Executor elsewhere) {
    this.elsewhere = elsewhere;
  }

  /**
   * What came of a look.
   *
   * @param bytes absent where the file could not be read
   */
  private record Answer(Optional<byte[]> bytes, IOException trouble) {}

  /** There is no answer yet and no copy either; ask again later. */
  static final class NotYet extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Has it looked at, unless that is under way. */
  void look(Path file) {
    synchronized (underWay) {
      if (!underWay.add(file)) {
        return;
      }
    }
    elsewhere.execute(
        () -> {
          try {
            answers.put(file, answer(file));
          } finally {
            synchronized (underWay) {
              underWay.remove(file);
            }
          }
        });
  }

  private static Answer answer(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new Answer(Optional.of(in.readNBytes(LARGEST)), new IOException("it was there"));
    } catch (IOException away) {
      return new Answer(Optional.empty(), away);
    }
  }

  /** Its content as far as known; empty while it is away or was not seen yet. */
  Optional<byte[]> latest(Path file) {
    return Optional.ofNullable(answers.get(file)).flatMap(Answer::bytes);
  }

  /** For reading the config: what is known, else the last copy. */
  IncludedFile.Content content(IncludedFile file) {
    Answer answer = answers.get(file.source());
    if (answer == null && !file.hasCopy()) {
      throw new NotYet();
    }
    if (answer == null) {
      return file.copy(new IOException("no answer yet"));
    }
    return answer
        .bytes()
        .map(bytes -> new IncludedFile.Content(bytes, false))
        .orElseGet(() -> file.copy(answer.trouble()));
  }
}
