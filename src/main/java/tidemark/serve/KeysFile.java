package tidemark.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.change.OwnerAlone;
import tidemark.config.WholeFile;

/**
 * The file with the keys.
 *
 * <p>Guarantee: whoever reads it sees it whole, as it was or as it is, and nobody but its owner
 * can; of several that change it at once, also in several processes, none undoes what another did.
 * Commit point: the rename of the whole file, once it is on the disk. Threading: any.
 */
final class KeysFile {
  private final Path file;

  KeysFile(Path file) {
    this.file = file;
  }

  /** By what a changed file is told from the one before; it costs no reading. */
  record Stamp(FileTime modified, long size, @Nullable Object identity) {
    /** There is no file. */
    static final Stamp NONE = new Stamp(FileTime.fromMillis(0), -1, null);
  }

  Stamp stamp() {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
    } catch (NoSuchFileException e) {
      return Stamp.NONE;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** An empty list where there is no file yet. */
  KeyList read() {
    try {
      return KeyList.of(Files.readString(file, UTF_8));
    } catch (NoSuchFileException e) {
      return new KeyList();
    } catch (CharacterCodingException e) {
      throw damaged("it is no text", e);
    } catch (IOException e) {
      throw unreadable(e);
    } catch (Failure e) {
      throw damaged(e.whatFailed(), e);
    }
  }

  /** False, and nothing is written, where that leaves the list as it is. */
  boolean change(UnaryOperator<KeyList> change) {
    synchronized (KeysFile.class) { // the lock below is one of processes, not of threads
      try (FileChannel turn = turn()) {
        turn.lock();
        KeyList before = read();
        KeyList after = change.apply(before);
        if (after == before) {
          return false;
        }
        WholeFile.writeForOwnerAlone(file, after.text().getBytes(UTF_8));
        return true;
      } catch (IOException e) {
        throw new Failure(
            Failure.INCOMPLETE,
            file + " cannot be written: " + e,
            "Make its folder writable for this user; the keys are as they were.",
            e);
      }
    }
  }

  /** A file of its own, since the other is replaced; gone with the process that has it. */
  private FileChannel turn() throws IOException {
    Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
    return FileChannel.open(
        OwnerAlone.file(file.resolveSibling(file.getFileName() + ".lock")),
        StandardOpenOption.WRITE);
  }

  private Failure unreadable(IOException e) {
    return new Failure(
        Failure.INCOMPLETE,
        file + " cannot be read, so no key opens anything: " + e,
        "Make it readable for the user the server runs as, and for nobody else.",
        e);
  }

  private Failure damaged(String why, Exception cause) {
    return new Failure(
        Failure.REFUSED,
        file + " is damaged, so no key opens anything: " + why,
        "Restore it from a backup, or move it away and make new keys with `tidemark key create`.",
        cause);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
