package tidemark.rest;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.ChangeTime;
import tidemark.change.Row;
import tidemark.change.RowKey;
import tidemark.change.Values;
import tidemark.replica.Remembered;
import tidemark.replica.SyncColumns;
import tidemark.settle.Births;

/**
 * What a program knows of the rows it edits, as far as it was given them or wrote them itself.
 *
 * <p>Threading: as its view.
 */
final class Knowledge {
  private final View view;
  private final Client client;
  private final Given given;
  private final long now;

  Knowledge(View view, Client client, Given given, long now) {
    this.view = view;
    this.client = client;
    this.given = given;
    this.now = now;
  }

  /** When the edit was made: by a time that the program gives it, else now. */
  long madeAt(Map<String, @Nullable Object> sent, @Nullable Row here) {
    Object stamp = sent.get(SyncColumns.UPDATED_AT);
    boolean own =
        stamp != null && (here == null || !Values.same(stamp, here.get(SyncColumns.UPDATED_AT)));
    Long at = own ? ChangeTime.read(stamp) : null;
    return at == null ? now : Math.min(at, now);
  }

  /**
   * Whether it has seen the row as it is, so that it knew what it was changing.
   *
   * @param here the row; null where there is none
   */
  boolean isOf(
      TableView table,
      Edit edit,
      RowKey key,
      @Nullable Row here,
      Map<String, @Nullable Object> sent,
      @Nullable Remembered remembered) {
    if (edit.version() != null || (here == null && remembered == null)) {
      return true;
    }
    long arrived = view.arrivals().numberOf(table.table(), key);
    if (given.isOwn(client.who(), table.name(), key, arrived)) {
      return true;
    }
    Given.Answer last = given.last(client.who(), table.name()).orElse(null);
    if (last != null) {
      return arrived <= last.upTo();
    }
    boolean older = remembered != null && madeAt(sent, here) < remembered.at();
    return !edit.kept()
        && !older; // who never reads means what is there, unless it tells everything
  }

  /**
   * Whether the row that is here, which it has not seen as it is, is another one than it means:
   * both were made under one number, by two who did not know of each other.
   */
  boolean isOfAnother(
      TableView table,
      Edit edit,
      RowKey sentKey,
      Row sent,
      Row here,
      @Nullable Remembered remembered) {
    if (!table.table().shape().autoKey()
        || given.written(client.who(), table.name(), sentKey).isPresent()
        || Births.atOneTime(sent, here)) {
      return false;
    }
    Given.Answer last = given.last(client.who(), table.name()).orElse(null);
    return last == null ? edit.kept() : isBornAfter(table, remembered, last.upTo());
  }

  private boolean isBornAfter(TableView table, @Nullable Remembered remembered, long arrival) {
    Long birth = remembered == null ? null : remembered.birth();
    return birth == null || birth > view.arrivals().lastEntryUpTo(table.table(), arrival);
  }
}
