package tidemark.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tidemark.change.Json;

/**
 * What happens in the daemon, told to whoever listens at that time.
 *
 * <p>Guarantee: nobody who listens badly can hold up the daemon: what he is too slow for he misses.
 * Threading: may be shared.
 */
public final class Events {
  private static final int BACKLOG = 1_000;

  /** Each of them keeps one of the endpoint's threads. */
  static final int LISTENERS = 32;

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /**
   * Something that happened.
   *
   * @param name as in `sync:start`
   * @param data a JSON object
   */
  public record Event(String name, String data) {}

  public void tell(String name, Map<String, ? extends @Nullable Object> data) {
    if (!listeners.isEmpty()) {
      Event event = new Event(name, Json.objectText(new LinkedHashMap<>(data)));
      listeners.forEach(listener -> listener.add(event));
    }
  }

  /** Empty where so many listen already that others might not be answered any more. */
  public Optional<Listener> listen() {
    Listener listener = new Listener();
    listeners.add(listener);
    if (listeners.size() > LISTENERS) {
      listener.close();
      return Optional.empty();
    }
    return Optional.of(listener);
  }

  /** One who listens, from when he began until he closes. */
  public final class Listener implements AutoCloseable {
    private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(BACKLOG);

    private Listener() {}

    /** The end of a run is worth more than its progress: who is too slow misses the oldest. */
    private void add(Event event) {
      while (!waiting.offer(event)) {
        waiting.poll();
      }
    }

    /** What happened since, after waiting for the first of it; empty: nothing in all that time. */
    public List<Event> next(long millis) throws InterruptedException {
      List<Event> events = new ArrayList<>();
      Event first = waiting.poll(millis, TimeUnit.MILLISECONDS);
      if (first != null) {
        events.add(first);
        waiting.drainTo(events);
      }
      return events;
    }

    @Override
    public void close() {
      listeners.remove(this);
    }
  }
}
