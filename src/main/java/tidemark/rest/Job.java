package tidemark.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one request wants written.
 *
 * <p>Threading: one at a time.
 */
final class Job {
  private final Client client;
  private final List<Edit> edits;
  private final @Nullable Once once;
  private final Consumer<List<Outcome>> told;
  private final List<Outcome> outcomes = new ArrayList<>();

  /**
   * Done once, however often it is asked for.
   *
   * @param request as the program calls it
   * @param asked another text for each other request
   */
  record Once(String request, String asked) {}

  /**
   * @param told is told what became of all its edits, in their order
   */
  Job(Client client, List<Edit> edits, @Nullable Once once, Consumer<List<Outcome>> told) {
    this.client = client;
    this.edits = List.copyOf(edits);
    this.once = once;
    this.told = told;
  }

  Client client() {
    return client;
  }

  @Nullable Once once() {
    return once;
  }

  int size() {
    return edits.size();
  }

  /** Of which nothing is known yet. */
  List<Edit> left() {
    return edits.subList(outcomes.size(), edits.size());
  }

  List<Outcome> outcomes() {
    return outcomes;
  }

  boolean isDone() {
    return outcomes.size() >= edits.size();
  }

  /** What a former request of the same came to. */
  void repeat(List<Outcome> former) {
    outcomes.clear();
    outcomes.addAll(former);
  }

  void add(Outcome outcome) {
    outcomes.add(outcome);
  }

  void tell() {
    told.accept(outcomes);
  }

  /** All that is left ends so. */
  void fail(Outcome outcome) {
    while (!isDone()) {
      outcomes.add(outcome);
    }
    tell();
  }
}
