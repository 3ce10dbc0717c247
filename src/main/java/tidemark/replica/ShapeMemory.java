package tidemark.replica;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.replica.TableStates.Look;

/**
 * The shape each table had when it was last looked at, and what of a change since then is not for a
 * program to decide: dropped, renamed or re-keyed.
 */
final class ShapeMemory {
  private final TableStates states;

  ShapeMemory(TableStates states) {
    this.states = states;
  }

  /** A table under another key than the remembered one is left as it was remembered. */
  void remember(TableShape shape) {
    String name = shape.name();
    if (!states.knows(name)) {
      states.begin(name);
    }
    Set<String> known = states.columns(name);
    boolean seenBefore = known.stream().anyMatch(c -> states.key(name).contains(c));
    if (!seenBefore || states.key(name).equals(shape.key())) {
      for (TableShape.Column column : shape.columns()) {
        if (!known.contains(column.name()) || !seenBefore) {
          states.see(
              name,
              column,
              shape.key().indexOf(column.name()),
              TableStates.ConstantDefault.of(column));
        }
      }
    }
  }

  /**
   * The change that IT must confirm; null where there is none.
   *
   * @param forget columns that the ledger does not need are remembered no more once they are gone
   */
  @Nullable String trouble(TableShape shape, boolean forget) {
    String name = shape.name();
    List<String> key = states.key(name);
    if (!key.isEmpty() && !key.equals(shape.key())) {
      return "its key was "
          + String.join(", ", key)
          + " and is "
          + String.join(", ", shape.key())
          + acceptIt(name);
    }
    for (String column : states.columns(name)) {
      if (!column.isEmpty() && !shape.hasColumn(column) && states.seenHere(name, column)) {
        if (states.announced(name, column) && !states.retired(name, column)) {
          return "column " + column + " was dropped or renamed" + acceptIt(name);
        }
        if (forget) {
          forgetColumn(name, column);
        }
      }
    }
    return null;
  }

  private static String acceptIt(String table) {
    return "; see `tidemark schema accept --table " + table + "`";
  }

  private void forgetColumn(String table, String column) {
    if (states.retired(table, column) && !states.rescan(table).comparesRows()) {
      states.rescan(table, Look.RESHAPED);
    }
    states.forgetColumn(table, column);
  }
}
