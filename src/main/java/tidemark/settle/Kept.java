package tidemark.settle;

import tidemark.change.RowId;

/**
 * Rows that are not synced hang on what would have to go, which was found out after others had
 * taken its place. All is done again without what came in for this row.
 */
final class Kept extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient RowId id;

  Kept(RowId id, String keeper) {
    super(keeper);
    this.id = id;
  }

  RowId id() {
    return id;
  }

  String keeper() {
    return String.valueOf(getMessage());
  }
}
