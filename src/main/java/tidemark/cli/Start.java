package tidemark.cli;

import java.time.Clock;
import java.util.function.Supplier;
import tidemark.config.Surroundings;

/** What a command begins with: the machine it runs on, asked only when needed, and the clock. */
public record Start(Supplier<Surroundings> surroundings, Clock clock) {}
