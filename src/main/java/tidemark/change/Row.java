package tidemark.change;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One row's values under their column names. Threading: not to be changed once it is shared. */
public final class Row {
  private final Columns columns;
  private final @Nullable Object[] values;

  public Row(Columns columns, @Nullable Object[] values) {
    if (columns.size() != values.length) {
      throw new IllegalArgumentException(columns.size() + " columns, " + values.length + " values");
    }
    this.columns = columns;
    this.values = values;
  }

  public static Row of(Map<String, ? extends @Nullable Object> values) {
    return new Row(new Columns(values.keySet().stream().toList()), values.values().toArray());
  }

  public Columns columns() {
    return columns;
  }

  /** The values in the order of the columns; not to be written to. */
  public @Nullable Object[] values() {
    return values;
  }

  public boolean has(String column) {
    return columns.has(column);
  }

  /** The value, null also where there is no such column. */
  public @Nullable Object get(String column) {
    int place = columns.place(column);
    return place < 0 ? null : values[place];
  }

  /** This row with some values replaced; columns it lacks are added. */
  public Row with(Map<String, ? extends @Nullable Object> changed) {
    Map<String, @Nullable Object> all = asMap();
    changed.forEach((column, value) -> all.put(spelt(column), value));
    return of(all);
  }

  private String spelt(String column) {
    int place = columns.place(column);
    return place < 0 ? column : columns.names().get(place);
  }

  /** The same values under the names as these spell them; names that are not among them stay. */
  public Row spelt(Collection<String> names) {
    List<String> spelt =
        columns.names().stream().map(c -> SqlName.among(names, c).orElse(c)).toList();
    return new Row(new Columns(spelt), values);
  }

  public Row with(String column, @Nullable Object value) {
    int place = columns.place(column);
    if (place < 0) {
      Map<String, @Nullable Object> one = new LinkedHashMap<>();
      one.put(column, value);
      return with(one);
    }
    @Nullable Object[] copy = values.clone();
    copy[place] = value;
    return new Row(columns, copy);
  }

  public Map<String, @Nullable Object> asMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      map.put(columns.names().get(i), values[i]);
    }
    return map;
  }

  @Override
  public String toString() {
    return asMap().toString();
  }
}
