package tidemark.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import tidemark.daemon.Daemon;
import tidemark.daemon.Database;

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

  protected final List<Database> databases(Daemon daemon) {
    return daemon.databases(names());
  }

  protected final List<String> names() {
    return names.isEmpty() && parent() instanceof DataCommand above ? above.names() : names;
  }

  /** `conflicts --json show ID` means the same as `conflicts show ID --json`. */
  protected final boolean json() {
    return json || (parent() instanceof DataCommand above && above.json());
  }
}
