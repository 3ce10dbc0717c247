package tidemark.ledger;

import java.util.List;
import java.util.Locale;
import tidemark.change.Change;
import tidemark.change.Columns;
import tidemark.change.Conflict;
import tidemark.change.Definition;
import tidemark.change.Failure;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.SqlName;

/**
 * What every entry has to keep to. Readers check it because nothing on the share is trusted,
 * writers before they write, so that nobody appends what nobody can read.
 */
final class EntryRules {
  /** Changes, conflicts and definitions together. */
  static final int MAX_LINES = 100_000;

  /** SQLite's own limit. */
  static final int MAX_COLUMNS = 32_767;

  static final int MAX_NAME = 500;
  static final int MAX_WORD = 1_000;

  private EntryRules() {}

  static void check(Author author, Draft draft) {
    lines((long) draft.definitions().size() + draft.changes().size() + draft.conflicts().size());
    word("user", author.user());
    word("workstation", author.workstation());
    word("replica", author.replica());
    draft.definitions().forEach(EntryRules::check);
    draft.conflicts().forEach(EntryRules::check);
    checkChanges(draft.changes());
  }

  private static void checkChanges(List<Change> changes) {
    String table = null;
    Columns columns = new Columns(List.of());
    for (Change change : changes) {
      if (!change.table().equals(table)) {
        table = table(change.table());
      }
      Row row = change.row();
      if (row != null && !row.columns().equals(columns)) {
        columns = row.columns();
        columns(columns.names());
      }
      change(change);
    }
  }

  static Change change(Change change) {
    if (change.key().size() == 0) {
      throw refused("a change without a key");
    }
    word("author", change.by());
    word("token", change.token());
    word("token", change.first());
    RowKey from = change.from();
    if (from != null && from.size() != change.key().size()) {
      throw refused("a record from a key of another kind");
    }
    for (String birth : change.parents().births()) {
      word("token", birth == null ? "" : birth);
    }
    return change;
  }

  static Definition check(Definition definition) {
    table(definition.table());
    if (!definition.isTable()) {
      name(definition.column());
    }
    columns(definition.columns());
    columns(definition.key());
    return definition;
  }

  static Conflict check(Conflict conflict) {
    table(conflict.table());
    word("conflict", conflict.id());
    word("kind of conflict", conflict.kind());
    word("workstation", conflict.workstation());
    word("token", conflict.localToken());
    if (!conflict.isWhole()) {
      throw refused("a conflict whose key or rows are no JSON of theirs");
    }
    return conflict;
  }

  static void lines(long number) {
    if (number > MAX_LINES) {
      throw refused("more than " + MAX_LINES + " lines");
    }
  }

  /** A table that may be synced: never one of SQLite's or of Tidemark's own. */
  static String table(String name) {
    name(name);
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith("sync_") || lower.startsWith("sqlite_")) {
      throw refused("the table " + name + ", which is never synced");
    }
    return name;
  }

  static List<String> columns(List<String> names) {
    if (names.size() > MAX_COLUMNS) {
      throw refused(names.size() + " columns");
    }
    names.forEach(EntryRules::name);
    if (names.stream().map(SqlName::folded).distinct().count() < names.size()) {
      throw refused("a column twice");
    }
    return names;
  }

  static List<List<String>> references(List<List<String>> references) {
    if (references.size() > MAX_COLUMNS) {
      throw refused(references.size() + " references");
    }
    references.forEach(reference -> reference.forEach(EntryRules::name));
    return List.copyOf(references);
  }

  private static void name(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME) {
      throw refused("a name of " + name.length() + " characters");
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw refused("a name with control characters");
    }
  }

  static String word(String what, String word) {
    if (word.length() > MAX_WORD) {
      throw refused("a " + what + " of " + word.length() + " characters");
    }
    return word;
  }

  static Failure refused(String what) {
    return new Failure(
        Failure.REFUSED,
        "an entry of the ledger may not hold " + what,
        "Find out who wrote it and with which version of Tidemark.");
  }

  static Failure newer(String what, long format) {
    return new Failure(
        Failure.REFUSED,
        what + " was written by a newer Tidemark (format " + format + ")",
        "Update Tidemark on this workstation.");
  }
}
