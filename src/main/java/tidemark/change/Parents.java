package tidemark.change;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which records a row refers to, as whoever wrote it saw them. A value may belong to another record
 * by the time the row arrives; the token a record was born with does not.
 *
 * @param references each foreign key that is told of: the parent's table, then the columns
 * @param births for each of them the parent's; null where there was none: the columns are NULL, or
 *     the row was an orphan
 */
public record Parents(List<List<String>> references, List<@Nullable String> births) {
  /** Nothing is known, not even whether there were any. */
  public static final Parents UNTOLD = new Parents(List.of(), List.of());

  public Parents {
    if (references.size() != births.size()) {
      throw new IllegalArgumentException(references.size() + " references, " + births.size());
    }
  }

  public boolean areTold(List<String> reference) {
    return place(reference) >= 0;
  }

  /** The token of the record that this reference means. */
  public @Nullable String birth(List<String> reference) {
    int place = place(reference);
    return place < 0 ? null : births.get(place);
  }

  /** Whoever wrote it may spell the names otherwise. */
  private int place(List<String> reference) {
    int exact = references.indexOf(reference);
    if (exact >= 0) {
      return exact;
    }
    List<String> folded = folded(reference);
    return references.stream().map(Parents::folded).toList().indexOf(folded);
  }

  private static List<String> folded(List<String> reference) {
    return reference.stream().map(SqlName::folded).toList();
  }
}
