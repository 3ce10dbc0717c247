package tidemark.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Option;
import tidemark.app.Database;
import tidemark.app.Workstation;
import tidemark.change.Json;
import tidemark.change.JsonObject;

/** A command about the data of all databases, or of those that `--db` names. */
abstract class DataCommand extends SettingsCommand {
  @Option(
      names = "--db",
      paramLabel = "NAME",
      description = "Only this database; may be given several times.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--json", description = "Tells it as JSON.")
  private boolean json;

  DataCommand(Start start) {
    super(start);
  }

  protected final List<Database> databases(Workstation workstation) {
    return workstation.databases(names());
  }

  protected final List<String> names() {
    return names.isEmpty() && parent() instanceof DataCommand above ? above.names() : names;
  }

  /** `conflicts --json show ID` means the same as `conflicts show ID --json`. */
  protected final boolean json() {
    return json || (parent() instanceof DataCommand above && above.json());
  }

  /**
   * Writes an array as its items are found: they may be many, and large. Where finding them fails
   * it stays open, so that nobody takes a part for the whole.
   */
  protected final <T> void printArray(Consumer<Consumer<T>> items, Function<T, JsonObject> told) {
    try (JsonGenerator json = Json.FACTORY.createGenerator(out())) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
      json.writeStartArray();
      items.accept(found -> write(json, told.apply(found)));
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out().println();
  }

  private static void write(JsonGenerator json, JsonObject found) {
    try {
      found.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
