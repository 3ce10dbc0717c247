package tidemark.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import tidemark.change.Failure;

/**
 * Notices that a config has changed: any file of any layer, also one that comes or goes.
 *
 * <p>A change takes effect once two looks in a row saw the same, so that a file half saved does no
 * harm. What is wrong is told once, and what held before goes on to hold until it is right again.
 * Threading: may be shared; it has no thread and no timer of its own, and never waits for the share
 * (see {@link FleetLook}).
 */
public final class SettingsWatcher {
  private final SettingsFile file;
  private final FleetLook share;
  private final Map<Path, Known> known = new HashMap<>();
  private SettingsInForce inForce;
  private Optional<Path> fleet;
  private Map<Path, Content> settled = Map.of();
  private Map<Path, Content> seen = Map.of();
  private Optional<Failure> trouble = Optional.empty();

  /** What a look found. */
  public sealed interface Look {
    /** Nothing new. */
    record Unchanged() implements Look {}

    /**
     * These hold from now on. They equal those before where a config that was wrong became what it
     * had been.
     */
    record Changed(SettingsInForce inForce) implements Look {}

    /** What is written now does not hold; what held before does. */
    record Wrong(Failure problem) implements Look {}
  }

  /** What a file said, or why it said nothing. */
  private record Content(byte[] bytes, String absence) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Content content
          && absence.equals(content.absence)
          && Arrays.equals(bytes, content.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  /** A file's content, and by what one sees that it is still the same. */
  private record Known(List<Object> signs, Content content) {}

  /**
   * @param inForce as read at the start, from the same file
   * @param elsewhere where a share may be asked, which may hang: not on the thread that checks
   */
  public SettingsWatcher(SettingsFile file, SettingsInForce inForce, Executor elsewhere) {
    this.file = file;
    this.inForce = inForce;
    this.share = new FleetLook(elsewhere);
    List<Path> others = new ArrayList<>(inForce.files());
    others.removeAll(file.candidates());
    this.fleet = others.stream().findFirst();
  }

  /** On threads of its own, none of which keeps the program from ending. */
  public SettingsWatcher(SettingsFile file, SettingsInForce inForce) {
    this(
        file,
        inForce,
        work -> {
          Thread thread = new Thread(work, "fleet-config");
          thread.setDaemon(true);
          thread.start();
        });
  }

  /** What holds now. */
  public synchronized SettingsInForce inForce() {
    return inForce;
  }

  /** Why what is written now does not hold; empty if it does. */
  public synchronized Optional<Failure> trouble() {
    return trouble;
  }

  /** To be called every few seconds. */
  public synchronized Look check() {
    fleet.ifPresent(share::look);
    Map<Path, Content> now = contents(!seen.equals(settled));
    boolean stable = now.equals(seen);
    seen = now;
    return now.equals(settled) || !stable ? new Look.Unchanged() : take(now);
  }

  /** Takes what is there without a second look: for whoever knows that it was saved as a whole. */
  public synchronized Look takeUp() {
    seen = contents(true);
    return seen.equals(settled) ? new Look.Unchanged() : take(seen);
  }

  private Look take(Map<Path, Content> now) {
    Optional<Failure> wrong = Optional.empty();
    SettingsInForce fresh = inForce;
    Optional<Path> before = fleet;
    fleet = Optional.empty();
    try {
      fresh = file.read(this::included);
    } catch (FleetLook.NotYet soon) {
      return new Look.Unchanged();
    } catch (Failure failure) {
      wrong = Optional.of(failure);
      fleet = fleet.or(() -> before); // it did not get that far
    }
    if (!contents(true).equals(now)) {
      return new Look.Unchanged(); // it changed while it was read, and is looked at again
    }
    settled = now;
    boolean mended = trouble.isPresent();
    trouble = wrong;
    if (wrong.isPresent()) {
      return new Look.Wrong(wrong.get());
    }
    boolean same = fresh.settings().equals(inForce.settings());
    inForce = fresh;
    return same && !mended ? new Look.Unchanged() : new Look.Changed(fresh);
  }

  private IncludedFile.Content included(IncludedFile included) {
    fleet = Optional.of(included.source());
    return share.content(included);
  }

  /**
   * @param thoroughly without trusting size and time
   */
  private Map<Path, Content> contents(boolean thoroughly) {
    Map<Path, Content> contents = new HashMap<>();
    for (Path candidate : file.candidates()) {
      contents.put(candidate, content(candidate, thoroughly));
    }
    fleet.ifPresent(
        included ->
            contents.put(
                included,
                share
                    .latest(included)
                    .map(bytes -> new Content(bytes, ""))
                    .orElse(new Content(new byte[0], "away"))));
    return contents;
  }

  private Content content(Path path, boolean thoroughly) {
    List<Object> signs;
    try {
      BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
      signs =
          Arrays.asList(
              found.lastModifiedTime(), found.size(), found.isRegularFile(), found.fileKey());
    } catch (NoSuchFileException gone) {
      return new Content(new byte[0], "not there");
    } catch (IOException unreadable) {
      return new Content(new byte[0], "unreadable");
    }
    Known before = known.get(path);
    if (before == null || thoroughly || !before.signs().equals(signs)) {
      before = new Known(signs, read(path));
      known.put(path, before);
    }
    return before.content();
  }

  private static Content read(Path path) {
    try {
      return new Content(Files.readAllBytes(path), "");
    } catch (IOException unreadable) {
      return new Content(new byte[0], "unreadable");
    }
  }
}
