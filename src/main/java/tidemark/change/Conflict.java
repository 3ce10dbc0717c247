package tidemark.change;

import org.jspecify.annotations.Nullable;

/**
 * Two versions of a row that met, and what became of them: one row of sync_conflicts. 'local' is
 * the workstation that decided, 'remote' what was in the ledger before it. Rows are JSON text, as
 * in the database; times are milliseconds on the share's clock.
 *
 * @param winner local, remote or both; null while it is open
 * @param localToken the last edit of the local version, so that a later edit is noticed
 * @param remoteEntry the entry the remote version stands in, so that a later one is noticed
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
    long remoteEntry) {

  /** The version that did not stand: a row as JSON, or null where it was a delete. */
  public @Nullable String loser() {
    return "local".equals(winner) || kind.equals("rekeyed") ? remoteData : localData;
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
            remoteEntry);
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
        remoteEntry);
  }
}
