package tidemark.replica;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tidemark.change.Change;
import tidemark.change.ChangeTime;
import tidemark.change.RowKey;
import tidemark.jdbc.Sql;
import tidemark.replica.Remembered.Clock;
import tidemark.replica.Remembered.Mark;

/**
 * sync_rows_&lt;table&gt;: one row for every key that was ever synced or edited. The triggers of
 * {@link Capture} extend its marks; all else is written here.
 */
public final class Shadow {
  private static final String UNMARKED = ", edits=NULL, moment=NULL, came=NULL";
  private static final String RECORD = ShadowTable.record("");

  private final Sql sql;
  private final String name;
  private final String quoted;
  private final List<String> keyColumns;
  private final String keys;
  private final String whereKey;
  private final String selectOne;
  private final String settle;
  private final String settleKeepingMark;
  private final String settleOwn;
  private final Map<Integer, String> news = new HashMap<>();

  Shadow(Sql sql, TableShape shape) {
    this.sql = sql;
    this.name = ShadowTable.name(shape.name());
    this.quoted = Sql.name(name);
    this.keyColumns = ShadowTable.keyColumns(shape.key().size());
    this.keys = String.join(",", keyColumns);
    this.whereKey = keyColumns.stream().map(k -> k + "=?").collect(Collectors.joining(" AND "));
    this.selectOne = "SELECT " + ShadowTable.fields("") + " FROM " + quoted + " WHERE " + whereKey;
    String upsert =
        "INSERT INTO "
            + quoted
            + "("
            + keys
            + ",entry,digest,at,token,first,birth,base) VALUES("
            + "?,".repeat(keyColumns.size())
            + "?,?,?,?,?,?,?) ON CONFLICT("
            + keys
            + ") DO UPDATE SET "
            + settledFields("excluded.");
    this.settle = upsert + UNMARKED;
    this.settleKeepingMark = upsert + ", came=nullif(came,excluded.first)";
    this.settleOwn =
        "UPDATE "
            + quoted
            + " SET "
            + settledFields("?")
            + UNMARKED
            + " WHERE "
            + whereKey
            + " AND substr(edits,-16)=?4";
  }

  /** A record that was not born by this change keeps the birth it has. */
  private static String settledFields(String from) {
    boolean args = from.equals("?");
    String entry = args ? "?1" : from + "entry";
    String digest = args ? "?2" : from + "digest";
    String at = args ? "?3" : from + "at";
    String token = args ? "?4" : from + "token";
    String first = args ? "?5" : from + "first";
    String birth = args ? "?6" : from + "birth";
    String base = args ? "?7" : from + "base";
    return "entry="
        + entry
        + ", digest="
        + digest
        + ", at="
        + at
        + ", token="
        + token
        + ", first=coalesce("
        + first
        + ",first), birth=coalesce("
        + birth
        + ",birth), base="
        + base;
  }

  String quoted() {
    return quoted;
  }

  List<String> keyColumns() {
    return keyColumns;
  }

  public @Nullable Remembered get(RowKey key) {
    return sql.first(selectOne, c -> ShadowTable.rememberedAt(c, 1), key.parts()).orElse(null);
  }

  /** None of these keys was edited here or settled by this entry or a later one. */
  public boolean knowsNothingNew(List<RowKey> keys, long entry) {
    boolean[] none = {true};
    BatchStatements.each(
        keys,
        (part, count) -> {
          List<Object> args = new ArrayList<>();
          part.forEach(key -> args.addAll(List.of(key.parts())));
          args.add(entry);
          none[0] &= !sql.exists(news.computeIfAbsent(count, this::news), args.toArray());
        });
    return none[0];
  }

  private String news(int rows) {
    List<String> given = BatchStatements.columns(1, keyColumns.size());
    return "SELECT 1 FROM "
        + BatchStatements.values(rows, keyColumns.size())
        + " CROSS JOIN "
        + quoted
        + " s ON "
        + TableSql.zip(keyColumns, given, (k, g) -> "s." + k + "=" + g)
        + " WHERE s.edits IS NOT NULL OR s.entry>=? LIMIT 1";
  }

  /** Rows that are there as an entry before this one has left them, edited since or not. */
  public List<RowKey> settledBefore(long entry) {
    return sql.query(
        "SELECT " + keys + " FROM " + quoted + " WHERE entry<? AND digest IS NOT NULL",
        c -> RowKey.of(c.values(1, keyColumns.size())),
        entry);
  }

  /** False for a table that was made since the last run and is not captured yet. */
  public boolean exists() {
    return sql.exists("SELECT 1 FROM sqlite_master WHERE type='table' AND name=?", name);
  }

  public boolean hasMarks() {
    return sql.exists("SELECT 1 FROM " + quoted + " WHERE edits IS NOT NULL LIMIT 1");
  }

  /** Another text as soon as anything was edited or posted; empty where nothing is pending. */
  public String pending() {
    return sql.first(
            "SELECT count(*), coalesce(sum(length(edits)),0), coalesce(max(moment),'') FROM "
                + quoted
                + " WHERE edits IS NOT NULL",
            c -> c.number(1) == 0 ? "" : c.number(1) + "/" + c.number(2) + "/" + c.string(3))
        .orElse("");
  }

  public long countMarks() {
    return sql.number("SELECT count(*) FROM " + quoted + " WHERE edits IS NOT NULL");
  }

  public boolean isEmpty() {
    return !sql.exists("SELECT 1 FROM " + quoted + " LIMIT 1");
  }

  /** The row is what this entry made of it; pending edits are done with. */
  public void settle(Change change, long entry, byte @Nullable [] digest, @Nullable String base) {
    sql.update(settle, settleArgs(change, entry, digest, base));
  }

  /** The ledger's row is known; edits that are still pending are now based on it. */
  public void settleKeepingMark(
      Change change, long entry, byte @Nullable [] digest, @Nullable String base) {
    sql.update(settleKeepingMark, settleArgs(change, entry, digest, base));
  }

  private @Nullable Object[] settleArgs(
      Change change, long entry, byte @Nullable [] digest, @Nullable String base) {
    @Nullable Object[] args = new @Nullable Object[keyColumns.size() + 7];
    System.arraycopy(change.key().parts(), 0, args, 0, keyColumns.size());
    fill(args, keyColumns.size(), change, entry, digest, base);
    return args;
  }

  private static void fill(
      @Nullable Object[] args,
      int from,
      Change change,
      long entry,
      byte @Nullable [] digest,
      @Nullable String base) {
    args[from] = entry;
    args[from + 1] = digest;
    args[from + 2] = change.at();
    args[from + 3] = change.token();
    args[from + 4] = change.born() ? change.first() : null;
    args[from + 5] = change.born() ? entry : null;
    args[from + 6] = base;
  }

  /** The ledger's change of a row, and the row's digest and base where they are kept. */
  public record Settled(
      Change change, long entry, byte @Nullable [] digest, @Nullable String base) {}

  /**
   * My own changes came back: those are settled whose rows were not edited since they were posted.
   * Says of each whether it was.
   */
  public boolean[] settleOwn(List<Settled> own) {
    List<@Nullable Object[]> calls = new ArrayList<>(own.size());
    for (Settled one : own) {
      @Nullable Object[] args = new @Nullable Object[7 + keyColumns.size()];
      fill(args, 0, one.change(), one.entry(), one.digest(), one.base());
      System.arraycopy(one.change().key().parts(), 0, args, 7, keyColumns.size());
      calls.add(args);
    }
    int[] changed = sql.updateEach(settleOwn, calls);
    boolean[] settled = new boolean[changed.length];
    for (int i = 0; i < changed.length; i++) {
      settled[i] = changed[i] > 0;
    }
    return settled;
  }

  public void clearMark(RowKey key) {
    sql.update(
        "UPDATE " + quoted + " SET base=base" + UNMARKED + " WHERE " + whereKey, key.parts());
  }

  /** The record that stands here now came from another key; null: it is the one the ledger has. */
  public void setCame(RowKey key, @Nullable String record) {
    @Nullable Object[] args = new @Nullable Object[keyColumns.size() + 1];
    args[0] = record;
    System.arraycopy(key.parts(), 0, args, 1, keyColumns.size());
    sql.update("UPDATE " + quoted + " SET came=? WHERE " + whereKey, args);
  }

  /** Whether pending edits have brought any record to another key. */
  public boolean anyCame() {
    return sql.exists("SELECT 1 FROM " + quoted + " WHERE came IS NOT NULL LIMIT 1");
  }

  /** The keys with pending edits under which this record stands, or stood until they deleted it. */
  public List<RowKey> pendingOf(String record) {
    return sql.query(
        "SELECT " + keys + " FROM " + quoted + " WHERE edits IS NOT NULL AND " + RECORD + "=?",
        c -> RowKey.of(c.values(1, keyColumns.size())),
        record);
  }

  /** The keys that know this record; first where it stands, or did last. */
  public List<RowKey> keysOf(String record) {
    return sql.query(
        "SELECT " + keys + " FROM " + quoted + " WHERE " + RECORD + "=? ORDER BY digest IS NULL",
        c -> RowKey.of(c.values(1, keyColumns.size())),
        record);
  }

  /**
   * The keys that know any of these records, in one pass over all of them; first those where one
   * stands, or did last.
   */
  Map<RowKey, String> keysOf(List<String> records) {
    int width = keyColumns.size();
    String wanted = String.join(",", Collections.nCopies(records.size(), "?"));
    Map<RowKey, String> found = new LinkedHashMap<>();
    sql.each(
        "SELECT "
            + keys
            + ", "
            + RECORD
            + " FROM "
            + quoted
            + " WHERE "
            + RECORD
            + " IN ("
            + wanted
            + ") ORDER BY digest IS NULL",
        c -> found.put(RowKey.of(c.values(1, width)), c.string(width + 1)),
        records.toArray());
    return found;
  }

  /** Where the ledger has this record, or had it last. */
  public Optional<RowKey> inLedger(String record) {
    return sql.first(
        "SELECT " + keys + " FROM " + quoted + " WHERE first=? ORDER BY digest IS NULL LIMIT 1",
        c -> RowKey.of(c.values(1, keyColumns.size())),
        record);
  }

  /** Pending edits go with their row to another key. */
  public void moveMark(RowKey from, RowKey to) {
    @Nullable Object[] args = new @Nullable Object[keyColumns.size() * 2];
    System.arraycopy(to.parts(), 0, args, 0, keyColumns.size());
    System.arraycopy(from.parts(), 0, args, keyColumns.size(), keyColumns.size());
    sql.update(
        "INSERT INTO "
            + quoted
            + "("
            + keys
            + ",edits,moment,own_time,own_user,found,came) SELECT "
            + "?,".repeat(keyColumns.size())
            + "edits,moment,own_time,own_user,found,"
            + RECORD
            + " FROM "
            + quoted
            + " WHERE "
            + whereKey
            + " ON CONFLICT("
            + keys
            + ") DO UPDATE SET edits=excluded.edits, moment=excluded.moment,"
            + " own_time=excluded.own_time, own_user=excluded.own_user, found=excluded.found, came=excluded.came",
        args);
  }

  /** An edit that no trigger noticed took the row away. */
  void markDeleted(RowKey key, String moment) {
    @Nullable Object[] args = new @Nullable Object[keyColumns.size() + 1];
    args[0] = moment;
    System.arraycopy(key.parts(), 0, args, 1, keyColumns.size());
    sql.update(
        "UPDATE "
            + quoted
            + " SET edits=lower(hex(randomblob(8))), moment=?, own_time=0, own_user=0, found=0 WHERE "
            + whereKey,
        args);
  }

  public void forget(RowKey key) {
    sql.update("DELETE FROM " + quoted + " WHERE " + whereKey, key.parts());
  }

  /** Adds an edit of our own making, to be posted like one of the application's. */
  public void mark(
      RowKey key, String token, long moment, Clock clock, boolean byRow, boolean found) {
    @Nullable Object[] args = new @Nullable Object[keyColumns.size() + 5];
    System.arraycopy(key.parts(), 0, args, 0, keyColumns.size());
    int at = keyColumns.size();
    args[at] = token;
    args[at + 1] = ChangeTime.spaced(moment);
    args[at + 2] = clock.stored();
    args[at + 3] = byRow ? 1 : 0;
    args[at + 4] = found ? 1 : 0;
    sql.update(
        "INSERT INTO "
            + quoted
            + "("
            + keys
            + ",edits,moment,own_time,own_user,found) VALUES("
            + "?,".repeat(keyColumns.size())
            + "?,?,?,?,?) ON CONFLICT("
            + keys
            + ") DO UPDATE SET"
            + " edits=coalesce(edits,'')||excluded.edits, moment=excluded.moment, own_time=excluded.own_time,"
            + " own_user=excluded.own_user, found=excluded.found",
        args);
  }

  /** The last edit of the row was this user's, whatever the row says. */
  public void madeBy(RowKey key, String user) {
    @Nullable Object[] args = new @Nullable Object[keyColumns.size() + 1];
    args[0] = ShadowTable.BY + user;
    System.arraycopy(key.parts(), 0, args, 1, keyColumns.size());
    sql.update(
        "UPDATE " + quoted + " SET own_user=? WHERE " + whereKey + " AND edits IS NOT NULL", args);
  }

  /** Replaces the list of edits, keeping when and how the last one was made. */
  public void setEdits(RowKey key, String edits) {
    @Nullable Object[] args = new @Nullable Object[keyColumns.size() + 1];
    args[0] = edits;
    System.arraycopy(key.parts(), 0, args, 1, keyColumns.size());
    sql.update("UPDATE " + quoted + " SET edits=? WHERE " + whereKey, args);
  }

  /** What is pending makes no new record of it, but keeps or brings back the one that was here. */
  public void stillTheSame(RowKey key) {
    sql.update(
        "UPDATE "
            + quoted
            + " SET edits=first||edits WHERE "
            + whereKey
            + " AND edits IS NOT NULL AND digest IS NULL AND substr(edits,1,16)<>first",
        key.parts());
  }

  /** What is pending makes no new record, but brings back the one that was born with this token. */
  public void bringsBack(RowKey key, String birth) {
    if (birth.matches("[0-9a-f]{16}")) { // who can write an archive could put anything there
      Remembered remembered = get(key);
      Mark mark = remembered == null ? null : remembered.mark();
      if (remembered != null && remembered.absentInLedger() && mark != null && !mark.has(birth)) {
        setEdits(key, birth + mark.edits());
      }
    }
  }

  /** The key's content is remembered no more, nor that it was ever synced. */
  public void unsettle(RowKey key) {
    sql.update(
        "UPDATE "
            + quoted
            + " SET entry=NULL, digest=NULL, at=NULL, token=NULL, first=NULL, birth=NULL, base=NULL WHERE "
            + whereKey,
        key.parts());
  }

  /**
   * What is remembered of the key does not hold: the ledger's changes after this entry are news,
   * and what was settled is not known any more.
   */
  public void doubt(RowKey key, long entry, boolean there) {
    sql.update(
        "INSERT OR IGNORE INTO " + quoted + "(" + keys + ") VALUES(" + marks() + ")",
        (Object[]) key.parts());
    @Nullable Object[] args = new @Nullable Object[keyColumns.size() + 2];
    args[0] = entry;
    args[1] = there ? Digest.UNKNOWN : null;
    System.arraycopy(key.parts(), 0, args, 2, keyColumns.size());
    sql.update("UPDATE " + quoted + " SET entry=?, digest=?, base=NULL WHERE " + whereKey, args);
  }

  private String marks() {
    return keyColumns.stream().map(k -> "?").collect(Collectors.joining(","));
  }

  /** What counts as unedited is another row now, in the same state of the ledger. */
  public void settledAs(RowKey key, byte @Nullable [] digest, @Nullable String base) {
    @Nullable Object[] args = new @Nullable Object[keyColumns.size() + 2];
    args[0] = digest;
    args[1] = base;
    System.arraycopy(key.parts(), 0, args, 2, keyColumns.size());
    sql.update("UPDATE " + quoted + " SET digest=?, base=? WHERE " + whereKey, args);
  }
}
