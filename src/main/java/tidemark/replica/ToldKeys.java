package tidemark.replica;

import java.util.List;
import java.util.Optional;
import tidemark.change.Definition;
import tidemark.change.Position;
import tidemark.change.SqlName;

/** What the ledger's definitions say of tables' keys, beside the keys tables have here. */
final class ToldKeys {
  private final TableStates states;
  private final Keys keys;

  ToldKeys(TableStates states, Keys keys) {
    this.states = states;
    this.keys = keys;
  }

  /** What a definition is about. */
  enum Word {
    /** The key the table has here. */
    PRESENT,
    /** A former key, or one that is waited for already. */
    PAST,
    /** A key that the table is to have from this entry on. */
    ANOTHER
  }

  Word meet(Definition definition, long at, Position before, String who, boolean own) {
    String name = definition.table();
    boolean untold = keys.isUntold(name);
    if (!untold && at < keys.since(name)) {
      return Word.PAST;
    }
    Optional<Keys.Other> other = keys.other(name);
    List<String> here = states.key(name);
    if (!definition.isTable() || here.isEmpty()) {
      return other.isEmpty() ? Word.PRESENT : Word.PAST;
    }
    int known = other.map(Keys.Other::generation).orElse(states.generation(name));
    if (definition.generation() < known) {
      return other.isEmpty() && !untold ? Word.PRESENT : Word.PAST;
    }
    long after = definition.isRekeyed() ? definition.after() : 0;
    if (other.isEmpty() && SqlName.same(definition.key(), here)) {
      if (untold) {
        keys.told(name, at, after, !own);
      }
      return Word.PRESENT;
    }
    boolean awaited = other.filter(o -> o.isTold() && isSame(o, definition)).isPresent();
    boolean stale =
        other.isEmpty()
            && !untold
            && definition.generation() == known
            && states.announced(name, "");
    if (awaited || stale) {
      return Word.PAST;
    }
    keys.differ(
        name, new Keys.Other(definition.key(), definition.generation(), at, before, after, who));
    return Word.ANOTHER;
  }

  private static boolean isSame(Keys.Other other, Definition definition) {
    return other.generation() == definition.generation()
        && SqlName.same(other.key(), definition.key());
  }
}
