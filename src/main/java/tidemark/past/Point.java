package tidemark.past;

/**
 * A moment as somebody names it: by an entry's number, by time, or by a backup's name.
 *
 * @param text as it was typed
 * @param number of the entry, or milliseconds
 */
public record Point(Kind kind, String text, long number) {
  /** What it is named by. */
  public enum Kind {
    ENTRY,
    TIME,
    BACKUP
  }

  public static Point entry(long number) {
    return new Point(Kind.ENTRY, Long.toString(number), number);
  }

  public static Point time(String text, long millis) {
    return new Point(Kind.TIME, text, millis);
  }

  public static Point backup(String name) {
    return new Point(Kind.BACKUP, name, 0);
  }
}
