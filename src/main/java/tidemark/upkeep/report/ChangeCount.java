package tidemark.upkeep.report;

/** How many rows were made, changed and deleted. */
public record ChangeCount(long made, long changed, long deleted) {
  public static final ChangeCount NONE = new ChangeCount(0, 0, 0);

  public long all() {
    return made + changed + deleted;
  }

  ChangeCount plus(ChangeCount other) {
    return new ChangeCount(made + other.made, changed + other.changed, deleted + other.deleted);
  }
}
