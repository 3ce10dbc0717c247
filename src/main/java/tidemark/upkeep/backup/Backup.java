package tidemark.upkeep.backup;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tidemark.change.Position;

/**
 * A backup, as its manifest tells of it.
 *
 * @param name of its folder, or of its zip file
 * @param at when it was made, on the share's clock, in milliseconds
 * @param ledger the id of the ledger whose entries can be applied to it
 * @param position the last entry it holds
 */
public record Backup(
    String name,
    Kind kind,
    long at,
    String ledger,
    Position position,
    Maker maker,
    Content content) {

  /** Why it was made, by which also goes how long it is kept. */
  public enum Kind {
    DAILY,
    /** The first daily one of a week. */
    WEEKLY,
    /** The first one of a month, as one zip file. */
    MONTHLY,
    /** Somebody asked for it. */
    MANUAL,
    /** Of a workstation's local database, unsent edits and all. */
    LOCAL;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Kind> parse(String word) {
      for (Kind kind : values()) {
        if (kind.word().equals(word)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  /** Who made it, where, with which version of the program. */
  public record Maker(String user, String workstation, String version) {}

  /**
   * The database in it.
   *
   * @param file its name in the folder, or in the zip file
   * @param size of the database, unpacked
   * @param sha256 of the database, unpacked
   * @param rows by table how many
   */
  public record Content(String file, long size, String sha256, Map<String, Long> rows) {
    public long allRows() {
      return rows.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  public boolean isOfMaster() {
    return kind != Kind.LOCAL;
  }

  boolean isZip() {
    return name.endsWith(BackupName.ZIP);
  }
}
