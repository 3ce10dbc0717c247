package tidemark.replica;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.SqlName;
import tidemark.replica.TableStates.Look;

/**
 * The shape each table had when it was last looked at, and what of a change since then is not for a
 * program to decide: dropped, renamed or re-keyed.
 */
final class ShapeMemory {
  private final TableStates states;
  private final Keys keys;

  ShapeMemory(TableStates states, Keys keys) {
    this.states = states;
    this.keys = keys;
  }

  /** Columns that were added since. */
  void remember(TableShape shape) {
    String name = shape.name();
    if (!states.knows(name)) {
      states.begin(name);
    }
    Set<String> known = states.columns(name);
    boolean seenBefore = known.stream().anyMatch(c -> states.key(name).contains(c));
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

  /**
   * The change that IT must confirm; null where there is none.
   *
   * @param forget columns that the ledger does not need are remembered no more once they are gone
   */
  @Nullable String trouble(TableShape shape, boolean forget) {
    String name = shape.name();
    Optional<Keys.Other> other = keys.other(name);
    if (other.isPresent()) {
      return trouble(other.get(), shape);
    }
    if (!states.key(name).isEmpty() && !SqlName.same(states.key(name), shape.key())) {
      return changed(states.key(name), shape); // since the last run
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

  private static String trouble(Keys.Other other, TableShape shape) {
    if (!other.isTold()) {
      return changed(other.key(), shape);
    }
    return "its key is "
        + String.join(", ", other.key())
        + " since entry "
        + other.entry()
        + (other.who().isEmpty() ? "" : " by " + other.who())
        + " and here it is "
        + String.join(", ", shape.key())
        + "; update the application on this workstation, or its key in the config";
  }

  private static String changed(List<String> former, TableShape shape) {
    return "its key was "
        + String.join(", ", former)
        + " and is "
        + String.join(", ", shape.key())
        + acceptIt(shape.name());
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
