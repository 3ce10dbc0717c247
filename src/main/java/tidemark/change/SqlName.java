package tidemark.change;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Names of tables and columns, which SQLite compares without case, as far as it is ASCII's. */
public final class SqlName {
  /** Names that are equal to SQLite are one. */
  public static final Comparator<String> ORDER = Comparator.comparing(SqlName::folded);

  private SqlName() {}

  public static boolean same(String one, String other) {
    return one.length() == other.length() && folded(one).equals(folded(other));
  }

  /** The same names in the same order. */
  public static boolean same(List<String> some, List<String> others) {
    return some.stream()
        .map(SqlName::folded)
        .toList()
        .equals(others.stream().map(SqlName::folded).toList());
  }

  /** The form in which equal names are equal texts. */
  public static String folded(String name) {
    StringBuilder folded = null;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        folded = folded == null ? new StringBuilder(name) : folded;
        folded.setCharAt(i, (char) (c + 'a' - 'A'));
      }
    }
    return folded == null ? name : folded.toString();
  }

  /** The name as it is spelt among these. */
  public static Optional<String> among(Collection<String> names, String name) {
    Optional<String> same =
        Optional.empty(); // a set may know them without case: it is its own spelling that is wanted
    for (String each : names) {
      if (each.equals(name)) {
        return Optional.of(each);
      }
      if (same.isEmpty() && same(each, name)) {
        same = Optional.of(each);
      }
    }
    return same;
  }

  /** Of Tidemark's own tables, which are never synced. */
  public static boolean isOwn(String table) {
    return folded(table).startsWith("sync_");
  }
}
