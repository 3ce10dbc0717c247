package tidemark.app;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tidemark.change.SqlName;

/**
 * The tables somebody named, in the databases that have them: a table of one database need not be
 * in the others, and SQLite's names know no case.
 */
public final class NamedTables {
  private final Set<String> names;

  public NamedTables(Set<String> names) {
    this.names = names;
  }

  /** Databases without any of them are left out; no names mean all tables. */
  public Map<Database, Set<String>> in(List<Database> databases) {
    Map<Database, Set<String>> meant = new LinkedHashMap<>();
    Set<String> nowhere = new LinkedHashSet<>(names);
    for (Database database : databases) {
      Set<String> there = new LinkedHashSet<>();
      Set<String> tables = names.isEmpty() ? Set.of() : database.tables();
      for (String name : names) {
        spelt(name, tables)
            .ifPresent(
                known -> {
                  there.add(known);
                  nowhere.remove(name);
                });
      }
      meant.put(database, there);
    }
    // others may have brought it meanwhile; if not, the run says that there is none
    meant.values().forEach(there -> there.addAll(nowhere));
    if (!names.isEmpty()) {
      meant.values().removeIf(Set::isEmpty);
    }
    return meant;
  }

  private static Optional<String> spelt(String name, Set<String> tables) {
    return SqlName.among(tables, name);
  }
}
