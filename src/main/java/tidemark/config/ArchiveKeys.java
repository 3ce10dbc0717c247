package tidemark.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The keys by which old rows move out by themselves. */
final class ArchiveKeys {
  static final String SECTION = "archive";

  static final Key<String> TABLE =
      Key.optional(
          "archive.*.table",
          ValueType.text(),
          "old_quotes: { table: quotes, database: server, olderThan: 2y, to:"
              + " 'D:\\Archive\\quotes.db' }",
          "a name of your choice; once a week in the maintenance window");
  static final Key<Duration> OLDER_THAN =
      Key.optional(
          "archive.*.olderThan",
          ValueType.duration("1d", "100y"),
          "old_items: { table: items, database: server, olderThan: 5y, to: 'D:\\Archive\\items.db'"
              + " }",
          "another one");
  static final Key<Path> TO =
      Key.optional(
          "archive.*.to",
          ValueType.path(),
          "old_notes: { table: notes, database: server, olderThan: 5y, to: 'D:\\Archive\\n"
              + "otes.sql' }",
          "as SQL");
  static final Key<String> DATE_COLUMN =
      Key.optional(
          "archive.*.dateColumn",
          ValueType.text(),
          "old_calls: { table: calls, database: server, olderThan: 1y, to: 'D:\\Archive\\calls.db',"
              + " dateColumn: called_at }",
          "default: created_at, or else updated_at");
  static final Key<String> DATABASE =
      Key.optional(
          "archive.*.database",
          ValueType.text(),
          "old_visits: { table: visits, database: server, olderThan: 1y, to:"
              + " 'D:\\Archive\\visits.db' }",
          "the database may be left out where there is but one");

  /** In the order of the file. */
  static final List<Key<?>> ALL = List.of(TABLE, OLDER_THAN, TO, DATE_COLUMN, DATABASE);

  private ArchiveKeys() {}
}
