package tidemark.serve;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.SqlName;

/**
 * What somebody may do at the server, and what proves that it is they. Immutable; the secret itself
 * is nowhere in it.
 *
 * @param id public: it stands in lists and logs
 * @param user whose edits they are that come with it
 * @param databases as the config names them; empty: all
 * @param tables however they are spelled; empty: all
 * @param expires the first moment at which it opens nothing any more; null: never
 * @param sha256 of the secret, in lower-case hex
 */
public record AccessKey(
    String id,
    String user,
    Right may,
    Set<String> databases,
    Set<String> tables,
    Instant created,
    @Nullable Instant expires,
    String sha256) {

  /** What a key is for. */
  public enum Right {
    READ,
    /** And read. */
    WRITE;

    public static Optional<Right> parse(String word) {
      return Arrays.stream(values()).filter(value -> value.word().equals(word)).findFirst();
    }

    /** As it is written in the file and on the command line. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public AccessKey {
    databases = ordered(databases);
    tables = ordered(tables);
  }

  private static Set<String> ordered(Collection<String> names) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(names));
  }

  public boolean isValidAt(Instant moment) {
    return expires == null || moment.isBefore(expires);
  }

  public boolean mayWrite() {
    return may == Right.WRITE;
  }

  /** Whether it is for this database of the config, or for some tables in it. */
  public boolean opens(String database) {
    return databases.isEmpty() || databases.contains(database);
  }

  /** Whether it is for this table, where it opens the database. */
  public boolean sees(String table) {
    return tables.isEmpty() || tables.stream().anyMatch(one -> SqlName.same(one, table));
  }

  /** As it may stand in a log. */
  @Override
  public String toString() {
    return "key " + id + " of " + user;
  }
}
