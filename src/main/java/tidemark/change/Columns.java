package tidemark.change;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of a row's values, shared by all rows of one table in one entry or query. They are
 * found without case, as SQLite finds them, and are otherwise as somebody spelt them.
 */
public final class Columns {
  private final List<String> names;
  private final Map<String, Integer> places;
  private final int hash;

  /** Made where somebody spells a name otherwise, which is rare. */
  private @Nullable Map<String, Integer> folded;

  public Columns(List<String> names) {
    this.names = List.copyOf(names);
    this.places = new HashMap<>();
    this.hash = this.names.hashCode();
    for (int i = 0; i < names.size(); i++) {
      if (places.put(names.get(i), i) != null) {
        throw new IllegalArgumentException("column " + names.get(i) + " twice");
      }
    }
  }

  public List<String> names() {
    return names;
  }

  public int size() {
    return names.size();
  }

  public boolean has(String name) {
    return place(name) >= 0;
  }

  /** Where the column stands, or -1. */
  public int place(String name) {
    Integer exact = places.get(name);
    return exact != null ? exact : folded().getOrDefault(SqlName.folded(name), -1);
  }

  private Map<String, Integer> folded() {
    Map<String, Integer> made = folded;
    if (made == null) {
      Map<String, Integer> all = new HashMap<>();
      for (int i = 0; i < names.size(); i++) {
        all.putIfAbsent(SqlName.folded(names.get(i)), i);
      }
      made = Map.copyOf(all);
      folded = made;
    }
    return made;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Columns that && hash == that.hash && names.equals(that.names));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
