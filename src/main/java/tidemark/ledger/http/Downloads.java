package tidemark.ledger.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidemark.change.Failure;
import tidemark.ledger.Ledger;
import tidemark.ledger.SnapshotFile;
import tidemark.ledger.SnapshotFile.UnusableException;

/**
 * Snapshots on their way here: what has come of one stays until it is whole, so that the next try
 * goes on from there. A disk of this machine's that fails is a Failure INCOMPLETE. Threading: one
 * at a time.
 */
final class Downloads {
  private static final int PIECE = 256 << 10;

  private final Calls calls;
  private final Path folder;

  Downloads(Calls calls, Path folder) {
    this.calls = calls;
    this.folder = folder;
  }

  /** The first of these that can be used, as a database. */
  Optional<Ledger.Snapshot> firstOf(List<Long> numbers, Path into) {
    List<String> whyNot = new ArrayList<>();
    for (long number : numbers) {
      try {
        Optional<SnapshotFile> file = describe(number);
        if (file.isPresent()) {
          unpack(file.get(), into);
          return Optional.of(new Ledger.Snapshot(file.get().position(), into));
        }
      } catch (UnusableException e) {
        whyNot.add(number + ": " + e.getMessage());
      } catch (IOException e) {
        throw ofThisMachine(into, e);
      }
    }
    if (!whyNot.isEmpty()) {
      throw new Failure(
          Failure.REFUSED,
          "no snapshot of the ledger can be used: " + String.join("; ", whyNot),
          "Ask whoever runs the server to run `tidemark verify` there.");
    }
    return Optional.empty();
  }

  private static Failure ofThisMachine(Path file, IOException e) {
    return new Failure(
        Failure.INCOMPLETE,
        "the ledger's snapshot cannot be written to " + file + ": " + e,
        "Make room on this machine's disk; what has come so far is kept.",
        e);
  }

  private Optional<SnapshotFile> describe(long number) throws UnusableException {
    String description =
        calls.get(
            "look at snapshot " + number,
            "/snapshots/" + number + "/description",
            answer -> answer.status() == 404 ? "" : answer.text());
    return description.isEmpty()
        ? Optional.empty()
        : Optional.of(SnapshotFile.read(number, description.getBytes(StandardCharsets.UTF_8)));
  }

  private void unpack(SnapshotFile file, Path into) throws IOException {
    Path packed = bring(file);
    boolean well = false;
    try (InputStream in = Files.newInputStream(packed);
        OutputStream out = Files.newOutputStream(into)) {
      file.unpack(in, out, Files.getFileStore(into).getUsableSpace());
      well = true;
    } catch (UnusableException e) {
      Files.deleteIfExists(packed); // the next try begins anew
      throw e;
    } finally {
      if (!well) {
        Files.deleteIfExists(into);
      }
    }
    Files.deleteIfExists(packed);
  }

  /** The packed file. */
  private Path bring(SnapshotFile file) throws IOException {
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
      throw new UnusableException("it is gone");
    }
    return part;
  }

  private static long size(Path part) {
    try {
      return Files.exists(part) ? Files.size(part) : 0;
    } catch (IOException e) {
      throw ofThisMachine(part, e);
    }
  }

  private static boolean take(Calls.Answer answer, Path part) throws IOException {
    if (answer.status() == 404) {
      return false;
    }
    if (answer.status() == 416) {
      return true; // there is nothing after what has come
    }
    long announced = answer.headers().firstValueAsLong("Content-Length").orElse(-1);
    long came = 0;
    byte[] piece = new byte[PIECE];
    try (Part out = new Part(part, answer.status() == 206)) {
      for (int length = answer.body().read(piece);
          length >= 0;
          length = answer.body().read(piece)) {
        out.write(piece, length);
        came += length;
      }
    }
    if (announced >= 0 && came < announced) {
      throw new IOException("the answer broke off after " + came + " bytes");
    }
    return true;
  }

  /** What is here of it; that this disk fails is no fault of the way to the server. */
  private static final class Part implements AutoCloseable {
    private final Path file;
    private final OutputStream out;

    Part(Path file, boolean goesOn) {
      this.file = file;
      try {
        this.out =
            Files.newOutputStream(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
      } catch (IOException e) {
        throw ofThisMachine(file, e);
      }
    }

    void write(byte[] piece, int length) {
      try {
        out.write(piece, 0, length);
      } catch (IOException e) {
        throw ofThisMachine(file, e);
      }
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw ofThisMachine(file, e);
      }
    }
  }
}
