package tidemark.say;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tidemark.change.ConflictRule;
import tidemark.change.Direction;
import tidemark.change.Failure;
import tidemark.change.JsonObject;

/**
 * What somebody wants synced now.
 *
 * @param databases empty for all
 * @param tables empty for all
 * @param direction null for the config's
 * @param conflicts null for the config's
 */
public record SyncWish(
    Set<String> databases,
    Set<String> tables,
    @Nullable Direction direction,
    @Nullable ConflictRule conflicts) {
  private static final Set<String> KNOWN =
      Set.of("database", "databases", "tables", "direction", "conflicts");

  public static final SyncWish ALL = new SyncWish(Set.of(), Set.of(), null, null);

  /** All of these. */
  public static SyncWish of(Set<String> databases) {
    return new SyncWish(databases, Set.of(), null, null);
  }

  public String text() {
    return new JsonObject()
        .put("databases", List.copyOf(databases))
        .put("tables", List.copyOf(tables))
        .put("direction", word(direction))
        .put("conflicts", word(conflicts))
        .text();
  }

  private static @Nullable String word(@Nullable Enum<?> value) {
    return value == null ? null : value.name().toLowerCase(Locale.ROOT);
  }

  /** What is not understood is refused: a run with more than was asked for would be worse. */
  public static SyncWish read(String body) {
    Fields said = Fields.asked(body, KNOWN);
    Set<String> databases = texts(said, "databases");
    String one = text(said, "database");
    if (one != null) {
      databases.add(one);
    }
    String direction = text(said, "direction");
    String conflicts = text(said, "conflicts");
    return new SyncWish(
        databases,
        texts(said, "tables"),
        direction == null
            ? null
            : Direction.parse(direction)
                .orElseThrow(
                    () -> wrong("no direction: " + direction, "Accepted: push, pull, both.")),
        conflicts == null
            ? null
            : ConflictRule.parse(conflicts)
                .orElseThrow(
                    () ->
                        wrong(
                            "no rule: " + conflicts, "Accepted: newest, master, local, manual.")));
  }

  private static Set<String> texts(Fields said, String name) {
    Set<String> texts = new LinkedHashSet<>();
    for (Object text : said.list(name)) {
      texts.add(String.valueOf(text));
    }
    if (said.has(name) && !(said.value(name) instanceof List<?>)) {
      throw wrong("'" + name + "' is no list", "As in [\"quotes\"].");
    }
    return texts;
  }

  private static @Nullable String text(Fields said, String name) {
    if (said.has(name) && said.text(name) == null) {
      throw wrong("'" + name + "' is no text: " + said.value(name), "As in \"both\".");
    }
    return said.text(name);
  }

  private static Failure wrong(String what, String accepted) {
    return new Failure(Failure.USAGE, what, accepted);
  }
}
