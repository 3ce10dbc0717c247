package tidemark.rest;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidemark.change.RowKey;
import tidemark.serve.RefusedException;
import tidemark.share.Pace;

/**
 * States that are held for those who read them in pages by offset: whatever others write, the pages
 * are of one state.
 *
 * <p>Threading: any; one page of a state at a time.
 */
final class Pins implements AutoCloseable {
  private static final int MOST = 32;
  private static final long IDLE_NANOS = 120_000_000_000L;

  private final Readers readers;
  private final Pace pace;
  private final Map<String, Pin> pins = new LinkedHashMap<>(16, 0.75f, true);

  Pins(Readers readers, Pace pace) {
    this.readers = readers;
    this.pace = pace;
  }

  /** A state, and how far its pages were read. */
  static final class Pin {
    private final Readers.Open open;
    private long used;
    private long offset;
    private @Nullable RowKey last;
    private boolean closed;

    long offset() {
      return offset;
    }

    @Nullable RowKey last() {
      return last;
    }

    /** Behind this row the next page begins. */
    void reached(long rows, @Nullable RowKey key) {
      offset = rows;
      last = key;
    }

    Pin(Readers.Open open) {
      this.open = open;
    }

    synchronized <T> T read(Page<T> page) {
      if (closed) {
        throw gone();
      }
      return page.of(this, open.view());
    }

    synchronized void close() {
      closed = true;
      open.close();
    }
  }

  /** What is read of a state. */
  interface Page<T> {
    T of(Pin pin, View view);
  }

  /** Reads a page of the state that was there when this was begun. */
  <T> T page(String who, boolean first, Page<T> page) {
    Pin pin = first ? begin(who) : find(who);
    if (pin == null) {
      throw gone();
    }
    return pin.read(page);
  }

  private static RefusedException gone() {
    return RefusedException.with(
        410, "the pages that were begun are not held any more", "Begin again with offset=0.");
  }

  private Pin begin(String who) {
    Readers.Open open = readers.open();
    Pin pin = new Pin(open);
    boolean begun = false;
    try {
      open.sql().execute("BEGIN");
      open.view().arrivals().last(); // from here on this is the state
      begun = true;
    } finally {
      if (!begun) {
        open.close();
      }
    }
    pin.used = pace.nanos();
    Pin old;
    Pin eldest = null;
    synchronized (pins) {
      old = pins.put(who, pin);
      if (pins.size() > MOST) {
        Iterator<Pin> all = pins.values().iterator();
        eldest = all.next();
        all.remove();
      }
    }
    close(old);
    close(eldest);
    return pin;
  }

  private @Nullable Pin find(String who) {
    synchronized (pins) {
      Pin pin = pins.get(who);
      if (pin != null) {
        pin.used = pace.nanos();
      }
      return pin;
    }
  }

  void end(String who) {
    Pin pin;
    synchronized (pins) {
      pin = pins.remove(who);
    }
    close(pin);
  }

  private static void close(@Nullable Pin pin) {
    if (pin != null) {
      pin.close();
    }
  }

  /** Lets go of what nobody goes on with. */
  void sweep() {
    Map<String, Pin> old = new LinkedHashMap<>();
    synchronized (pins) {
      pins.forEach(
          (who, pin) -> {
            if (pace.nanos() - pin.used > IDLE_NANOS) {
              old.put(who, pin);
            }
          });
      pins.keySet().removeAll(old.keySet());
    }
    old.values().forEach(Pin::close);
  }

  @Override
  public void close() {
    Map<String, Pin> all;
    synchronized (pins) {
      all = new LinkedHashMap<>(pins);
      pins.clear();
    }
    all.values().forEach(Pin::close);
  }
}
