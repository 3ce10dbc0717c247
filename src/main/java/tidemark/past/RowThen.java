package tidemark.past;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tidemark.catchup.EntryBrief;
import tidemark.catchup.KnownEntries;
import tidemark.change.Change;
import tidemark.change.ChangeTime;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.master.LedgerContent;
import tidemark.replica.Kinship;
import tidemark.replica.Remembered;
import tidemark.replica.Replica;
import tidemark.replica.SyncedTable;
import tidemark.settle.Family;
import tidemark.settle.Spelling;

/**
 * One row as it was, laid into what the ledger holds now: an entry carries whole rows, so where the
 * index tells by which one the row was changed last, the content of that time need not be made.
 *
 * <p>Guarantee: only where what comes of it is the same. A row that refers to a record which is not
 * there now, that has columns the table no longer has, or whose values others have now, is for the
 * content of that time to tell. Threading: one thread.
 */
final class RowThen {
  private final KnownEntries entries;
  private final long moment;
  private final RewindScope scope;
  private final String stamp;

  private RowThen(KnownEntries entries, long moment, RewindScope scope, long now) {
    this.entries = entries;
    this.moment = moment;
    this.scope = scope;
    this.stamp = ChangeTime.spaced(now);
  }

  /**
   * Empty where the content of that time has to be made.
   *
   * @param present makes what the ledger holds now
   */
  static Optional<LedgerContent.Made> make(
      Supplier<LedgerContent.Made> present,
      KnownEntries entries,
      long moment,
      RewindScope scope,
      long now) {
    if (scope.key() == null || entries.head() < moment || !entries.tells(moment)) {
      return Optional.empty();
    }
    LedgerContent.Made made = present.get();
    boolean done = false;
    try {
      done = new RowThen(entries, moment, scope, now).layInto(made.replica());
      return done ? Optional.of(made) : Optional.empty();
    } finally {
      if (!done) {
        made.close();
      }
    }
  }

  private record Version(SyncedTable table, RowKey key, @Nullable Row row) {}

  private boolean layInto(Replica now) {
    List<Version> versions = new ArrayList<>();
    for (SyncedTable table : now.everyTable().values()) {
      List<RowKey> keys =
          scope.includes(table.name())
              ? scope.keys().stream()
                  .filter(key -> key.size() == table.shape().key().size())
                  .toList()
              : List.of();
      if (keys.stream().filter(key -> table.row(key) != null).count() > 1) {
        return false; // what was typed means several rows
      }
      for (String word : keys.stream().map(EntryBrief::word).distinct().toList()) {
        if (entries.hasChange(table.name(), word)) {
          Version version = version(now, table, word);
          if (version == null) {
            return false;
          }
          versions.add(version);
        }
      }
    }
    return !versions.isEmpty()
        && now.applying(
            () -> {
              now.quiet();
              return versions.stream().allMatch(this::lay);
            });
  }

  private boolean lay(Version version) {
    if (version.row() == null) {
      version.table().delete(version.key());
      return true;
    }
    return version.table().put(version.row(), stamp) == null;
  }

  /** Null where it cannot be told. */
  private @Nullable Version version(Replica now, SyncedTable table, String word) {
    Change told = entries.changeUpTo(moment, table.name(), word);
    if (told == null || table.shape().key().size() != told.key().size()) {
      return null;
    }
    Row row = new Spelling(now).here(table.name(), told.row());
    boolean same =
        row == null
            || (table.shape().columnNames().containsAll(row.columns().names())
                && !isLater(table.shadow().get(told.key()))
                && refersAsNow(now, table, told, row));
    return same ? new Version(table, told.key(), row) : null;
  }

  /** Born after the moment, it is another record than the one that had this key then. */
  private boolean isLater(@Nullable Remembered known) {
    Long birth = known == null ? null : known.birth();
    return birth != null && birth > moment;
  }

  /** What it referred to is there, and still the same record. */
  private static boolean refersAsNow(Replica now, SyncedTable table, Change told, Row row) {
    for (Kinship kin : now.kinships()) {
      List<@Nullable Object> values = Family.valuesOf(row, kin.foreign().columns());
      if (kin.child().name().equals(table.name()) && !values.contains(null)) {
        String birth = told.parents().birth(kin.foreign().reference());
        String record = kin.parentOf(values).map(Kinship.Parent::record).orElse(null);
        if (birth == null || !Objects.equals(birth, record)) {
          return false;
        }
      }
    }
    return true;
  }
}
