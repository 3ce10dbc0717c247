package tidemark.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Conflict;
import tidemark.change.Json;
import tidemark.change.RowKey;
import tidemark.change.Slice;
import tidemark.jdbc.Cells;
import tidemark.jdbc.Sql;

/**
 * sync_conflicts. A conflict is part of a posting: it is pending (entry is NULL) until it stands in
 * an entry, so that no crash hides one from the loser's author.
 */
public final class Conflicts {
  private static final String COLUMNS =
      "id, timestamp, table_name, row_key, kind, local_data, remote_data, local_by, remote_by, local_at, remote_at, winner, workstation, resolved, resolution, resolved_by, resolved_at, local_token, remote_entry, given_data";

  /** The workstation of conflicts that were recorded before it was known which one this is. */
  static final String UNSIGNED = "";

  private final Sql sql;

  Conflicts(Sql sql) {
    this.sql = sql;
  }

  /** What stands in the table, with the entry it was posted in (null: not yet). */
  public record Kept(Conflict conflict, @Nullable Long entry) {}

  public Optional<Kept> find(String id) {
    return sql.first(
        "SELECT " + COLUMNS + ", entry FROM sync_conflicts WHERE id=?", Conflicts::kept, id);
  }

  /** Which side won this conflict, where it is one between two sides that is settled. */
  public Optional<String> winner(String id) {
    return sql.first(
        "SELECT winner FROM sync_conflicts WHERE id=? AND winner IN ('local','remote')",
        c -> c.string(1),
        id);
  }

  /**
   * Hands over one after the other, oldest first, without holding them all. Each is read by itself,
   * so that the application can write however long one of them takes.
   */
  public void each(Consumer<Kept> consumer) {
    sql.query("SELECT id FROM sync_conflicts ORDER BY timestamp, id", c -> c.string(1))
        .forEach(id -> find(id).ifPresent(consumer));
  }

  /** Those of which this is how the id begins. */
  public List<Kept> beginningWith(String start) {
    return sql.query(
        "SELECT " + COLUMNS + ", entry FROM sync_conflicts WHERE substr(id, 1, length(?1))=?1",
        Conflicts::kept,
        start);
  }

  /** Those that nobody has settled yet, oldest first, without holding them all. */
  public void eachOpen(Consumer<Kept> consumer) {
    sql.each(
        "SELECT " + COLUMNS + ", entry FROM sync_conflicts WHERE resolved=0 ORDER BY timestamp, id",
        c -> consumer.accept(kept(c)));
  }

  /**
   * So many of those that are meant, newest first, after leaving out some.
   *
   * @param resolved null for both
   * @param table null for all
   * @param as what is kept of each, so that not all need be held that large rows have
   */
  public <T> Slice<T> find(
      @Nullable Boolean resolved,
      @Nullable String table,
      int limit,
      int offset,
      Function<Kept, T> as) {
    StringBuilder where = new StringBuilder(" FROM sync_conflicts WHERE true");
    List<@Nullable Object> args = new ArrayList<>();
    if (resolved != null) {
      where.append(" AND resolved=").append(resolved ? 1 : 0);
    }
    if (table != null) {
      where.append(" AND table_name=? COLLATE NOCASE");
      args.add(table);
    }
    long total = sql.number("SELECT count(*)" + where, args.toArray());
    args.add(limit);
    args.add(offset);
    return new Slice<>(
        sql.query(
            "SELECT "
                + COLUMNS
                + ", entry"
                + where
                + " ORDER BY timestamp DESC, id LIMIT ? OFFSET ?",
            c -> as.apply(kept(c)),
            args.toArray()),
        total);
  }

  /** Those that can stand in an entry. */
  public List<Conflict> unposted() {
    return sql
        .query(
            "SELECT "
                + COLUMNS
                + ", entry FROM sync_conflicts WHERE entry IS NULL ORDER BY timestamp, id",
            c -> kept(c).conflict())
        .stream()
        .filter(Conflict::isWhole)
        .toList();
  }

  public List<Conflict> openOf(String table, RowKey key) {
    return sql.query(
        "SELECT "
            + COLUMNS
            + ", entry FROM sync_conflicts WHERE table_name=? AND row_key=? AND resolved=0",
        c -> kept(c).conflict(),
        table,
        Json.keyText(key));
  }

  public long countOpen(String table) {
    return sql.number(
        "SELECT count(*) FROM sync_conflicts WHERE resolved=0 AND table_name=?", table);
  }

  private static Kept kept(Cells c) {
    Long timestamp = millis(c, 2);
    Conflict conflict =
        new Conflict(
            c.string(1),
            timestamp == null ? 0 : timestamp,
            c.string(3),
            c.string(4),
            c.string(5),
            c.text(6),
            c.text(7),
            c.text(8),
            c.text(9),
            millis(c, 10),
            millis(c, 11),
            c.text(12),
            c.string(13),
            c.flag(14),
            c.text(15),
            c.text(16),
            millis(c, 17),
            c.string(18),
            c.number(19),
            c.text(20));
    return new Kept(conflict, c.numberOrNull(21));
  }

  private static @Nullable Long millis(Cells c, int column) {
    return ChangeTime.read(c.value(column));
  }

  /** Writes or refreshes one of our own; it is to be posted (again). True if it is a new one. */
  public boolean record(Conflict conflict) {
    Conflict old = find(conflict.id()).map(Kept::conflict).orElse(null);
    if (old == null) {
      write(conflict, null);
      return true;
    }
    if (sameVersions(old, conflict)) {
      return false;
    }
    if (!old.resolved() || !conflict.resolved()) {
      write(conflict, null);
    } else if (old.resolvedBy() != null) {
      write(conflict.settledLike(old), null); // the loser may have got children since the choice
    }
    return false;
  }

  private static boolean sameVersions(Conflict old, Conflict fresh) {
    return old.localToken().equals(fresh.localToken())
        && old.remoteEntry() == fresh.remoteEntry()
        && Objects.equals(old.localData(), fresh.localData())
        && Objects.equals(old.remoteData(), fresh.remoteData());
  }

  /** Says whose those are that were recorded while the database was opened. */
  public void sign(String workstation, String user) {
    sql.update(
        "UPDATE sync_conflicts SET workstation=?, local_by=coalesce(local_by,?) WHERE entry IS NULL AND workstation=?",
        workstation,
        user,
        UNSIGNED);
  }

  /** One that came with an entry; ours stands if it is newer and still to be posted. */
  public void take(Conflict conflict, long entry) {
    Optional<Kept> old = find(conflict.id());
    if (old.isPresent()) {
      Long posted = old.get().entry();
      if (posted != null && posted >= entry) {
        return;
      }
      Conflict mine = old.get().conflict();
      boolean mineSettles = mine.resolved() && !conflict.resolved();
      boolean otherVersions =
          !mine.localToken().equals(conflict.localToken())
              || mine.remoteEntry() != conflict.remoteEntry();
      if (posted == null && (mineSettles || otherVersions)) {
        return;
      }
    }
    write(conflict, entry);
  }

  public void write(Conflict c, @Nullable Long entry) {
    sql.update(
        "INSERT OR REPLACE INTO sync_conflicts("
            + COLUMNS
            + ", entry) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        c.id(),
        ChangeTime.spaced(c.timestamp()),
        c.table(),
        c.key(),
        c.kind(),
        c.localData(),
        c.remoteData(),
        c.localBy(),
        c.remoteBy(),
        spaced(c.localAt()),
        spaced(c.remoteAt()),
        c.winner(),
        c.workstation(),
        c.resolved() ? 1 : 0,
        c.resolution(),
        c.resolvedBy(),
        spaced(c.resolvedAt()),
        c.localToken(),
        c.remoteEntry(),
        c.givenData(),
        entry);
  }

  private static @Nullable String spaced(@Nullable Long millis) {
    return millis == null ? null : ChangeTime.spaced(millis);
  }

  /**
   * An open conflict that time has settled, to be told to everybody. Only the workstation whose
   * edit waits knows that: elsewhere the row goes on while the conflict stays open.
   */
  public void close(
      String table,
      RowKey key,
      Set<String> kinds,
      String workstation,
      String how,
      @Nullable String winner,
      String now) {
    for (String kind : kinds) {
      sql.update(
          "UPDATE sync_conflicts SET resolved=1, resolution=?, winner=coalesce(?,winner), entry=NULL, resolved_at=? WHERE table_name=? AND row_key=? AND kind=? AND workstation=? AND resolved=0",
          how,
          winner,
          now,
          table,
          Json.keyText(key),
          kind,
          workstation);
    }
  }

  /** Conflicts that stood in entries which are no more are to be posted again. */
  public void unpostAfter(long entry) {
    sql.update("UPDATE sync_conflicts SET entry=NULL WHERE entry>?", entry);
  }

  /**
   * Settled ones go that are older than this; says how many. What an entry still in the ledger
   * tells of stays, since whoever reads that entry again would have it back.
   *
   * @param floor the last entry that is not in the ledger any more
   */
  public int prune(String before, long floor) {
    return sql.update(
        "DELETE FROM sync_conflicts WHERE resolved=1 AND entry<=? AND timestamp<? AND coalesce(resolved_at,'')<?",
        floor,
        before,
        before);
  }
}
