package tidemark.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import tidemark.share.ShareFiles;
import tidemark.sync.DatabaseSync;
import tidemark.testing.Saboteur.Blow;
import tidemark.testing.Saboteur.Point;

/** One run of a scenario, broken at any of its points, against the same run unbroken. */
public final class Breaks {
  /** At all points, which takes minutes, instead of a sample: `-Dexhaustive=true`. */
  private static final boolean ALL = Boolean.getBoolean("exhaustive");

  private final Scenario scenario;
  private final Path folder;
  private final Map<Afterwards, End> unbroken = new EnumMap<>(Afterwards.class);

  public Breaks(Scenario scenario, Path folder) {
    this.scenario = scenario;
    this.folder = folder;
  }

  /** What a story comes to. */
  private record End(List<String> rows, List<String> conflicts) {}

  /** All points of an unbroken run where such a blow can strike. */
  public List<Integer> points(Blow blow) {
    Saboteur counting = Saboteur.counting();
    Story.begin(scenario, folder.resolve("count")).run(counting);
    List<Point> points = counting.trace();
    List<Integer> fitting = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      if (blow.fits(points.get(i))) {
        fitting.add(i);
      }
    }
    return fitting;
  }

  /** At every point, or at every so many. */
  public void everywhere(Blow blow, int sample) {
    List<Integer> points = points(blow);
    int step = ALL ? 1 : Math.min(sample, points.size());
    SoftAssertions each = new SoftAssertions();
    for (int i = blow.ordinal() % step; i < points.size(); i += step) {
      int point = points.get(i);
      Afterwards afterwards = Afterwards.next(i);
      each.check(() -> at(blow, point, afterwards));
    }
    each.assertAll();
  }

  /** Strikes, heals, edits, and runs again. */
  public void at(Blow blow, int point, Afterwards afterwards) {
    Story broken = Story.begin(scenario, folder.resolve("broken"));
    try {
      DatabaseSync.@Nullable Outcome outcome = broken.run(Saboteur.at(blow, point));
      if (outcome != null) {
        Story.assertDefined(outcome);
      }
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(scenario + ", " + blow + " at " + point + ": " + e.getMessage(), e);
    }
    check(broken, blow + " at " + point, afterwards);
  }

  /** The calls to the system of an unbroken run that touch the master: how many of each name. */
  private Map<String, Integer> calls(String names) throws IOException {
    Story story = Story.begin(scenario, folder.resolve("count"));
    Path trace = folder.resolve("trace.txt");
    try (Strace watching = Strace.watching(names, story.masterFiles(), trace)) {
      story.run(ShareFiles.Tap.NONE);
    }
    Map<String, Integer> calls = new TreeMap<>();
    Strace.calls(trace).forEach(call -> calls.merge(call, 1, Integer::sum));
    assertThat(calls).isNotEmpty();
    return calls;
  }

  /**
   * At every call of these names for the master, or at every so many: `error=EIO`.
   *
   * @param onward whether all calls of that name fail from there on
   */
  public void injectEverywhere(String names, String how, boolean onward, int every, int sample)
      throws IOException {
    int step = ALL ? every : sample;
    SoftAssertions each = new SoftAssertions();
    for (Map.Entry<String, Integer> call : calls(names).entrySet()) {
      for (int n = 1; n <= call.getValue(); n += step) {
        String injection = call.getKey() + ":" + how + ":when=" + n + (onward ? "+" : "");
        Afterwards afterwards = Afterwards.next(n);
        each.check(() -> inject(injection, afterwards));
      }
    }
    each.assertAll();
  }

  /** Kills a process at calls of these names for the master, heals, edits, and runs again. */
  public void killEverywhere(String names, int every, int sample) throws Exception {
    int step = ALL ? every : sample;
    for (Map.Entry<String, Integer> call : calls(names).entrySet()) {
      for (int n = 1; n <= call.getValue(); n += step) {
        String injection = call.getKey() + ":signal=KILL:when=" + n;
        Story broken = Story.begin(scenario, folder.resolve("killed"));
        boolean died = Mortal.syncKilledAt(injection, broken.masterFiles(), broken.home(), "anna");
        assertThat(died).as(injection).isTrue();
        check(broken, injection, Afterwards.next(n));
      }
    }
  }

  /** Fails SQLite at calls for the master, heals, edits, and runs again. */
  private void inject(String injection, Afterwards afterwards) throws IOException {
    Story broken = Story.begin(scenario, folder.resolve("broken"));
    try (Strace breaking = Strace.breaking(injection, broken.masterFiles())) {
      DatabaseSync.@Nullable Outcome outcome = broken.run(ShareFiles.Tap.NONE);
      if (outcome != null) {
        Story.assertDefined(outcome);
      }
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(scenario + ", " + injection + ": " + e.getMessage(), e);
    }
    check(broken, injection, afterwards);
  }

  /** What was broken and healed again ends like what never was. */
  public void check(Story broken, String blow, Afterwards afterwards) {
    String what = scenario + ", " + blow + ", then " + afterwards;
    try {
      broken.anna().edit(afterwards.edits());
      broken.arriveLate();
      broken.comeToRest();
      broken.everybodyKnows();
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    }
    End expected = unbroken.computeIfAbsent(afterwards, this::unbroken);
    assertThat(broken.rows()).as(what).isEqualTo(expected.rows);
    assertThat(broken.conflicts(afterwards))
        .as("conflicts of " + what)
        .isEqualTo(expected.conflicts);
  }

  private End unbroken(Afterwards afterwards) {
    Story story = Story.begin(scenario, folder.resolve("unbroken"));
    story.run(ShareFiles.Tap.NONE);
    story.anna().edit(afterwards.edits());
    story.comeToRest();
    return new End(story.rows(), story.conflicts(afterwards));
  }
}
