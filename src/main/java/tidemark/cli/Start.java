package tidemark.cli;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tidemark.config.Surroundings;

/**
 * What a command begins with: the machine it runs on and who sits at it, asked only when needed,
 * and the clock.
 */
public record Start(
    Supplier<Surroundings> surroundings, Clock clock, Supplier<Optional<Person>> person) {
  public Start(Supplier<Surroundings> surroundings, Clock clock) {
    this(surroundings, clock, Terminal::person);
  }

  /** The version the jar was built as. */
  public String version() {
    @Nullable String built = Start.class.getPackage().getImplementationVersion();
    return built == null ? "(not built)" : built;
  }
}
