package tidemark.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tidemark.change.Failure;
import tidemark.ledger.Ledger;

/** What a run moved, what conflicted and what it could not carry. */
public final class SyncReport {
  private static final int SOME = 20;
  private static final int SHORT = 500;

  private final Map<String, Integer> pulled = new TreeMap<>();
  private final Map<String, Integer> pushed = new TreeMap<>();
  private final Map<String, Map<String, Integer>> conflicts = new TreeMap<>();
  private final Map<String, Ledger.HeldBack> held = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private long masterBehind;
  private @Nullable String onlyRead;

  public Map<String, Integer> pulled() {
    return pulled;
  }

  public Map<String, Integer> pushed() {
    return pushed;
  }

  public int conflicts() {
    return total(conflictsByKind());
  }

  /** How many of each kind ended how, as in `update local`. */
  public Map<String, Integer> conflictsByKind() {
    Map<String, Integer> all = new TreeMap<>();
    conflicts.values().forEach(kinds -> addTo(all, kinds));
    return all;
  }

  /** The same for one table. */
  Map<String, Integer> conflictsByKind(String table) {
    return conflicts.getOrDefault(table, Map.of());
  }

  /** What was held back, each with its reason. */
  public Map<String, String> held() {
    Map<String, String> reasons = new LinkedHashMap<>();
    held.forEach((what, back) -> reasons.put(what, back.why()));
    return reasons;
  }

  public int held(String table) {
    return (int) held.values().stream().filter(back -> back.table().equals(table)).count();
  }

  /** All tables of which there is anything to tell. */
  Set<String> tables() {
    Set<String> tables = new TreeSet<>(pulled.keySet());
    tables.addAll(pushed.keySet());
    tables.addAll(conflicts.keySet());
    held.values().forEach(back -> tables.add(back.table()));
    tables.remove("");
    return tables;
  }

  /** What a person should know although nothing failed. */
  public List<String> notes() {
    return notes;
  }

  public long masterBehind() {
    return masterBehind;
  }

  public void pulled(String table) {
    pulled(table, 1);
  }

  public void pulled(String table, int rows) {
    pulled.merge(table, rows, Integer::sum);
  }

  public void pushed(String table) {
    pushed.merge(table, 1, Integer::sum);
  }

  public void conflict(String table, String kind, String outcome) {
    conflicts
        .computeIfAbsent(table, t -> new TreeMap<>())
        .merge(kind + " " + outcome, 1, Integer::sum);
  }

  /**
   * Something could not be carried.
   *
   * @param table empty where it is the whole database
   */
  public void held(String table, String what, String why) {
    held(new Ledger.HeldBack(table, what, why));
  }

  public void held(Ledger.HeldBack back) {
    held.put(back.what(), back);
  }

  /** Some of it, in short, for who has to know that there is something rather than what all. */
  public List<Ledger.HeldBack> someHeld() {
    return held.values().stream()
        .limit(SOME)
        .map(one -> new Ledger.HeldBack(one.table(), inShort(one.what()), inShort(one.why())))
        .toList();
  }

  /** Keys and values may be megabytes long. */
  private static String inShort(String text) {
    return text.length() <= SHORT ? text : text.substring(0, SHORT) + "…";
  }

  public void note(String note) {
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }

  /** Why nothing of this workstation's could be written to the share; null where it could. */
  public @Nullable String onlyRead() {
    return onlyRead;
  }

  public void onlyRead(Failure why, int changes) {
    onlyRead = "the share can only be read: " + why.whatFailed();
    String waits = changes == 1 ? "one edit of here stays" : changes + " edits of here stay";
    held("", "share", onlyRead + "; " + waits + " pending (" + why.hint() + ")");
  }

  public void masterBehind(long entries) {
    masterBehind = entries;
  }

  int total(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  public int totalPulled() {
    return total(pulled);
  }

  public int totalPushed() {
    return total(pushed);
  }

  public void add(SyncReport other) {
    addTo(pulled, other.pulled);
    addTo(pushed, other.pushed);
    other.conflicts.forEach(
        (table, kinds) -> addTo(conflicts.computeIfAbsent(table, t -> new TreeMap<>()), kinds));
    onlyRead = other.onlyRead;
    held.clear(); // what is held is what the later run found
    held.putAll(other.held);
    other.notes.forEach(this::note);
  }

  /** What the master of this database could not take. */
  public void addMaster(SyncReport master) {
    master.notes.forEach(this::note);
    master.held.forEach(
        (what, back) -> held(back.table(), "master: " + what, "in the master: " + back.why()));
  }

  private static void addTo(Map<String, Integer> counts, Map<String, Integer> more) {
    more.forEach((what, count) -> counts.merge(what, count, Integer::sum));
  }

  /** Counts made in a transaction that was rolled back never happened. */
  public Memento remember() {
    Map<String, Map<String, Integer>> kinds = new TreeMap<>();
    conflicts.forEach((table, counts) -> kinds.put(table, new TreeMap<>(counts)));
    return new Memento(Map.copyOf(pulled), kinds, new LinkedHashMap<>(held));
  }

  public void forgetSince(Memento before) {
    pulled.clear();
    pulled.putAll(before.pulled());
    conflicts.clear();
    conflicts.putAll(before.conflicts());
    held.clear();
    held.putAll(before.held());
  }

  public record Memento(
      Map<String, Integer> pulled,
      Map<String, Map<String, Integer>> conflicts,
      Map<String, Ledger.HeldBack> held) {}
}
