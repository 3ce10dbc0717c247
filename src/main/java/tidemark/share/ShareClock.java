package tidemark.share;

/** What a share's clock says. */
public final class ShareClock {
  /** 2020-01-01: no Tidemark ran before. */
  private static final long EARLIEST = 1_577_836_800_000L;

  private ShareClock() {}

  /** A server whose battery is empty begins with 1970, or with the year it was made. */
  public static boolean wasSet(long time) {
    return time >= EARLIEST;
  }
}
