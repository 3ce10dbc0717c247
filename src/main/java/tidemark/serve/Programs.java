package tidemark.serve;

import java.io.IOException;

/** Answers what no workstation asks: programs that are not Tidemark. */
public interface Programs extends AutoCloseable {
  /**
   * Begins to answer.
   *
   * @return false where it is answered later
   */
  boolean begin(Visit visit, Hall hall) throws IOException;

  /** What the server has for all who come. */
  record Hall(Guard guard, Tally tally, Waiting waiting) {}

  /** Who waits is answered. */
  @Override
  void close();

  /** There are none. */
  Programs NONE =
      new Programs() {
        @Override
        public boolean begin(Visit visit, Hall hall) {
          throw RefusedException.closed();
        }

        @Override
        public void close() {}
      };
}
