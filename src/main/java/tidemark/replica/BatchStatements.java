package tidemark.replica;

import java.util.List;
import java.util.function.ObjIntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Statements that serve many rows at once. They come in powers of two, so that a few of them, which
 * are kept prepared, serve any number of rows.
 */
final class BatchStatements {
  private static final int MOST = 512;

  private BatchStatements() {}

  /** Hands over part after part, each with the number of its rows. */
  static <T> void each(List<T> all, ObjIntConsumer<List<T>> consumer) {
    int from = 0;
    while (from < all.size()) {
      int count = Math.min(MOST, Integer.highestOneBit(all.size() - from));
      consumer.accept(all.subList(from, from + count), count);
      from += count;
    }
  }

  /** A table v of so many rows, to be bound: column1, column2 and so on. */
  static String values(int rows, int width) {
    String row = IntStream.range(0, width).mapToObj(i -> "?").collect(Collectors.joining(","));
    return IntStream.range(0, rows)
        .mapToObj(i -> "(" + row + ")")
        .collect(Collectors.joining(",", "(VALUES ", ") AS v"));
  }

  /** What column of v stands for each part of a key, the first of them in this one. */
  static List<String> columns(int from, int count) {
    return IntStream.range(from, from + count).mapToObj(i -> "v.column" + i).toList();
  }
}
