package tidemark.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * The shortest part of a history that still goes wrong in the same way: fewer steps from its end,
 * then fewer among them. Histories with {@link Mishaps.Kind#FAMILIES} alone can be cut, since only
 * there a step is the same whatever came before it.
 */
public final class Shrinking {
  private final Path folder;
  private final long seed;
  private final Set<Mishaps.Kind> mishaps;

  /**
   * @param folder is emptied again and again
   */
  public Shrinking(Path folder, long seed, Set<Mishaps.Kind> mishaps) {
    this.folder = folder;
    this.seed = seed;
    this.mishaps = mishaps;
  }

  /**
   * What came of a history.
   *
   * @param fault how it went wrong; null if it went well
   */
  public record Outcome(
      int steps, Set<Integer> skipped, @Nullable Throwable fault, String story, int runs) {
    /** As they are given to the test that runs it again. */
    public String options() {
      return "-Dsteps="
          + steps
          + (skipped.isEmpty()
              ? ""
              : " -Dskip="
                  + skipped.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }

    /** What went wrong, whichever rows it was. */
    private String sort() {
      return String.valueOf(fault == null ? null : fault.getMessage())
          .replaceAll("(?s)[:;].*", "")
          .replaceAll("\\d+", "");
    }
  }

  public Outcome run(int steps, Set<Integer> skipped) {
    History history = new History(folder, seed, mishaps, skipped);
    try {
      history.live(steps).comeToRest().check();
      return new Outcome(steps, skipped, null, history.story(), history.runs());
    } catch (RuntimeException | Error e) {
      return new Outcome(steps, skipped, e, history.story(), history.runs());
    } finally {
      empty();
    }
  }

  public Outcome shrink(Outcome broken) {
    if (!mishaps.contains(Mishaps.Kind.FAMILIES)) {
      return broken;
    }
    Outcome shortest = prefix(broken);
    List<Integer> left =
        IntStream.rangeClosed(1, shortest.steps())
            .filter(step -> !broken.skipped().contains(step))
            .boxed()
            .collect(Collectors.toCollection(ArrayList::new));
    for (int chunk = Math.max(1, left.size() / 2); chunk > 0; chunk /= 2) {
      for (int from = left.size() - chunk; from > -chunk; from -= chunk) {
        List<Integer> out = List.copyOf(left.subList(Math.max(0, from), from + chunk));
        Set<Integer> skipped = new TreeSet<>(shortest.skipped());
        skipped.addAll(out);
        Outcome shorter = run(shortest.steps(), skipped);
        if (shorter.sort().equals(broken.sort())) {
          shortest = shorter;
          left.removeAll(out);
        }
      }
    }
    return shortest;
  }

  private Outcome prefix(Outcome broken) {
    Outcome shortest = broken;
    int well = 0;
    while (shortest.steps() - well > 1) {
      int middle = (well + shortest.steps()) / 2;
      Outcome shorter = run(middle, broken.skipped());
      if (shorter.sort().equals(broken.sort())) {
        shortest = shorter;
      } else {
        well = middle;
      }
    }
    return shortest;
  }

  private void empty() {
    try {
      FileUtils.deleteDirectory(folder.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
