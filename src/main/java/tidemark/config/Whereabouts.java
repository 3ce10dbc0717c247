package tidemark.config;

import java.nio.file.Path;

/** Where in which file something stands; lines count from 1, 0 is none in particular. */
record Whereabouts(Path file, int line) {
  @Override
  public String toString() {
    return line == 0 ? file.toString() : file + ":" + line;
  }
}
