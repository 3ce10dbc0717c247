package tidemark.change;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Two versions of a row that met, and what became of them: one row of sync_conflicts. 'local' is
 * the workstation that decided, 'remote' what was in the ledger before it. Rows are JSON text, as
 * in the database; times are milliseconds on the share's clock.
 *
 * @param winner local, remote or both; null while it is open
 * @param localToken the last edit of the local version, so that a later edit is noticed
 * @param remoteEntry the entry the remote version stands in, so that a later one is noticed
 * @param givenData the row somebody gave instead of either, such as one made of both
 */
public record Conflict(
    String id,
    long timestamp,
    String table,
    String key,
    String kind,
    @Nullable String localData,
    @Nullable String remoteData,
    @Nullable String localBy,
    @Nullable String remoteBy,
    @Nullable Long localAt,
    @Nullable Long remoteAt,
    @Nullable String winner,
    String workstation,
    boolean resolved,
    @Nullable String resolution,
    @Nullable String resolvedBy,
    @Nullable Long resolvedAt,
    String localToken,
    long remoteEntry,
    @Nullable String givenData) {

  /** One of the versions a conflict knows. */
  public enum Version {
    LOCAL,
    REMOTE,
    GIVEN;

    public static Optional<Version> parse(String word) {
      return Arrays.stream(values()).filter(value -> value.word().equals(word)).findFirst();
    }

    /** As it is said, and written where one is brought back. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether key and versions can be read, as they must be in an entry. */
  public boolean isWhole() {
    return isKey(key)
        && (localData == null || Json.isObject(localData))
        && (remoteData == null || Json.isObject(remoteData))
        && (givenData == null || Json.isObject(givenData));
  }

  private static boolean isKey(String text) {
    try {
      return Json.key(text).size() > 0;
    } catch (Failure e) {
      return false;
    }
  }

  /** The row's key; where it cannot be read, its text stands for it, so that it can be shown. */
  public RowKey rowKey() {
    return isKey(key) ? Json.key(key) : RowKey.of(key);
  }

  /** What a version holds, by column; where it cannot be read, its text as it is. */
  public static Map<String, @Nullable Object> values(String version) {
    return Json.isObject(version) ? Json.object(version) : Map.of("(cannot be read)", version);
  }

  /** The version that did not stand: a row as JSON, or null where it was a delete. */
  public @Nullable String loser() {
    return data(loserSide());
  }

  /** Whose version did not stand. */
  public Version loserSide() {
    return "local".equals(winner) || kind.equals("rekeyed") ? Version.REMOTE : Version.LOCAL;
  }

  /** A row as JSON; null where it is a delete, or was never given. */
  public @Nullable String data(Version version) {
    return switch (version) {
      case LOCAL -> localData;
      case REMOTE -> remoteData;
      case GIVEN -> givenData;
    };
  }

  /** The same about a table that is spelt otherwise here. */
  public Conflict of(String spelt) {
    return spelt.equals(table)
        ? this
        : new Conflict(
            id,
            timestamp,
            spelt,
            key,
            kind,
            localData,
            remoteData,
            localBy,
            remoteBy,
            localAt,
            remoteAt,
            winner,
            workstation,
            resolved,
            resolution,
            resolvedBy,
            resolvedAt,
            localToken,
            remoteEntry,
            givenData);
  }

  /** These versions, settled as the other one was. */
  public Conflict settledLike(Conflict other) {
    return new Conflict(
        id,
        timestamp,
        table,
        key,
        kind,
        localData,
        remoteData,
        localBy,
        remoteBy,
        localAt,
        remoteAt,
        other.winner,
        workstation,
        other.resolved,
        other.resolution,
        other.resolvedBy,
        other.resolvedAt,
        localToken,
        remoteEntry,
        other.givenData);
  }
}
