package tidemark.sync;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a run moved, what conflicted and what it could not carry. */
public final class SyncReport {
  private final Map<String, Integer> pulled = new TreeMap<>();
  private final Map<String, Integer> pushed = new TreeMap<>();
  private final Map<String, Integer> conflictsByKind = new TreeMap<>();
  private final Map<String, String> held = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private int conflicts;
  private long masterBehind;

  public Map<String, Integer> pulled() {
    return pulled;
  }

  public Map<String, Integer> pushed() {
    return pushed;
  }

  public int conflicts() {
    return conflicts;
  }

  public Map<String, Integer> conflictsByKind() {
    return conflictsByKind;
  }

  /** What was held back, each with its reason. */
  public Map<String, String> held() {
    return held;
  }

  /** What a person should know although nothing failed. */
  public List<String> notes() {
    return notes;
  }

  public long masterBehind() {
    return masterBehind;
  }

  void pulled(String table) {
    pulled.merge(table, 1, Integer::sum);
  }

  void pushed(String table) {
    pushed.merge(table, 1, Integer::sum);
  }

  void conflict(String kind, String outcome) {
    conflicts++;
    conflictsByKind.merge(kind + " " + outcome, 1, Integer::sum);
  }

  void held(String what, String why) {
    held.put(what, why);
  }

  void note(String note) {
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }

  void masterBehind(long entries) {
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

  void add(SyncReport other) {
    other.pulled.forEach((table, count) -> pulled.merge(table, count, Integer::sum));
    other.pushed.forEach((table, count) -> pushed.merge(table, count, Integer::sum));
    other.conflictsByKind.forEach(
        (kind, count) -> conflictsByKind.merge(kind, count, Integer::sum));
    conflicts += other.conflicts;
    held.clear(); // what is held is what the later run found
    held.putAll(other.held);
    other.notes.forEach(this::note);
  }

  /** Counts made in a transaction that was rolled back never happened. */
  Memento remember() {
    return new Memento(
        Map.copyOf(pulled), Map.copyOf(conflictsByKind), conflicts, new LinkedHashMap<>(held));
  }

  void forgetSince(Memento before) {
    pulled.clear();
    pulled.putAll(before.pulled());
    conflictsByKind.clear();
    conflictsByKind.putAll(before.conflictsByKind());
    conflicts = before.conflicts();
    held.clear();
    held.putAll(before.held());
  }

  record Memento(
      Map<String, Integer> pulled,
      Map<String, Integer> conflictsByKind,
      int conflicts,
      Map<String, String> held) {}
}
