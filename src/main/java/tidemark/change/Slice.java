package tidemark.change;

import java.util.List;

/**
 * Some of what was found.
 *
 * @param total how many there are in all
 */
public record Slice<T>(List<T> items, long total) {
  public Slice {
    items = List.copyOf(items);
  }
}
