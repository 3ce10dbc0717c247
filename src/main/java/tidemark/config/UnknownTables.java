package tidemark.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tidemark.change.SqlName;

/**
 * Tables that a config speaks of and no database has: mistyped most likely, or the application has
 * yet to make them, so that it is said and stops nothing.
 */
public final class UnknownTables {
  private final Settings settings;
  private final Map<String, Set<String>> tables;

  /**
   * @param tables of each database, as far as it could be looked at; of one that is missing here
   *     nothing is said
   */
  public UnknownTables(Settings settings, Map<String, Set<String>> tables) {
    this.settings = settings;
    this.tables = tables;
  }

  /** A sentence for each. */
  public List<String> sentences() {
    List<String> said = new ArrayList<>();
    tables.forEach(
        (database, there) ->
            settings.database(database).tables().listed().orElse(List.of()).stream()
                .filter(name -> SqlName.among(there, name).isEmpty())
                .forEach(
                    name ->
                        said.add(
                            sentence("databases." + database + ".tables", name, there, database))));
    new TreeSet<>(settings.tables().keySet()).forEach(key -> lookAt(key, said));
    return said;
  }

  /** A rule for every database needs one that has the table. */
  private void lookAt(String key, List<String> said) {
    for (Map.Entry<String, Set<String>> database : tables.entrySet()) {
      String prefix = database.getKey() + ".";
      if (key.startsWith(prefix)) {
        String name = key.substring(prefix.length());
        if (SqlName.among(database.getValue(), name).isEmpty()) {
          said.add(sentence("tables." + key, name, database.getValue(), database.getKey()));
        }
        return;
      }
    }
    boolean elsewhere = settings.databases().keySet().stream().anyMatch(d -> isOf(d, key));
    Set<String> all = new LinkedHashSet<>();
    tables.values().forEach(all::addAll);
    if (!elsewhere
        && tables.keySet().containsAll(settings.databases().keySet())
        && SqlName.among(all, key).isEmpty()) {
      said.add(sentence("tables." + key, key, all, String.join(", ", tables.keySet())));
    }
  }

  private static boolean isOf(String database, String key) {
    return key.startsWith(database + ".");
  }

  private static String sentence(
      String key, String name, Collection<String> there, String databases) {
    return key + ": no table '" + name + "' is in " + databases + NearMiss.hint(name, there);
  }
}
