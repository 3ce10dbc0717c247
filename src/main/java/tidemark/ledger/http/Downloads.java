package tidemark.ledger.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import tidemark.ledger.SnapshotFile;

/**
 * Snapshots on their way here: what has come of one stays until it is whole, so that the next try
 * goes on from there. Threading: one at a time.
 */
final class Downloads {
  private final Calls calls;
  private final Path folder;

  Downloads(Calls calls, Path folder) {
    this.calls = calls;
    this.folder = folder;
  }

  Optional<SnapshotFile> describe(long number) throws IOException {
    String description =
        calls.get(
            "look at snapshot " + number,
            "/snapshots/" + number + "/description",
            answer -> answer.status() == 404 ? "" : answer.text());
    return description.isEmpty()
        ? Optional.empty()
        : Optional.of(SnapshotFile.read(number, description.getBytes(StandardCharsets.UTF_8)));
  }

  /** The packed file, for who deletes it. */
  Path bring(SnapshotFile file) throws IOException {
    Files.createDirectories(folder);
    long number = file.position().number();
    Path part = folder.resolve("snapshot-" + number + "-" + file.sha256() + ".part");
    boolean whole =
        calls.call(
            "read snapshot " + number,
            "GET",
            "/snapshots/" + number,
            BodyPublishers.noBody(),
            () -> Map.of("Range", "bytes=" + size(part) + "-"),
            answer -> take(answer, part));
    if (!whole) {
      throw new SnapshotFile.UnusableException("it is gone");
    }
    return part;
  }

  private static long size(Path part) {
    try {
      return Files.exists(part) ? Files.size(part) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private static boolean take(Calls.Answer answer, Path part) throws IOException {
    if (answer.status() == 404) {
      return false;
    }
    if (answer.status() == 416) {
      return true; // there is nothing after what has come
    }
    boolean goesOn = answer.status() == 206;
    try (OutputStream out =
        Files.newOutputStream(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
      long announced = answer.headers().firstValueAsLong("Content-Length").orElse(-1);
      long came = answer.body().transferTo(out);
      if (announced >= 0 && came < announced) {
        throw new IOException("the answer broke off after " + came + " bytes");
      }
      return true;
    }
  }
}
