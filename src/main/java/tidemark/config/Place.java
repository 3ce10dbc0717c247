package tidemark.config;

import java.nio.file.Path;

/** Where in which file something stands; lines count from 1. */
record Place(Path file, int line) {
  @Override
  public String toString() {
    return file + ":" + line;
  }
}
