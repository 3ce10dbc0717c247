package tidemark.past;

/** What becomes of a row. */
public enum Fate {
  COMES_BACK,
  GOES,
  CHANGES
}
