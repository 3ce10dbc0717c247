package tidemark.ledger.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.change.Failure;
import tidemark.change.Json;
import tidemark.ledger.folder.LeaseFolder.Look;
import tidemark.share.Pace;

/**
 * For how long the beat of a lease has stood still before the eyes of this workstation. What one of
 * its processes saw is remembered in a file for the next.
 *
 * <p>Guarantee: never more than truly went by. Within a process the time that never jumps tells.
 * From one process to the next it is the lesser of two: that time, which a system counts from its
 * start, so that after another start too little of it went by; and the wall clock, which may have
 * been set. Between two looks half of the timeout counts at most, as either machine may have been
 * asleep. Threading: its lease's.
 */
final class Silence {
  private static final Logger LOG = LoggerFactory.getLogger(Silence.class);
  private static final long LIMIT = 4 << 10;

  private final @Nullable Path memory;
  private final String machine;
  private final Pace pace;
  private final Clock clock;
  private final long mostBetween;
  private @Nullable Seen last;
  private long silent;

  /**
   * @param memory where it is remembered; null: it is not
   * @param machine what other machines saw does not count
   */
  Silence(@Nullable Path memory, String machine, Pace pace, Clock clock, Duration timeout) {
    this.memory = memory;
    this.machine = machine;
    this.pace = pace;
    this.clock = clock;
    this.mostBetween = timeout.toNanos() / 2;
  }

  /**
   * @param at in the time that never jumps
   */
  private record Seen(String nonce, String beat, long at, long silent) {
    boolean isStill(Look look) {
      return nonce.equals(look.nonce()) && beat.equals(look.beat());
    }
  }

  /** The lease was looked at once more. */
  void saw(Look look) {
    long now = pace.nanos();
    Seen former = last == null ? remembered(now) : last;
    silent =
        former == null || !former.isStill(look)
            ? 0
            : former.silent() + Math.min(Math.max(0, now - former.at()), mostBetween);
    last = new Seen(look.nonce(), look.beat(), now, silent);
    remember(last);
  }

  /** It is free, or has another owner now. */
  void ended() {
    last = null;
    silent = 0;
  }

  long nanos() {
    return silent;
  }

  private @Nullable Seen remembered(long now) {
    if (memory == null) {
      return null;
    }
    Map<String, @Nullable Object> fields;
    try {
      fields =
          Files.size(memory) > LIMIT
              ? Map.of()
              : Json.object(Files.readString(memory, StandardCharsets.UTF_8));
    } catch (IOException | Failure e) {
      return null; // nothing was seen yet
    }
    if (fields.get("nonce") instanceof String nonce
        && fields.get("beat") instanceof String beat
        && fields.get("nanos") instanceof Long nanos
        && fields.get("clock") instanceof Long wall
        && fields.get("silent") instanceof Long before
        && machine.equals(fields.get("machine"))) {
      long byTheClock = (clock.millis() - wall) * 1_000_000;
      long between = Math.max(0, Math.min(now - nanos, byTheClock));
      return new Seen(nonce, beat, now - between, Math.max(0, before));
    }
    return null;
  }

  private void remember(Seen seen) {
    if (memory == null) {
      return;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("nonce", seen.nonce());
    fields.put("beat", seen.beat());
    fields.put("nanos", seen.at());
    fields.put("clock", clock.millis());
    fields.put("silent", seen.silent());
    fields.put("machine", machine);
    Path aside = memory.resolveSibling(memory.getFileName() + ".part");
    try {
      Files.createDirectories(memory.resolveSibling(""));
      Files.writeString(aside, Json.objectText(fields));
      Files.move(aside, memory, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.debug("the next process will not know what this one saw of a lease", e);
    }
  }
}
