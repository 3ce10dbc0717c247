package tidemark.upkeep.maintain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;
import tidemark.change.ByteCount;
import tidemark.change.Failure;
import tidemark.jdbc.Sql;

/**
 * Gives unused pages of a database file back, by SQLite's VACUUM.
 *
 * <p>Guarantee: all or nothing; where the disk is full or another program is at work in the
 * database, it stays as it was. Commit point: SQLite's own, in place. Threading: that of the
 * connection.
 */
final class Vacuum {
  private static final long WORTH_BYTES = 4 << 20;
  private static final int WORTH_SHARE = 4;

  private final Sql sql;
  private final ToLongFunction<Path> space;

  /**
   * @param space how many bytes can still be written into a folder
   */
  Vacuum(Sql sql, ToLongFunction<Path> space) {
    this.sql = sql;
    this.space = space;
  }

  /** Of the disk that holds this folder. */
  static long spaceIn(Path folder) {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE; // not known: SQLite says it if there is too little
    }
  }

  private long bytes(String pages) {
    return sql.number("PRAGMA " + pages) * sql.number("PRAGMA page_size");
  }

  long size() {
    return bytes("page_count");
  }

  long unused() {
    return bytes("freelist_count");
  }

  /** More than a quarter of the file, and some megabytes, hold nothing. */
  boolean pays() {
    return unused() >= WORTH_BYTES && unused() >= size() / WORTH_SHARE;
  }

  /** Says by how many bytes the file is smaller now. */
  long run() {
    long before = size();
    mustHaveRoom(before);
    sql.execute("VACUUM");
    if (sql.first("PRAGMA journal_mode", c -> c.string(1)).orElse("").equals("wal")) {
      sql.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    return before - size();
  }

  /** The copy is made in the temporary folder, the journal of the old pages beside the file. */
  private void mustHaveRoom(long size) {
    Path beside = Path.of(sql.file()).toAbsolutePath().resolveSibling("");
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    mustHaveRoom(temporary, size - unused());
    mustHaveRoom(beside, size);
  }

  private void mustHaveRoom(Path folder, long needed) {
    long free = space.applyAsLong(folder);
    if (free < needed) {
      throw new Failure(
          Failure.INCOMPLETE,
          "%s cannot be made smaller: that needs %s in %s, where only %s are free"
              .formatted(sql.file(), ByteCount.text(needed), folder, ByteCount.text(free)),
          "make room there; nothing was changed");
    }
  }
}
